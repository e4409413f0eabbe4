"""What the month's figures ask for, and what they do not."""

import pytest

from hotspot.report.month import prepare_month
from hotspot.report.suggestions import suggestions
from hotspot.settings import Settings

from .conftest import make_orders


@pytest.mark.parametrize(("elsewhere", "said"), [(4, False), (0, True)])
def test_the_dissatisfied_are_concentrated_only_where_they_are_more_than_the_hotspot_s_share(
    elsewhere: int, said: bool
) -> None:
    """Half of the orders are of the hotspot: half of the dissatisfied is no concentration."""
    rows: list[dict[str, object]] = [{"satisfaction": "不满意" if i < 4 else "满意"} for i in range(10)]
    rows += [{"satisfaction": "不满意" if i < elsewhere else "满意"} for i in range(10)]
    month = prepare_month(make_orders(rows), "2023-03", Settings())
    month.cases["hotspot"] = ["H1"] * 10 + [""] * 10
    month.cases["urgent"] = month.cases["speed"] = ""
    month.cases["in_hotspot"] = ["是"] * 10 + ["否"] * 10
    told = "".join(s.text for s in suggestions(month, None))
    assert ("件集中在" in told) is said


def test_one_more_than_its_share_is_no_concentration() -> None:
    """Four of forty dissatisfied in a hotspot that holds a thirteenth of the orders: three are to be expected."""
    rows: list[dict[str, object]] = [{"satisfaction": "不满意" if i < 4 else "满意"} for i in range(27)]
    rows += [{"satisfaction": "不满意" if i < 36 else "满意"} for i in range(337)]
    month = prepare_month(make_orders(rows), "2023-03", Settings())
    month.cases["hotspot"] = ["H1"] * 27 + [""] * 337
    month.cases["urgent"] = month.cases["speed"] = ""
    month.cases["in_hotspot"] = ["是"] * 27 + ["否"] * 337
    assert "集中在" not in "".join(s.text for s in suggestions(month, None))
