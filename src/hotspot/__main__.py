"""The command as a module: ``python -m hotspot``, where the command itself is not on the path."""

from .cli import app

__all__: list[str] = []

if __name__ == "__main__":
    app(prog_name="hotspot")
