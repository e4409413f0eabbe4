"""The words for emergencies: clauses, the kind of emergency that a clause names, and what replies say when it is over.

``emergency.toml`` has for each kind (people trapped or missing, fire, gas, live wires …) patterns and a weight: what is
an emergency by itself weighs more than what other words must bear out. A clause keeps only a part of the weight where
it speaks of what *might* or *nearly* did happen, once happened, goes on for months, or is about insurance or a drill;
and where the text around says that it is over, gives thanks, claims damages or proposes improvements.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["EmergencyWords", "emergency_words", "split_clauses"]

_CLAUSE_END = re.compile(r"[,;!?\u3002\u2026\n\r]+")
_HALF_WIDTH = str.maketrans("\uff0c\uff1b\uff01\uff1f\uff1a\uff08\uff09", ",;!?:()")
_LONGEST = 4000


@dataclass(frozen=True)
class EmergencyWords:
    """The patterns, compiled.

    Attributes
    ----------
    kinds : tuple of (str, float, re.Pattern)
        Kind of emergency, weight within [0, 1], and what names it.
    damps, context : tuple of (float, re.Pattern)
        What part of the weight is kept where the clause, or the text, says this; of several the least.
    settled, unsettled : re.Pattern
        What replies say when something was done, and when it was not.
    """

    kinds: tuple[tuple[str, float, re.Pattern[str]], ...]
    damps: tuple[tuple[float, re.Pattern[str]], ...]
    context: tuple[tuple[float, re.Pattern[str]], ...]
    settled: re.Pattern[str]
    unsettled: re.Pattern[str]

    @classmethod
    def of(cls, data: dict[str, Any]) -> "EmergencyWords":
        """Compile what ``emergency.toml`` holds."""
        kinds = tuple((name, e["weight"], _pattern(e)) for name, entries in data["kinds"].items() for e in entries)
        damps, context = (tuple((e["factor"], _pattern(e)) for e in data[n].values()) for n in ("damp", "context"))
        return cls(kinds, damps, context, _pattern(data["settled"]), _pattern(data["unsettled"]))

    def gravest(self, clauses: Sequence[str]) -> tuple[float, str]:
        """Return evidence and kind of the gravest emergency that a text's clauses name; 0 and '' where they name none.

        The evidence is the square of the weight that is kept: what might happen, or did, is hardly any.
        """
        found = [
            (weight * _least(self.damps, clause), kind)
            for clause in clauses
            for kind, weight, pattern in self.kinds
            if pattern.search(clause)
        ]
        if not found:
            return 0.0, ""
        weight, kind = max(found, key=lambda f: f[0])
        return (weight * _least(self.context, ",".join(clauses) + ",")) ** 2, kind


def _least(factors: tuple[tuple[float, re.Pattern[str]], ...], text: str) -> float:
    return min((factor for factor, pattern in factors if pattern.search(text)), default=1.0)


def _pattern(entry: dict[str, Any]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in entry["patterns"]) or "(?!)")


@cache
def emergency_words() -> EmergencyWords:
    """Return the packaged words."""
    return EmergencyWords.of(words_data())


def words_data() -> dict[str, Any]:
    """Return what ``emergency.toml`` holds."""
    return tomllib.loads((files("hotspot.report") / "emergency.toml").read_text(encoding="utf-8"))


def split_clauses(text: str) -> list[str]:
    """Cut a text into clauses, with half-width punctuation."""
    clauses = (clause.strip() for clause in _CLAUSE_END.split(text[:_LONGEST].translate(_HALF_WIDTH)))
    return [clause for clause in clauses if clause]
