"""Training text: messages read from a folder, cut into units of the lengths that the library embeds."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TITLE_COLUMNS = ("留言主题", "标题", "工单标题", "title")
BODY_COLUMNS = ("留言详情", "内容", "工单内容", "诉求内容", "text", "body")
SHINGLE = 12
SHORTEST, LONGEST = 8, 64
ORDER_LENGTH = 110
MATTER_LENGTH, SHORTEST_CLAUSE = 400, 4
REPLY_COLUMNS = ("答复意见", "答复内容", "办理结果", "reply")
ID_COLUMNS = ("留言编号", "工单编号", "id")
REPLY_LENGTH, LONGEST_CLAUSE = 500, 60
FORMULA = 3
HELD_OUT = 20

_SENTENCE_END = re.compile(r"[。！？!?；;\n\r]+")
_CLAUSE_END = re.compile(r"[，,：:、]+")
_ANY_END = re.compile(r"[。！？!?；;，,：:、.（）()]+")
_POLITE = re.compile("收悉|回复如下|答复如下|感谢|谢谢|支持|您好|你好|网友|留言|关注|反映|督促|调查|核实|领导|高度重视")
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
    kept_matters : tuple of tuple of str
        The same of the messages that are held out.
    """

    train: tuple[str, ...]
    held_out: tuple[str, ...]
    fragments: tuple[str, ...]
    matters: tuple[tuple[str, ...], ...]
    kept_matters: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Answer:
    """A message and the office's reply to it, each as single clauses; courtesies of the reply are left out.

    Attributes
    ----------
    matter, reply : tuple of str
    held_out : bool
        Whether the message is.
    """

    matter: tuple[str, ...]
    reply: tuple[str, ...]
    held_out: bool


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


def read_answers(folder: Path, messages: Iterable[Message], withheld: Iterable[str] = ()) -> tuple[Answer, ...]:
    """Read the replies that a folder's ``.csv`` files have to some messages, in the order of the messages' hashes.

    Parameters
    ----------
    folder : Path
        CSV files; those with one of `REPLY_COLUMNS` are read.
    messages : iterable of Message
        Replies to others are not read.
    withheld : iterable of str
        Names of files with a column of ids: replies to these messages are not read, because something that the replies
        tell is measured on them.
    """
    known, silent = set(messages), {i for name in withheld for i in _ids(folder / name)}
    found: set[tuple[Message, tuple[str, ...]]] = set()
    for path in sorted(folder.glob("*.csv")):
        for number, message, reply in _read_replies(path):
            if message in known and number not in silent:
                clauses = _ANY_END.split(reply[:REPLY_LENGTH])
                said = (c for c in clauses if SHORTEST_CLAUSE <= len(c) <= LONGEST_CLAUSE and not _POLITE.search(c))
                found.add((message, tuple(said)))
    often = Counter(clause for _, reply in found for clause in set(reply))
    answers = []
    for message, reply in sorted(found, key=lambda pair: (_hash(pair[0].order), pair[0].body, pair[1])):
        own = tuple(clause for clause in reply if often[clause] < FORMULA)
        if len(own) > 1 and len(message.clauses) > 1:
            answers.append(Answer(message.clauses, own, _is_held_out(message, HELD_OUT)))
    return tuple(answers)


def make_units(messages: list[Message], clauses: int, fragments: int, held_out: int = HELD_OUT) -> Units:
    """Cut messages into titles, orders, at most `clauses` runs of clauses and `fragments` single ones.

    One message in `held_out` is held out, chosen by its hash. Titles and orders come first, then clauses, each in the
    order of their hashes: the order of files and rows does not matter, and more clauses only lengthen the list.
    """
    sides: tuple[set[str], set[str]] = (set(), set())
    loose: tuple[set[str], set[str]] = (set(), set())
    short: set[str] = set()
    matters: tuple[set[tuple[str, ...]], set[tuple[str, ...]]] = (set(), set())
    for message in messages:
        out = _is_held_out(message, held_out)
        matters[out].add(message.clauses)
        sides[out].add(message.order)
        if len(message.title) >= SHORTEST and len(message.body) >= SHORTEST:
            sides[out].add(message.title)
        loose[out].update(split_clauses(message.body))
        if not out:
            short.update(c for c in _ANY_END.split(message.body) if SHORTEST - 2 <= len(c) <= 26)
    train = sorted(sides[0], key=_hash) + sorted(loose[0] - sides[0], key=_hash)[:clauses]
    seen = sides[0] | loose[0]
    kept = sorted(sides[1] - seen, key=_hash) + sorted(loose[1] - sides[1] - seen, key=_hash)[: clauses // held_out]
    pieces = sorted(short.difference(train, kept), key=_hash)[:fragments]
    said, kept_said = tuple(sorted(matters[0])), tuple(sorted(matters[1] - matters[0]))
    return Units(tuple(train), tuple(kept), tuple(pieces), said, kept_said)


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


def _read_replies(path: Path) -> Iterator[tuple[str, Message, str]]:
    """Yield the id of each message that has a reply, the message and the reply."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = [
            next((c for c in names if c in (reader.fieldnames or [])), None)
            for names in (ID_COLUMNS, TITLE_COLUMNS, BODY_COLUMNS, REPLY_COLUMNS)
        ]
        if columns[2] is None or columns[3] is None:
            return
        for row in reader:
            number, title, body, reply = (squeeze(row[column] or "") if column else "" for column in columns)
            if body and reply:
                yield number, Message(title, body), reply


def _ids(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        column = next((c for c in ID_COLUMNS if c in (reader.fieldnames or [])), None)
        if column is None:
            raise ValueError(f"{path} has no column of ids ({', '.join(ID_COLUMNS)})")
        yield from (row[column] for row in reader)


def _is_held_out(message: Message, one_in: int) -> bool:
    return _hash(message.order) % one_in == 0


def _shingles(text: str) -> set[int]:
    return {_hash(text[i : i + SHINGLE]) for i in range(max(1, len(text) - SHINGLE + 1))}


def _overlaps(message: Message, kept_back: set[int]) -> bool:
    if not kept_back:
        return False
    shingles = _shingles(message.title + message.body)
    return sum(s in kept_back for s in shingles) * 2 > len(shingles)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
