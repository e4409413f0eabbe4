"""The duty catalogue (派单目录): which unit is responsible for what, and which places belong to which town."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._resources import data_text
from ..errors import SettingsError
from .features import HEAD_CHARACTERS, normalise

__all__ = ["TERRITORIAL", "Catalogue", "Unit", "general_catalogue", "is_town", "load_catalogue"]

TERRITORIAL = "乡镇街道"
"""The kind of unit that handles an order because of the place."""
COLUMNS = ("单位", "归口", "别名", "职责", "关键词", "示例", "所辖地点")
_ENGLISH = {
    "department": "单位", "kind": "归口", "aliases": "别名", "duties": "职责", "keywords": "关键词", "examples": "示例",
    "towns": "单位", "places": "所辖地点",
}  # fmt: skip
_SPLIT = re.compile(r"[、；;，,|\n]+")
_TOWN = re.compile(r".{1,7}(?:镇|乡|街道|苏木)(?:人民政府|政府|办事处|办)?")
_REGION = re.compile(r"^.{1,8}?(?:省|自治区|市|县|区|州|旗)(?=.{2,})")
_KEYWORD_WEIGHT = 1.6
_EXAMPLE_WEIGHT = 9.0


def is_town(label: str) -> bool:
    """Tell whether a unit's name is that of a town or street office, or the general name of such units."""
    return label == TERRITORIAL or _TOWN.fullmatch(label) is not None


@dataclass(frozen=True)
class Unit:
    """One row of the catalogue."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Units, their duties and their places.

    Attributes
    ----------
    units : tuple of Unit
    general : bool
        The one that ships with the package.
    """

    units: tuple[Unit, ...]
    general: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the units that handle orders by duty."""
        return tuple(u.name for u in self.units if not is_town(u.name))

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """Names of the towns."""
        return tuple(u.name for u in self.units if is_town(u.name) and u.name != TERRITORIAL)

    def kind_of(self, label: str) -> str | None:
        """Return the general kind of a unit by its name or one of its aliases; None where there is none."""
        return self._find(label)

    def _find(self, label: str) -> str | None:
        if is_town(label):
            return TERRITORIAL
        bare = _REGION.sub("", label)
        for candidate in (label, bare):
            if candidate in self._kinds:
                return self._kinds[candidate]
        inside = [name for name in self._kinds if len(name) > 2 and (name in label or (len(bare) > 2 and bare in name))]
        return self._kinds[max(inside, key=len)] if inside else None

    @cached_property
    def _kinds(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for unit in self.units:
            found.setdefault(unit.name, unit.kind)
        for unit in self.units:
            for alias in unit.aliases:
                found.setdefault(alias, unit.kind)
        return found

    @cached_property
    def _places(self) -> dict[str, str]:
        places: dict[str, str] = {}
        for unit in self.units:
            if is_town(unit.name) and unit.name != TERRITORIAL:
                bare = re.sub(r"(人民政府|政府|办事处)$", "", unit.name)
                for place in {bare, *unit.aliases, *unit.places}:
                    places[place] = unit.name
        return places

    def town_of(self, text: str) -> tuple[str, str] | None:
        """Return the town that a text's places belong to, with the place found.

        The place that decides is the one named most often; of equally frequent ones the longest. None where no place of
        the catalogue is named.
        """
        counts = Counter({place: text.count(place) for place in self._places if place in text})
        if not counts:
            return None
        votes: Counter[str] = Counter()
        for place, n in counts.items():
            votes[self._places[place]] += n * len(place)
        town = max(votes, key=lambda t: (votes[t], t))
        place = max((p for p in counts if self._places[p] == town), key=lambda p: (counts[p], len(p), p))
        return town, place

    def matched_keywords(self, text: str, name: str) -> list[str]:
        """Return a unit's keywords that a text holds, the longest first."""
        clean = normalise(text)
        keywords = next((u.keywords for u in self.units if u.name == name), ())
        return sorted((k for k in keywords if k.lower() in clean), key=lambda k: (-len(k), k))

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Score the units of `names` by keywords and by likeness to duties and examples; no labels are needed.

        Parameters
        ----------
        texts : sequence of str
            n raw texts.

        Returns
        -------
        ndarray of float64, shape (n, len(names))
            Logits.
        """
        units = [u for u in self.units if not is_town(u.name)]
        if not units:
            return np.zeros((len(texts), 0))
        return self._keyword_scores(texts, units) + self._example_scores(texts, units)

    @cached_property
    def _keyword_owners(self) -> dict[str, list[tuple[int, float]]]:
        units = [u for u in self.units if not is_town(u.name)]
        owners: dict[str, list[int]] = {}
        for at, unit in enumerate(units):
            for keyword in dict.fromkeys((*unit.keywords, *unit.aliases, unit.name)):
                owners.setdefault(keyword.lower(), []).append(at)
        weigh = np.log(1 + len(units))
        return {
            k: [(at, float((weigh - np.log(len(ats))) / weigh * min(len(k), 4) ** 0.7)) for at in ats]
            for k, ats in owners.items()
        }

    def _keyword_scores(self, texts: Sequence[str], units: Sequence[Unit]) -> NDArray[np.float64]:
        found = np.zeros((len(texts), len(units)))
        for row, text in enumerate(texts):
            clean = normalise(text)
            head = clean[:HEAD_CHARACTERS]
            for keyword, owners in self._keyword_owners.items():
                if keyword in clean:
                    factor = (2.5 if keyword in head else 1.0) * (1 + 0.5 * np.log(clean.count(keyword)))
                    for at, weight in owners:
                        found[row, at] += weight * factor
        total = found.sum(axis=1, keepdims=True)
        return np.asarray(_KEYWORD_WEIGHT * np.log1p(found) + 2 * found / np.maximum(total, 1))

    @cached_property
    def _example_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        from ..embed import embed

        units = [u for u in self.units if not is_town(u.name)]
        rows = [(at, text) for at, u in enumerate(units) for text in (*u.examples, *u.duties)]
        return embed([text for _, text in rows]), np.asarray([at for at, _ in rows], dtype=np.intp)

    def _example_scores(self, texts: Sequence[str], units: Sequence[Unit]) -> NDArray[np.float64]:
        from ..embed import embed

        vectors, owner = self._example_vectors
        if not len(owner):
            return np.zeros((len(texts), len(units)))
        clean = [normalise(t) for t in texts]
        head, body = embed([t[:HEAD_CHARACTERS] for t in clean]), embed([t[:200] for t in clean])
        likeness = np.maximum(head @ vectors.T, body @ vectors.T).astype(np.float64)
        best = np.zeros((len(texts), len(units)))
        for at in range(len(units)):
            mine = likeness[:, owner == at]
            if mine.shape[1]:
                best[:, at] = mine.max(axis=1)
        return _EXAMPLE_WEIGHT * best

    def to_csv(self) -> str:
        """Return the catalogue as CSV text."""
        rows = [
            (u.name, u.kind, *("、".join(p) for p in (u.aliases, u.duties, u.keywords, u.examples, u.places)))
            for u in self.units
        ]
        text: str = pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False)
        return text


@cache
def general_catalogue() -> Catalogue:
    """Return the catalogue of the package: the usual units of a county and what they are responsible for."""
    return parse_catalogue(data_text("catalogue.csv"), "catalogue.csv", general=True)


def load_catalogue(path: str | Path) -> Catalogue:
    """Read a catalogue file.

    Parameters
    ----------
    path : str or Path
        CSV with the columns 单位, 归口, 别名, 职责, 关键词, 示例, 所辖地点 (or their English names); only 单位 is
        needed. Lists are separated by 、 or ；.

    Raises
    ------
    SettingsError
        The file cannot be used; every fault is listed with its row.
    """
    path = Path(path)
    if not path.is_file():
        raise SettingsError(f"找不到派单目录：{path}。可先执行 hotspot catalogue init 生成一份再修改。")
    data = path.read_bytes()
    for codec in ("utf-8-sig", "gb18030"):
        try:
            return parse_catalogue(data.decode(codec), path.name)
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"{path.name} 的编码读不出来，请另存为 UTF-8 的 csv。")


def parse_catalogue(text: str, name: str, *, general: bool = False) -> Catalogue:
    """Check the text of a catalogue and build it; all faults are told at once."""
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SettingsError(f"派单目录 {name} 不是有效的 csv:{error}") from error
    table.columns = [_ENGLISH.get(c.strip().lower(), c.strip()) for c in table.columns]
    table = table.loc[:, ~table.columns.duplicated()]
    if "单位" not in table.columns:
        raise SettingsError(f"派单目录 {name} 缺少“单位”一列；现有表头：{'、'.join(table.columns)}。")
    for column in COLUMNS:
        if column not in table.columns:
            table[column] = ""
    table = table.apply(lambda s: s.str.strip())
    faults = _faults(table, general=general)
    if faults:
        shown = "\n".join(f"  {fault}" for fault in faults[:30])
        raise SettingsError(f"派单目录 {name} 有 {len(faults)} 处问题：\n{shown}")
    return Catalogue(tuple(_unit(row) for row in table.to_dict("records")), general)


def _faults(table: pd.DataFrame, *, general: bool) -> list[str]:
    """List what is wrong, each with its row as a spreadsheet shows it."""
    faults: list[str] = []
    first: dict[str, int] = {}
    place_rows: dict[str, tuple[int, str]] = {}
    alias_rows: dict[str, tuple[int, str]] = {}
    known = set(table["单位"])
    if not general:
        known |= {u.kind for u in general_catalogue().units}
    for at, row in enumerate(table.to_dict("records"), 2):
        unit = row["单位"]
        if not unit:
            faults.append(f"第 {at} 行：“单位”是空的。")
            continue
        if unit in first:
            faults.append(f"第 {at} 行：“{unit}”与第 {first[unit]} 行重复。")
        first.setdefault(unit, at)
        if row["归口"] and row["归口"] not in known and not (general and row["归口"] == "其他"):
            faults.append(f"第 {at} 行：归口单位“{row['归口']}”不存在（既不在本目录，也不在通用目录）。")
        for place in _parts(row["所辖地点"]):
            if place in place_rows and place_rows[place][1] != unit:
                other, owner = place_rows[place]
                faults.append(f"第 {at} 行：地点“{place}”同时属于“{unit}”和第 {other} 行的“{owner}”。")
            place_rows.setdefault(place, (at, unit))
        for alias in _parts(row["别名"]):
            if alias in alias_rows and alias_rows[alias][1] != unit:
                other, owner = alias_rows[alias]
                faults.append(f"第 {at} 行：别名“{alias}”同时属于“{unit}”和第 {other} 行的“{owner}”。")
            alias_rows.setdefault(alias, (at, unit))
    if not first:
        faults.append("没有任何单位。")
    return faults


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.strip() for p in _SPLIT.split(cell) if p.strip()))


def _unit(row: dict[str, str]) -> Unit:
    name = row["单位"]
    kind = row["归口"] or (TERRITORIAL if is_town(name) else "")
    lists = [_parts(row[c]) for c in COLUMNS[2:]]
    return Unit(name, kind or _guess_kind(name, lists[0]), *lists)


def _guess_kind(name: str, aliases: tuple[str, ...]) -> str:
    """Find the general kind of a unit that the catalogue's author left empty; the unit itself where there is none."""
    try:
        general = general_catalogue()
    except RecursionError:  # pragma: no cover - the general catalogue names all its kinds
        return name
    return next((k for k in map(general.kind_of, (name, *aliases)) if k), name)
