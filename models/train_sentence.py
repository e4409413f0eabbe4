"""Make ``models/sentence-zh`` again: same packages, text and seed, same bytes.

    pip install "hotspot-12345[train]"
    python models/train_sentence.py --text FOLDER --exclude messages_2019.csv --withhold routing_dev.csv --cache CACHE
    python models/train_sentence.py … --compare
    python models/train_sentence.py --text FOLDER … --start VERSION_1.2          # the second step alone, no teacher
    python models/train_sentence.py --text FOLDER … --start VERSION_1.2 --compare

FOLDER holds CSV files (columns 留言主题 and 留言详情, or 标题 and 内容, or text; 答复意见 where there is a reply) and
text files (a message a line). Two steps: the table is fitted to the teachers, which is version 1.2, and refined without
them by what messages and their replies say together. The first step asks the teachers for about 76,000 texts and 52,000
words, an hour on two cores; CACHE keeps the answers. ``--compare`` trains variants instead, and writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

# Sums in threads would come in another order on another machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sentence_training import corpus, package, table, teachers, vocabulary

HERE = Path(__file__).resolve().parent
VERSION = "1.3"
CLAUSES, FRAGMENTS = 60_000, 24_000
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Plan:
    """One way to make the model; the defaults are what ships.

    Attributes
    ----------
    teachers, shares : tuple of str, tuple of float
        Whose sentence vectors are the target, and how much each counts.
    words : tuple of str
        Whose word vectors the table starts from.
    axes : table.Axes
        Of the target, which are the model's columns.
    size, own : int
        Words taken from jieba's dictionary; rows, which rarer words share.
    word_texts : int
        So many of the commonest words are training texts too.
    fragments : bool
        Whether single clauses are.
    ridge : float
        Of the start.
    cuts : int
        So many times each message is cut into halves.
    recipe : table.Recipe
        Of the fit.
    """

    teachers: tuple[str, ...] = ("e5", "use")
    shares: tuple[float, ...] = (2.0, 1.0)
    words: tuple[str, ...] = ("use", "e5")
    axes: table.Axes = field(default_factory=lambda: table.Axes(192, sharpen=0.1))
    size: int = 50_000
    own: int = 30_000
    word_texts: int = 20_000
    fragments: bool = True
    ridge: float = 0.3
    cuts: int = 12
    recipe: table.Recipe = field(default_factory=table.Recipe)


@dataclass(frozen=True)
class Refinement:
    """The second step: the table's own vectors are the target, and halves and replies pull at them.

    Attributes
    ----------
    cuts, answers : int
        So many times each message is cut into halves, and set beside its reply.
    keep : float
        Share of the start in the rows that ship, the rest from the fit (WiSE-FT, Wortsman et al. 2022): what is learnt
        of whole messages would else blur what sets the clauses of one apart.
    recipe : table.Recipe
        Of the fit.
    """

    cuts: int = 8
    answers: int = 16
    keep: float = 0.4
    recipe: table.Recipe = field(
        default_factory=lambda: table.Recipe(
            epochs=6, batch=2048, rate=2e-3, relation=1.0, contrast=3.0, temperature=0.2, drop=0.6
        )
    )


@dataclass(frozen=True)
class Model:
    """A trained model before it is written."""

    tokenizer: str
    rows: Floats
    mapping: NDArray[np.int64]
    weights: Floats
    history: tuple[dict[str, float], ...]

    @property
    def vectors(self) -> Floats:
        """The vector of each token, as it is read from a written model."""
        stored = self.rows.astype(np.float16).astype(np.float32)
        return np.asarray(stored[self.mapping] * self.weights[:, None], dtype=np.float32)


class Workshop:
    """Text and teachers, read once and shared among variants.

    Parameters
    ----------
    text : Path
        Folder of training text.
    exclude, withhold : sequence of str
        File names that are measured on; files with the ids of messages whose replies are not read.
    cache : Path
        Where the teachers' vectors are kept.
    threads : int
        For the teachers.
    """

    def __init__(self, text: Path, exclude: Sequence[str], withhold: Sequence[str], cache: Path, threads: int) -> None:
        self.cache, self.threads = cache, threads
        self.messages = corpus.read_messages(text, exclude)
        self.answers = corpus.read_answers(text, self.messages, withhold)
        self.units = corpus.make_units(self.messages, CLAUSES, FRAGMENTS)
        print(
            f"{len(self.messages)} messages: {len(self.units.train)} texts, {len(self.units.fragments)} fragments,"
            f" {len(self.units.held_out)} held out, {len(self.answers)} replies",
            flush=True,
        )

    @lru_cache(maxsize=1)  # noqa: B019 - a workshop lives as long as the program
    def choose_words(self, size: int) -> vocabulary.Vocabulary:
        """Choose the words."""
        return vocabulary.build_vocabulary([f"{m.title}。{m.body}" for m in self.messages], size)

    def teach(self, name: str, texts: Sequence[str]) -> Floats:
        """Embed texts with a teacher, or fetch what it said before."""
        return teachers.teach(teachers.TEACHERS[name], texts, self.cache, self.threads)

    def words(self, name: str, words: Sequence[str]) -> Floats:
        """Return the teacher's word vectors, centred, in the order of `words`."""
        ordered = sorted(words)
        at = {word: i for i, word in enumerate(ordered)}
        vectors = self.teach(name, ordered)[[at[word] for word in words]]
        moved = vectors - vectors.mean(axis=0)
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)

    def train(self, plan: Plan) -> Model:
        """Train one model."""
        words = self.choose_words(plan.size)
        tokenizer = vocabulary.tokenizer_json(words)
        reader = _Reader(tokenizer)
        bags = reader.bags
        texts = [*self.units.train, *(self.units.fragments if plan.fragments else ())]
        wanted, held_out, space = self._targets(plan)
        start = table.start_rows(
            np.concatenate([self.words(name, words.words) for name in plan.words], axis=1),
            np.array(words.probability, dtype=np.float32),
            table.Start(plan.recipe.sif, plan.ridge),
            bags(self.units.train),
            wanted[: len(self.units.train)],
        )
        mapping, weights = table.share_rows(start, plan.own)
        number = {word: i for i, word in enumerate(words.words)}
        spelled = np.array([number[word] for _, word in words.traditional], dtype=np.int64)
        mapping = np.concatenate([[0], mapping, mapping[spelled]])
        weights = np.concatenate([[0], weights, weights[spelled]]).astype(np.float32)
        lesson = bags(texts)
        if plan.word_texts:
            means = zip(plan.teachers, space.means, strict=True)
            vectors = space.project([self.words(name, words.words) + mean for name, mean in means])
            lesson = table.append_words(lesson, plan.word_texts)
            wanted = np.concatenate([wanted, table.unit(vectors[: plan.word_texts])])
        said = [reader.ids(matter) for matter in self.units.matters]
        halves = table.make_halves(said, plan.cuts, plan.recipe.seed)
        measure = _measure(bags(self.units.held_out), held_out, bags, mapping, weights)
        fit = table.fit_rows(
            start[: plan.own],
            table.Tokens(mapping, weights),
            table.Lesson(lesson, wanted, halves),
            plan.recipe,
            measure,
        )
        return Model(tokenizer, fit.rows, mapping, weights, tuple(fit.history))

    def refine(self, model: Model, plan: Refinement) -> Model:
        """Refine a model by what messages and their replies say together; no teacher is asked."""
        reader, recipe, vectors = _Reader(model.tokenizer), plan.recipe, model.vectors
        lesson = reader.bags([*self.units.train, *self.units.fragments])
        commonest = Plan().word_texts
        wanted = np.concatenate([table.embed_bags(lesson, vectors), table.unit(vectors[1 : commonest + 1])])
        halves, answers = self._said_together(reader, plan.cuts, plan.answers, recipe.seed)
        start, measure = model.rows.astype(np.float16).astype(np.float32), self._measure_refined(model, reader)
        fit = table.fit_rows(
            start,
            table.Tokens(model.mapping, model.weights),
            table.Lesson(table.append_words(lesson, commonest), wanted, table.join_halves(halves, answers)),
            recipe,
            measure,
        )
        rows = np.asarray(plan.keep * start + (1 - plan.keep) * fit.rows, dtype=np.float32)
        return replace(model, rows=rows, history=(*fit.history, measure(rows)))

    def _said_together(
        self, reader: _Reader, cuts: int, answers: int, seed: int, *, held_out: bool = False
    ) -> tuple[table.Halves, table.Halves]:
        """Halves of messages, and messages with their replies, of one side of the text."""
        matters = self.units.kept_matters if held_out else self.units.matters
        number = {matter: i for i, matter in enumerate(matters)}
        replied = [
            (number[answer.matter], reader.ids(answer.matter), reader.ids(answer.reply))
            for answer in self.answers
            if answer.held_out == held_out and answer.matter in number
        ]
        halves = table.make_halves([reader.ids(matter) for matter in matters], cuts, seed)
        return halves, table.make_answers(replied, answers, seed)

    def _measure_refined(self, model: Model, reader: _Reader) -> Callable[[Floats], dict[str, float]]:
        """Return what is measured after every epoch: held-out messages and replies, and half of the paraphrases."""
        halves, answers = self._said_together(reader, 1, 1, 0, held_out=True)
        score = _paraphrase_score(reader.bags)

        def measure(rows: Floats) -> dict[str, float]:
            vectors = replace(model, rows=rows).vectors
            return {
                "held-out halves found": table.own_found(halves, vectors),
                "held-out replies found": table.own_found(answers, vectors),
                "paraphrase AUC, half 1": score(vectors),
            }

        return measure

    def _targets(self, plan: Plan) -> tuple[Floats, Floats, table.Space]:
        """Where the training and held-out texts should point."""
        whole = [self.teach(name, self.units.train) for name in plan.teachers]
        space = table.fit_space(whole, plan.shares, plan.axes)
        parts = [whole]
        if plan.fragments:
            parts.append([self.teach(name, self.units.fragments) for name in plan.teachers])
        wanted = np.concatenate([table.unit(space.project(part)) for part in parts])
        kept = [self.teach(name, self.units.held_out) for name in plan.teachers]
        return wanted, table.unit(space.project(kept)), space


class _Reader:
    """Texts to bags of token ids."""

    def __init__(self, tokenizer: str) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, without the unknown token (0)."""
        found = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [[i for i in encoding.ids if i] for encoding in found]

    def bags(self, texts: Sequence[str]) -> table.Bags:
        """Return the texts as bags."""
        return table.make_bags(self.ids(texts))


def _measure(
    held_out: table.Bags,
    wanted: Floats,
    bags: Callable[[Sequence[str]], table.Bags],
    mapping: NDArray[np.int64],
    weights: Floats,
) -> Callable[[Floats], dict[str, float]]:
    """Return what is measured after every epoch: agreement on held-out texts, and the first half of the paraphrases."""
    score = _paraphrase_score(bags)
    some = np.triu_indices(min(1500, len(wanted)), 1)
    likeness = (wanted[:1500] @ wanted[:1500].T)[some]

    def measure(rows: Floats) -> dict[str, float]:
        stored = rows.astype(np.float16).astype(np.float32)[mapping] * weights[:, None]
        found = table.embed_bags(held_out, stored)
        own = (found[:1500] @ found[:1500].T)[some]
        return {
            "held-out cosine": float((found * wanted).sum(axis=1).mean()),
            "held-out relation": float(np.corrcoef(own, likeness)[0, 1]),
            "paraphrase AUC, half 1": score(stored),
        }

    return measure


def _paraphrase_score(bags: Callable[[Sequence[str]], table.Bags]) -> Callable[[Floats], float]:
    """Return what tells the AUC of half of the paraphrases from the vectors of all tokens."""
    texts, groups = _paraphrases()
    sentences = bags(texts)
    upper = np.triu_indices(len(texts), 1)
    together = (np.array(groups)[:, None] == np.array(groups))[upper]

    def score(stored: Floats) -> float:
        from sklearn.metrics import roc_auc_score

        vectors = table.embed_bags(sentences, stored)
        vectors = table.unit(vectors - vectors.mean(axis=0))
        return float(roc_auc_score(together, (vectors @ vectors.T)[upper]))

    return score


def _paraphrases() -> tuple[list[str], list[str]]:
    """Every second group of the benchmark's paraphrases: the half that may choose a recipe."""
    path = HERE.parent / "benchmarks" / "paraphrases.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["kind"] == "same"]
    half = set(list(dict.fromkeys(row["group"] for row in rows))[::2])
    chosen = [row for row in rows if row["group"] in half]
    return [row["text"] for row in chosen], [row["group"] for row in chosen]


def compare(workshop: Workshop, part: int, parts: int) -> None:
    """Train every `parts`-th variant of the card's table, printing a line for each."""
    base = Plan()
    recipe = base.recipe
    variants = {
        "as shipped": base,
        "no fit: the start alone": replace(base, recipe=replace(recipe, epochs=0)),
        "8 epochs": replace(base, recipe=replace(recipe, epochs=8)),
        "only the first teacher": replace(base, teachers=("e5",), shares=(1.0,)),
        "only the second teacher": replace(base, teachers=("use",), shares=(1.0,)),
        "teachers 3 to 1": replace(base, shares=(3.0, 1.0)),
        "start from the second teacher's words": replace(base, words=("use",)),
        "version 1.0": replace(
            base,
            teachers=("e5",),
            shares=(1.0,),
            words=("use",),
            axes=table.Axes(192),
            recipe=replace(recipe, batch=256, relation=1.0, drop=0.2, rate=1e-3, contrast=0.0),
        ),
        "128 columns, 45,000 rows": replace(base, axes=table.Axes(128, sharpen=0.1), own=45_000),
        "256 columns, 23,000 rows": replace(base, axes=table.Axes(256, sharpen=0.1), own=23_000),
        "192 columns, 12,000 rows": replace(base, own=12_000),
        "192 columns, a row for every word": replace(base, own=10**6),
        "neither fragments nor words as texts": replace(base, fragments=False, word_texts=0),
        "no relation loss": replace(base, recipe=replace(recipe, relation=0.0)),
        "no halves": replace(base, recipe=replace(recipe, contrast=0.0)),
        "halves 0.5": replace(base, recipe=replace(recipe, contrast=0.5)),
        "messages cut 4 times": replace(base, cuts=4),
        "no token dropout": replace(base, recipe=replace(recipe, drop=0.0)),
        "3 leading directions removed": replace(base, axes=table.Axes(192, remove=3, sharpen=0.1)),
        "directions not sharpened": replace(base, axes=table.Axes(192)),
    }
    for name, plan in list(variants.items())[part::parts]:
        _tell(name, partial(workshop.train, plan))


def compare_refinements(workshop: Workshop, start: Model, part: int, parts: int) -> None:
    """Refine a model in other ways, printing a line for each."""
    base = Refinement()
    recipe = base.recipe
    variants = {
        "as shipped": base,
        "halves alone, no replies": replace(base, answers=0),
        "replies set beside 48 times": replace(base, answers=48),
        "temperature 0.1": replace(base, recipe=replace(recipe, temperature=0.1)),
        "temperature 0.3": replace(base, recipe=replace(recipe, temperature=0.3)),
        "0.3 left out": replace(base, recipe=replace(recipe, drop=0.3)),
        "batch 512, rate 1e-3, 2 epochs": replace(base, recipe=replace(recipe, batch=512, rate=1e-3, epochs=2)),
        "3 epochs": replace(base, recipe=replace(recipe, epochs=3)),
        "nothing of the start kept": replace(base, keep=0.0),
        "0.7 of the start kept": replace(base, keep=0.7),
        "another seed": replace(base, recipe=replace(recipe, seed=1)),
    }
    for name, plan in list(variants.items())[part::parts]:
        _tell(name, partial(workshop.refine, start, plan))


def _tell(name: str, train: Callable[[], Model]) -> None:
    """Train, and print a line of what was measured at last."""
    start = time.monotonic()
    history = train().history
    scores = " | ".join(f"{value:.3f}" for key, value in history[-1].items() if key != "loss")
    print(f"| {name} | {scores} | {time.monotonic() - start:.0f} s |", flush=True)


def read_model(folder: Path) -> Model:
    """Read a written model, to refine it."""
    from safetensors.numpy import load_file

    arrays = load_file(folder / "model.safetensors")
    return Model(
        (folder / "tokenizer.json").read_text(encoding="utf-8"),
        arrays["embeddings"].astype(np.float32),
        arrays["mapping"].astype(np.int64),
        arrays["weights"].astype(np.float32),
        (),
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True, help="folder of training text")
    parser.add_argument("--exclude", nargs="*", default=[], help="files of it that are measured on")
    parser.add_argument("--withhold", nargs="*", default=[], help="files of ids whose replies are not read")
    parser.add_argument("--cache", type=Path, default=Path("build/teachers"), help="folder for the teachers' vectors")
    parser.add_argument("--start", type=Path, help="folder of a model to refine, instead of asking the teachers")
    parser.add_argument("--output", type=Path, default=HERE / "sentence-zh")
    parser.add_argument("--threads", type=int, default=2, help="of the teachers")
    parser.add_argument("--compare", nargs="?", const="0/1", metavar="PART/PARTS", help="train variants, write nothing")
    options = parser.parse_args()
    if not options.text.is_dir():
        sys.exit(f"{options.text} is not a folder")
    torch.set_num_threads(1)
    workshop = Workshop(options.text, options.exclude, options.withhold, options.cache, options.threads)
    if options.compare:
        part, parts = (int(number) for number in options.compare.split("/"))
        if options.start:
            compare_refinements(workshop, read_model(options.start), part, parts)
        else:
            compare(workshop, part, parts)
        return
    start = read_model(options.start) if options.start else workshop.train(Plan())
    model = workshop.refine(start, Refinement())
    for step in (start, model):
        for epoch, scores in enumerate(step.history):
            print(epoch, " ".join(f"{key} {value:.3f}" for key, value in scores.items()), flush=True)
    package.write_model(
        options.output, model.tokenizer, model.rows, table.Tokens(model.mapping, model.weights), VERSION
    )


if __name__ == "__main__":
    main()
