"""What the user wants kept in mind: names, what is one and what is not, words to ignore, topics to watch for.

A file, ``guidance.toml``, that commands write. What a rule is about is kept as a `Reference`: the orders that it was
said of, for a run on the same month, and what some of them say, by which the same topic is known again in other months.
"""

import json
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from .errors import SettingsError
from .output import write_atomically
from .privacy import mask
from .sampling import systematic_sample
from .signatures import unit_mix

__all__ = ["FILE", "KINDS", "Guidance", "Reference", "Rule", "load_guidance", "reference_of_run"]

FILE = "guidance.toml"
KINDS = {"name": "起名", "together": "合为一个", "apart": "分开", "ignore": "忽略的词", "watch": "关注"}
MOST_ORDERS = 500
MOST_EXAMPLES = 40
_HEAD = "# 由 hotspot guide 写出；增删请用 hotspot guide 命令，看有哪些用 hotspot guide list。\n"
_SEVERAL = 2


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(_Part):
    """A hotspot or an issue, so described that it is found again.

    Attributes
    ----------
    label : str
        Its title when it was referred to.
    kind : {'hotspot', 'issue'}
    month : str
        Such as ``2022-06``; empty: unknown.
    topic : str
        Its id in the registry; empty: none.
    orders : tuple of str
        Ids of its orders.
    examples : tuple of str
        What some of them say in short, masked (`signatures.example_texts`).
    units : dict of str to float
        Units that they went to, with their weights (`signatures.unit_mix`).
    """

    label: str
    kind: Literal["hotspot", "issue"] = "hotspot"
    month: str = ""
    topic: str = ""
    orders: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    units: dict[str, float] = {}

    def same_as(self, other: "Reference") -> bool:
        """Tell whether two references are to the same thing: one topic, or the same orders."""
        if self.topic and other.topic:
            return self.topic == other.topic
        return (self.kind, set(self.orders), set(self.examples)) == (
            other.kind,
            set(other.orders),
            set(other.examples),
        )


class Rule(_Part):
    """One thing that the user said.

    Attributes
    ----------
    id : str
        ``G1`` …
    kind : {'name', 'together', 'apart', 'ignore', 'watch'}
    text : str
        The name, the word to ignore, or what to watch for (several ways to say it, joined by 、).
    of : tuple of Reference
        One for a name, two or more for what is together or apart.
    """

    id: str
    kind: Literal["name", "together", "apart", "ignore", "watch"]
    text: str = ""
    of: tuple[Reference, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        least = {"name": 1, "together": _SEVERAL, "apart": _SEVERAL}.get(self.kind, 0)
        if len(self.of) < least or (self.kind == "name" and len(self.of) != 1):
            raise ValueError(f"应指明 {least} 个热点或事项，现有 {len(self.of)} 个")
        if self.kind in {"name", "ignore", "watch"} and not self.text.strip():
            raise ValueError("缺少文字")
        return self

    def __str__(self) -> str:
        labels = "、".join(f"“{reference.label}”" for reference in self.of)
        said = {
            "name": f"{labels}叫作“{self.text}”",
            "together": f"{labels}是一个",
            "apart": f"{labels}不合并",
            "ignore": f"不看“{self.text}”这个词",
            "watch": f"关注“{self.text}”",
        }
        return said[self.kind]


class Guidance(_Part):
    """All that the user said; each method returns a new one.

    Examples
    --------
    >>> first = hotspot.detect(orders)  # doctest: +SKIP
    >>> guidance = hotspot.Guidance().watching("校园食堂").ignoring("来电人")  # doctest: +SKIP
    >>> guidance = guidance.together(first.reference("H02"), first.reference("H05"))  # doctest: +SKIP
    >>> second = hotspot.detect(orders, guidance=guidance)  # doctest: +SKIP
    """

    version: Literal[1] = 1
    rules: tuple[Rule, ...] = ()

    def named(self, reference: Reference, name: str) -> Self:
        """Give a hotspot or an issue a name, in place of an earlier one."""
        rules = tuple(r for r in self.rules if not (r.kind == "name" and r.of[0].same_as(reference)))
        return self._with(rules, "name", _clean(name, "名称"), (reference,))

    def together(self, *references: Reference) -> Self:
        """Let two hotspots or issues, or more, be one."""
        self._check(references, "合并", against="apart")
        return self._with(self.rules, "together", "", references)

    def apart(self, *references: Reference) -> Self:
        """Never merge these."""
        self._check(references, "分开", against="together")
        return self._with(self.rules, "apart", "", references)

    def ignoring(self, word: str) -> Self:
        """Take no notice of a word when orders are compared."""
        word = _clean(word, "要忽略的词")
        if len(word) < 2:
            raise SettingsError(f"要忽略的词“{word}”太短：一个字会出现在许多不相干的词里，至少要两个字。")
        return self._with(self.rules, "ignore", word)

    def watching(self, phrase: str) -> Self:
        """Make a hotspot of the orders about something, however few they are.

        Parameters
        ----------
        phrase : str
            Such as ``校园食堂``; several ways to say it joined by 、: orders that hold all words of one of them count.
        """
        return self._with(self.rules, "watch", _clean(phrase, "要关注的话题"))

    def without(self, rule: str) -> Self:
        """Take a rule away by its id.

        Raises
        ------
        SettingsError
            There is no such rule.
        """
        kept = tuple(r for r in self.rules if r.id != rule)
        if len(kept) == len(self.rules):
            raise SettingsError(f"没有 {rule} 这一条。现有：{'、'.join(r.id for r in self.rules) or '无'}。")
        return self.model_copy(update={"rules": kept})

    def of_kind(self, kind: str) -> list[Rule]:
        """Return the rules of a kind."""
        return [rule for rule in self.rules if rule.kind == kind]

    @property
    def ignored_words(self) -> tuple[str, ...]:
        """Words to ignore, the longest first."""
        return tuple(sorted({r.text for r in self.of_kind("ignore")}, key=lambda word: (-len(word), word)))

    def save(self, path: str | Path) -> Path:
        """Write a guidance file; a reader sees the old one or the new, never a part.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        import tomli_w

        values = self.model_dump(mode="json", exclude_defaults=True) | {"version": self.version}
        return write_atomically(path, _HEAD + tomli_w.dumps(values, multiline_strings=False))

    def _with(self, rules: Iterable[Rule], kind: str, text: str = "", references: tuple[Reference, ...] = ()) -> Self:
        kept = tuple(rules)
        if any(r.kind == kind and r.text == text and _same(r.of, references) for r in kept):
            return self
        number = max((int(r.id[1:]) for r in self.rules if r.id[1:].isdecimal()), default=0) + 1
        rule = Rule.model_validate({"id": f"G{number}", "kind": kind, "text": text, "of": references})
        return self.model_copy(update={"rules": (*kept, rule)})

    def _check(self, references: tuple[Reference, ...], what: str, *, against: str) -> None:
        """Refuse what is no opinion on several things, or the contrary of an earlier one."""
        if len(references) < _SEVERAL:
            raise SettingsError(f"要{what}，请写明两个或更多的热点或事项，如 H01 H05；现在只有 {len(references)} 个。")
        if any(a.same_as(b) for i, a in enumerate(references) for b in references[:i]):
            raise SettingsError("两处指的是同一个热点或事项，请另选一个。")
        for rule in self.of_kind(against):
            if sum(any(a.same_as(b) for b in rule.of) for a in references) >= _SEVERAL:
                raise SettingsError(f"与 {rule.id}（{rule}）相反。要改主意，请先执行 hotspot guide remove {rule.id}。")


def _same(first: tuple[Reference, ...], second: tuple[Reference, ...]) -> bool:
    return len(first) == len(second) and all(any(a.same_as(b) for b in second) for a in first)


def _clean(text: str, what: str) -> str:
    clean = mask(" ".join(unicodedata.normalize("NFC", text).split()))
    if not clean:
        raise SettingsError(f"{what}是空的。")
    return clean


def load_guidance(path: str | Path) -> Guidance:
    """Read a guidance file.

    Raises
    ------
    SettingsError
        There is none, or it is damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise SettingsError(f"找不到意见文件：{path}。它由 hotspot guide 命令写出。")
    try:
        return Guidance.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name} 读不出来（{error}）。请用备份，或删掉它重新执行 hotspot guide。") from error
    except ValidationError as error:
        raise SettingsError(f"{path.name} 有 {error.error_count()} 处不对：{_told(error)}。") from None


def _told(error: ValidationError) -> str:
    return "；".join(
        f"{'.'.join(map(str, each['loc'])) or '整条'}（{str(each['msg']).removeprefix('Value error, ')}）"
        for each in error.errors()
    )


def reference_of_run(folder: str | Path, name: str) -> Reference:
    """Refer to a hotspot or an issue by its id in the output folder of ``hotspot detect``.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds hotspots.csv, issues.csv, assignments.csv and run.json.
    name : str
        Such as ``H02`` or ``S0012``.

    Raises
    ------
    SettingsError
        The folder is none, or has no such hotspot or issue.
    """
    folder, kind = Path(folder), "hotspot" if name.startswith("H") else "issue"
    try:
        table, placed = (
            pd.read_csv(folder / file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            for file in (f"{kind}s.csv", "assignments.csv")
        )
        month = str(json.loads((folder / "run.json").read_text(encoding="utf-8")).get("month", ""))
        row = table.loc[table[kind].eq(name)]
        placed = placed[["order_id", kind, "department", "text"]].map(lambda cell: cell.removeprefix("'"))
        members = placed[placed[kind].eq(name)]
    except FileNotFoundError as error:
        raise SettingsError(
            f"{folder} 里没有 {Path(error.filename).name}，不是 hotspot detect 的结果文件夹。请用 --run 指明。"
        ) from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SettingsError(f"{folder} 里的结果读不出来（{error}）。请重新执行 hotspot detect。") from error
    if row.empty or members.empty:
        known = "、".join(table[kind].head(12))
        raise SettingsError(f"{folder} 里没有 {name}。其中有：{known or '无'}{' 等' if len(table) > 12 else ''}。")
    topic = str(row["topic"].iloc[0]) if "topic" in row else ""
    return make_reference(
        row["title"].iloc[0].removeprefix("'"), kind, members["order_id"], members["text"],
        units=unit_mix(members["department"], placed["department"]), month=month, topic=topic,
    )  # fmt: skip


def make_reference(
    label: str,
    kind: str,
    orders: Iterable[str],
    texts: Iterable[str],
    *,
    units: Mapping[str, float],
    month: str = "",
    topic: str = "",
) -> Reference:
    """Refer to orders: as many ids and texts as are needed to find them again."""
    distinct = list(dict.fromkeys(texts))
    return Reference.model_validate(
        {
            "label": label,
            "kind": kind,
            "month": month,
            "topic": topic,
            "orders": tuple(orders)[:MOST_ORDERS],
            "examples": tuple(distinct[i] for i in systematic_sample(len(distinct), MOST_EXAMPLES)),
            "units": dict(units),
        }
    )
