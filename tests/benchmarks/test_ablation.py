import importlib

import pytest

ablation = pytest.importorskip("peers.ablation")
subjects = importlib.import_module("hotspot.detection.subjects")


def test_what_is_set_aside_comes_back() -> None:
    before = subjects.UNIT_WEIGHT
    with pytest.raises(ZeroDivisionError), ablation._set_aside({"hotspot.detection.subjects.UNIT_WEIGHT": 0.0}):
        assert subjects.UNIT_WEIGHT == 0.0
        raise ZeroDivisionError
    assert before == subjects.UNIT_WEIGHT != 0.0


def test_a_function_is_set_aside_wherever_it_was_imported() -> None:
    comparison = importlib.import_module("hotspot.detection.comparison")
    before = comparison.learn_lexicon
    with ablation._set_aside({"hotspot.detection.similarity.learn_lexicon": lambda old: lambda *given: "stand-in"}):
        assert comparison.learn_lexicon([], list) == "stand-in"
    assert comparison.learn_lexicon is before


def test_a_name_that_is_gone_is_an_error() -> None:
    with (
        pytest.raises(LookupError, match="no longer there"),
        ablation._set_aside({"hotspot.detection.subjects.NO_SUCH": 0}),
    ):
        pass


def test_every_ablation_takes_away_something_that_is_there() -> None:
    systems = ablation.ablations()
    assert len({system.name for system in systems}) == len(systems)
    for system in systems:
        for path in system.knobs:
            home, name = ablation._find(path)
            assert hasattr(home, name)
