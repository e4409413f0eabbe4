"""Training text: messages read from a folder, cut into units of the lengths that the library embeds."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TITLE_COLUMNS = ("留言主题", "标题", "工单标题", "title")
BODY_COLUMNS = ("留言详情", "内容", "工单内容", "诉求内容", "text", "body")
SHINGLE = 12
SHORTEST, LONGEST = 8, 64
ORDER_LENGTH = 110
MATTER_LENGTH, SHORTEST_CLAUSE = 400, 4

_SENTENCE_END = re.compile(r"[。！？!?；;\n\r]+")
_CLAUSE_END = re.compile(r"[，,：:、]+")
_ANY_END = re.compile(r"[。！？!?；;，,：:、.（）()]+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Message:
    """One message: a title (may be empty) and a body, white space removed."""

    title: str
    body: str

    @property
    def order(self) -> str:
        """Title and the beginning of the body: the length of a work order."""
        head = f"{self.title}。{self.body}" if self.title else self.body
        return head[:ORDER_LENGTH]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The title and the single clauses of the body's beginning, the shortest left out."""
        pieces = [self.title, *_ANY_END.split(self.body[:MATTER_LENGTH])]
        return tuple(piece for piece in pieces if len(piece) >= SHORTEST_CLAUSE)


@dataclass(frozen=True)
class Units:
    """Texts to be embedded by the teachers.

    Attributes
    ----------
    train, held_out : tuple of str
        Titles, orders and clauses. No message has units on both sides.
    fragments : tuple of str
        Single clauses of the training side, 6 to 26 characters: the length of a title.
    matters : tuple of tuple of str
        Of each message of the training side, the title and the single clauses of the body's beginning: what is said
        together about one matter.
    """

    train: tuple[str, ...]
    held_out: tuple[str, ...]
    fragments: tuple[str, ...]
    matters: tuple[tuple[str, ...], ...]


def squeeze(text: str) -> str:
    """Remove all white space."""
    return _SPACE.sub("", text)


def read_messages(folder: Path, exclude: Iterable[str] = ()) -> list[Message]:
    """Read the messages of a folder's ``.csv`` and ``.txt`` files, in file-name order, without repeats.

    Parameters
    ----------
    folder : Path
        CSV files with one of `TITLE_COLUMNS` and/or one of `BODY_COLUMNS`; text files with one message a line.
    exclude : iterable of str
        Names of files that are measured on: they are not read for training, and a message of another file that shares
        more than half of its 12-character shingles with them is dropped.
    """
    excluded = set(exclude)
    kept_back: set[int] = set()
    for name in sorted(excluded):
        for message in _read_file(folder / name):
            kept_back.update(_shingles(message.title + message.body))
    seen: set[Message] = set()
    messages: list[Message] = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".csv", ".txt"} or path.name in excluded:
            continue
        for message in _read_file(path):
            if message not in seen and not _overlaps(message, kept_back):
                seen.add(message)
                messages.append(message)
    return messages


def make_units(messages: list[Message], clauses: int, fragments: int, held_out: int = 20) -> Units:
    """Cut messages into titles, orders, at most `clauses` runs of clauses and `fragments` single ones.

    One message in `held_out` is held out, chosen by its hash. Titles and orders come first, then clauses, each in the
    order of their hashes: the order of files and rows does not matter, and more clauses only lengthen the list.
    """
    sides: tuple[set[str], set[str]] = (set(), set())
    loose: tuple[set[str], set[str]] = (set(), set())
    short: set[str] = set()
    matters: list[tuple[str, ...]] = []
    for message in messages:
        out = _hash(message.order) % held_out == 0
        sides[out].add(message.order)
        if len(message.title) >= SHORTEST and len(message.body) >= SHORTEST:
            sides[out].add(message.title)
        loose[out].update(split_clauses(message.body))
        if not out:
            short.update(c for c in _ANY_END.split(message.body) if SHORTEST - 2 <= len(c) <= 26)
            matters.append(message.clauses)
    train = sorted(sides[0], key=_hash) + sorted(loose[0] - sides[0], key=_hash)[:clauses]
    seen = sides[0] | loose[0]
    kept = sorted(sides[1] - seen, key=_hash) + sorted(loose[1] - sides[1] - seen, key=_hash)[: clauses // held_out]
    pieces = sorted(short.difference(train, kept), key=_hash)[:fragments]
    return Units(tuple(train), tuple(kept), tuple(pieces), tuple(sorted(set(matters))))


def split_clauses(body: str) -> Iterator[str]:
    """Cut a body into sentences; long ones into runs of clauses of at most `LONGEST` characters."""
    for sentence in _SENTENCE_END.split(body):
        run = ""
        for clause in _CLAUSE_END.split(sentence):
            if run and len(run) + len(clause) >= LONGEST:
                if len(run) >= SHORTEST:
                    yield run[:LONGEST]
                run = clause
            else:
                run = f"{run}，{clause}" if run else clause
        if len(run) >= SHORTEST:
            yield run[:LONGEST]


def _read_file(path: Path) -> Iterator[Message]:
    if path.suffix == ".txt":
        for line in path.read_text(encoding="utf-8").splitlines():
            if body := squeeze(line):
                yield Message("", body)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        title = next((c for c in TITLE_COLUMNS if c in columns), None)
        body = next((c for c in BODY_COLUMNS if c in columns), None)
        if body is None:
            return
        for row in reader:
            message = Message(squeeze(row[title] or "") if title else "", squeeze(row[body] or ""))
            if message.body:
                yield message


def _shingles(text: str) -> set[int]:
    return {_hash(text[i : i + SHINGLE]) for i in range(max(1, len(text) - SHINGLE + 1))}


def _overlaps(message: Message, kept_back: set[int]) -> bool:
    if not kept_back:
        return False
    shingles = _shingles(message.title + message.body)
    return sum(s in kept_back for s in shingles) * 2 > len(shingles)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
