"""Makes the packages of benchmarks/ importable, where the folder is there (a source distribution has none)."""

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"

if FOLDER.is_dir():
    sys.path.append(str(FOLDER))
else:
    pytest.skip("no benchmarks here", allow_module_level=True)
