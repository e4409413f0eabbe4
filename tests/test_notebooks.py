"""The notebooks run from top to bottom, and what is committed of them is fit to be read on a code host."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = ["01_一个月的热点", "02_分派建议", "03_与BERTopic一起用"]
TOOLS = runpy.run_path(str(FOLDER / "run.py"))


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells for output in cell.get("outputs", [])]


def words(book: Any) -> str:
    """Return all that a reader sees as text."""
    parts = [str(cell.source) for cell in book.cells]
    for output in outputs(book):
        parts.append(str(output.get("text", "")))
        parts += [str(v) for kind, v in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(parts)


@pytest.fixture(params=NAMES)
def path(request: pytest.FixtureRequest) -> Path:
    return FOLDER / f"{request.param}.ipynb"


def test_there_are_no_others() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.ipynb")) == NAMES


def test_committed_outputs_are_whole_and_small(path: Path) -> None:
    import nbformat

    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert path.stat().st_size < 1_000_000
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum("image/png" in output.get("data", {}) for output in outputs(book)) >= 1
    assert all("image/png" in o.data for o in outputs(book) if TOOLS["PLOTLY"] in o.get("data", {}))
    assert book.metadata == TOOLS["METADATA"]


def test_nothing_of_a_machine_or_a_person_is_told(path: Path) -> None:
    import nbformat

    from hotspot import mask

    book = nbformat.read(path, as_version=4)
    assert not [o for o in outputs(book) if o.get("name") == "stderr" or o.output_type == "error"]
    told = words(book)
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|usr|work|Users|opt)/|[A-Z]:\\|site-packages", told)
    assert not re.search(r"1[3-9]\d{9}(?!\d)", told)
    rows = re.findall(r"<td>(.*?)</td>", told)
    assert all(mask(cell) == cell for cell in rows)


def test_links_lead_somewhere(path: Path) -> None:
    import nbformat

    book = nbformat.read(path, as_version=4)
    links = re.findall(r"\]\(([^)#:]+)\)", "\n".join(c.source for c in book.cells if c.cell_type == "markdown"))
    assert all((FOLDER / link).exists() for link in links)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # what the kernel's client warns of is not ours
def test_runs_from_top_to_bottom(path: Path) -> None:
    book = TOOLS["run"](path)
    assert not [o for o in outputs(book) if o.get("name") == "stderr"]
