"""Before and after: hotspots known again, new and gone ones told apart, from two results and from a registry."""

import pytest

import hotspot
from hotspot.errors import PlotError
from hotspot.plot import compare, compare_topics

from .test_pictures import png, words


@pytest.fixture(scope="module")
def halves(wengyuan: hotspot.DetectionResult) -> tuple[hotspot.DetectionResult, hotspot.DetectionResult]:
    """Every other order, so that the same hotspots are in both."""
    return hotspot.detect(wengyuan.orders.iloc[::2]), hotspot.detect(wengyuan.orders.iloc[1::2])


def drawn_counts(picture) -> list[tuple[int, int]]:
    """Return the positions of the hollow and the full dot of each row."""
    dots = [line for line in picture.axes[0].lines if line.get_marker() == "o"]
    return [(int(a.get_xdata()[0]), int(b.get_xdata()[0])) for a, b in zip(dots[::2], dots[1::2], strict=True)]


def test_halves_have_their_hotspots_in_common(halves) -> None:
    picture = compare(*halves, names=("单日", "双日"))
    assert "单日到双日" in words(picture)
    pairs = drawn_counts(picture)
    assert sum(before > 0 and after > 0 for before, after in pairs) >= 4
    # A topic may have more than one hotspot in a half: its dots stand at their sum.
    for side, half in enumerate(halves):
        drawn = [pair[side] for pair in pairs]
        assert sum(drawn) <= half.hotspots["orders"].sum()
        assert set(half.hotspots["orders"]) & set(drawn)
    assert all(name in words(picture) for name in ("持续", f"单日共 {len(halves[0].orders)} 件"))
    assert png(picture) == png(compare(*halves, names=("单日", "双日")))


def test_months_with_nothing_in_common(wengyuan, yunze) -> None:
    picture = compare(wengyuan, yunze)
    assert "2022年6月到2023-10-28至11-30" in words(picture)
    assert all(word in words(picture) for word in ("新出现", "回落"))
    assert compare(wengyuan, yunze, interactive=True).data


def test_the_busiest_only(wengyuan, yunze) -> None:
    picture = compare(wengyuan, yunze, most=6)
    assert len(drawn_counts(picture)) == 6
    assert "未列" in words(picture)


def test_no_hotspot_in_either_month(tiny) -> None:
    with pytest.raises(PlotError, match="无从比较"):
        compare(tiny, tiny)


def test_one_month_without_hotspots(tiny, yunze) -> None:
    assert all(before == 0 for before, _ in drawn_counts(compare(tiny, yunze)))


def test_topics_of_a_registry(halves, tmp_path) -> None:
    registry = hotspot.Registry(tmp_path)
    with pytest.raises(PlotError, match="无从比较"):
        compare_topics(registry)
    registry.record(halves[0], "2022-05")
    with pytest.raises(PlotError, match="已登记：2022-05"):
        compare_topics(registry)
    registry.record(halves[1], "2022-06")
    topic = registry.hotspots("2022-06")["topic"][0]
    registry.name(topic, "汛期水毁")
    picture = compare_topics(registry, "2022-06")
    assert "汛期水毁" in words(picture)
    assert "2022-05到2022-06" in words(picture)
    assert "汛期水毁" in str(compare_topics(registry, interactive=True).layout.yaxis.ticktext)
