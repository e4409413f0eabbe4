"""How likely two orders are of one matter."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.matters import FEATURES, Evidence, features_of, same_matter

SHARES = st.floats(0, 1)


def evidence(**values: float) -> Evidence:
    given = dict.fromkeys(Evidence._fields, 0.0) | values
    return Evidence(
        **{n: np.array([v], dtype=bool if n in ("unit", "caller") else np.float64) for n, v in given.items()}
    )


EVIDENCE = st.fixed_dictionaries(
    {name: st.booleans().map(float) if name in ("unit", "caller") else SHARES for name in Evidence._fields}
)


@given(EVIDENCE, st.booleans())
def test_whatever_speaks_for_one_matter_makes_it_likelier(values: dict[str, float], more: bool) -> None:
    here = same_matter(evidence(**values), carries_more=more)[0]
    assert 0 < here < 1
    for name in values:
        assert same_matter(evidence(**values | {name: 1.0}), carries_more=more)[0] >= here - 1e-12


def test_a_caller_and_a_place_count_with_what_is_said_of_them() -> None:
    def likely(**values: float) -> float:
        return float(same_matter(evidence(**values), carries_more=True)[0])

    assert likely(caller=1.0) == likely()  # who calls about two subjects has two matters
    assert likely(caller=1.0, subject=0.8, told=0.1) > 3 * likely(subject=0.8, told=0.1)
    assert likely(place=1.0, problem=0.8) > likely(place=1.0, problem=0.1)
    assert likely(unit=1.0) < 0.01


def test_features_are_named() -> None:
    assert features_of(evidence(), carries_more=False).shape == (1, len(FEATURES))
