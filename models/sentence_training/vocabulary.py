"""The tokens of the table: jieba's dictionary as a Unigram tokenizer that cuts nearly as jieba does."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UNKNOWN = "[UNK]"
_WORD = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]*[a-z][a-z0-9]*|[0-9]")
_LONGEST_WORD = 6
_ADDED_FREQUENCY = 500


@dataclass(frozen=True)
class Vocabulary:
    """Tokens with what is known of each.

    Attributes
    ----------
    words : tuple of str
        In descending probability: every token that a text may contain, without the unknown one.
    probability : tuple of float
        Mean of the word's share in jieba's dictionary and in the training text.
    score : tuple of float
        Log frequency for the tokenizer, from jieba's dictionary.
    traditional : tuple of (str, str)
        Spellings in traditional characters, each with the word whose vector it shares.
    """

    words: tuple[str, ...]
    probability: tuple[float, ...]
    score: tuple[float, ...]
    traditional: tuple[tuple[str, str], ...]


def build_vocabulary(texts: Iterable[str], size: int, traditional_words: int = 12_000) -> Vocabulary:
    """Choose words of jieba's dictionary, the hand-written ``words.txt`` and all GB 2312 characters.

    The text only says how common a word is: no word that is found nowhere but in it gets in.

    Parameters
    ----------
    texts : iterable of str
        Training messages.
    size : int
        How many of the dictionary's words, the commonest in general use or in the text.
    traditional_words : int
        For so many of the commonest words a traditional spelling is added too (and for every character).
    """
    _pin("jieba", "0.42.1")
    added = _added_words()
    dictionary = {**dict.fromkeys(added, _ADDED_FREQUENCY), **_jieba_dictionary()}
    total = sum(dictionary.values())
    counts = _count(texts, added)
    seen = sum(counts.values())
    share = {w: 0.5 * n / total + 0.5 * counts.get(w, 0) / seen for w, n in dictionary.items()}
    chosen = set(sorted(share, key=lambda w: (-share[w], w))[:size])
    chosen.update(added, _gb2312(), "0123456789", "abcdefghijklmnopqrstuvwxyz")
    words = sorted(chosen, key=lambda w: (-share.get(w, 0.0), w))
    score = [math.log(dictionary.get(w, 1) / total) for w in words]
    return Vocabulary(
        tuple(words),
        tuple(share.get(w, 0.5 / total) for w in words),
        tuple(score),
        tuple(_traditional(words, traditional_words)),
    )


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """Return the ``tokenizer.json`` of a vocabulary: the unknown token, then words, then traditional spellings."""
    from tokenizers import Tokenizer, models, normalizers

    score = dict(zip(vocabulary.words, vocabulary.score, strict=True))
    entries = [(UNKNOWN, 0.0)]
    entries += [(word, round(score[word], 3)) for word in vocabulary.words]
    entries += [(spelling, round(score[word], 3)) for spelling, word in vocabulary.traditional]
    tokenizer = Tokenizer(models.Unigram(entries, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.add_special_tokens([UNKNOWN])
    return str(tokenizer.to_str(pretty=False))


def _jieba_dictionary() -> dict[str, int]:
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise RuntimeError("jieba is not installed")
    dictionary: dict[str, int] = {}
    for line in (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, _ = line.split(" ")
        word = word.lower()
        if _WORD.fullmatch(word) and len(word) <= _LONGEST_WORD:
            dictionary[word] = max(dictionary.get(word, 0), int(frequency))
    return dictionary


def _added_words() -> list[str]:
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def _count(texts: Iterable[str], added: Iterable[str]) -> Counter[str]:
    """Count words as jieba cuts them without its HMM."""
    import jieba

    jieba.setLogLevel(60)
    cutter = jieba.Tokenizer()
    for word in added:
        cutter.add_word(word, _ADDED_FREQUENCY)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in cutter.cut(text.lower(), HMM=False) if _WORD.fullmatch(word))
    return counts


def _gb2312() -> list[str]:
    """All 6,763 characters of GB 2312."""
    cells = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [c for c in (cell.decode("gb2312", errors="ignore") for cell in cells) if c]


def _traditional(words: list[str], commonest: int) -> list[tuple[str, str]]:
    """Traditional spellings of all characters and of the commonest words, where they differ."""
    _pin("opencc-python-reimplemented", "0.1.7")
    import opencc

    to_traditional, to_simplified = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")
    known = set(words)
    out: dict[str, str] = {}
    for i, word in enumerate(words):
        if len(word) > 1 and i < commonest:
            spelling = to_traditional.convert(word)
            if spelling not in known:
                out.setdefault(spelling, word)
    for code in range(0x4E00, 0xA000):
        character = chr(code)
        simple = to_simplified.convert(character)
        if character not in known and simple in known:
            out.setdefault(character, simple)
    return sorted(out.items())


def _pin(package: str, version: str) -> None:
    found = importlib.metadata.version(package)
    if found != version:
        raise RuntimeError(f"{package} {found} is installed, {version} is needed")
