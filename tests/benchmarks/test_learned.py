"""What the library learned, learned again without a month."""

import numpy as np
import pytest

from hotspot.detection import matters, membership
from peers.learned import used


def test_what_is_packaged_is_set_aside_and_put_back() -> None:
    packaged = membership.packaged()
    slopes = [0.5] * len(membership.FEATURES)
    with pytest.raises(RuntimeError), used({"membership": (1.0, slopes)}):
        assert membership.packaged().constant == 1.0
        assert membership.packaged().slopes.tolist() == slopes
        assert matters.packaged().constant != 1.0
        raise RuntimeError
    assert membership.packaged().constant == packaged.constant
    assert np.array_equal(membership.packaged().slopes, packaged.slopes)
