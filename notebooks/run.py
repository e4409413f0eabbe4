"""Run the notebooks from top to bottom and write them back: ``python notebooks/run.py [NOTEBOOK …]``.

What is written is the same for the same version: no run times, no machine; beside plotly's interactive pictures stands
a PNG, for code hosts, drawn by kaleido with the Chromium on this machine.
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
PLOTLY = "application/vnd.plotly.v1+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path: Path) -> Any:
    """Run a notebook in its folder.

    Returns
    -------
    nbformat.NotebookNode
        The notebook with its outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell failed.
    """
    os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"  # the picture's data alone, without the library
    os.environ["PYTHONWARNINGS"] = "ignore:IProgress not found"  # tqdm misses ipywidgets; we don't
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=300, record_timing=False, resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    book.metadata = nbformat.from_dict(METADATA)
    for cell in book.cells:
        cell.metadata = nbformat.from_dict({})
    return book


def add_pictures(book: Any) -> None:
    """Put a PNG beside each of plotly's pictures."""
    import plotly.io

    for cell in book.cells:
        for output in cell.get("outputs", []):
            if PLOTLY in output.get("data", {}):
                figure = plotly.io.from_json(json.dumps(output.data[PLOTLY]), skip_invalid=True)
                output.data["image/png"] = base64.b64encode(figure.to_image("png")).decode()


def main() -> None:
    """Run the notebooks named, or all, and write them back."""
    for path in [Path(name) for name in sys.argv[1:]] or sorted(HERE.glob("*.ipynb")):
        book = run(path.resolve())
        add_pictures(book)
        nbformat.write(book, path)


if __name__ == "__main__":
    main()
