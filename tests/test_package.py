"""The package's own door."""

import subprocess
import sys

import pytest

import hotspot

HEAVY = ("pandas", "torch", "bertopic", "sklearn", "scipy", "rjieba", "jieba", "umap", "plotly", "typer")


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert not loaded_by("import hotspot").intersection(HEAVY)


def test_command_loads_no_model_library() -> None:
    assert not loaded_by("import hotspot.cli").intersection(
        {"pandas", "torch", "bertopic", "sklearn", "umap", "plotly"}
    )


@pytest.mark.parametrize("name", hotspot.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(hotspot, name).__doc__
    assert name in dir(hotspot)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'hotspots'"):
        _ = hotspot.hotspots


def test_no_module_takes_the_place_of_a_public_function() -> None:
    names = "', '".join(hotspot.__all__)
    loaded_by(f"import hotspot.embed, hotspot.run\nassert all(callable(getattr(hotspot, n)) for n in ['{names}'])")


def test_the_package_runs_as_the_command_does() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hotspot", *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert run("--version").stdout.strip() == f"hotspot {hotspot.__version__}"
    assert run("--help").stdout.startswith("用法：hotspot [选项]")
    mistaken = run("report")
    assert mistaken.returncode == 2 and "用法：hotspot report" in mistaken.stderr
