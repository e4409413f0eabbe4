"""A systematic sample stands for the whole: it spans it, in even steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspot.sampling import systematic_sample


@given(st.integers(0, 300), st.integers(2, 40))
def test_a_sample_spans_the_whole_in_even_steps(count: int, size: int) -> None:
    places = systematic_sample(count, size)
    assert len(places) == min(count, size)
    if count > 1:
        steps = np.diff(places)
        assert (places[0], places[-1]) == (0, count - 1)
        assert steps.min() >= 1 and steps.max() - steps.min() <= 1
