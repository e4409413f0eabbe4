"""Suggestions over HTTP (extra ``serve``): see `hotspot.service.app`."""

from typing import Any

from ..classify.router import Router
from ..errors import MissingExtraError

__all__ = ["create_app", "run"]


def create_app(router: Router, **limits: Any) -> Any:
    """Return the FastAPI application; see `hotspot.service.app.create_app`."""
    _need()
    from .app import create_app as build

    return build(router, **limits)


def run(router: Router, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until stopped; requests under way are finished first."""
    _need()
    import uvicorn

    from .app import GRACE_SECONDS

    uvicorn.run(
        create_app(router), host=host, port=port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS, server_header=False,
    )  # fmt: skip


def _need() -> None:
    for package in ("fastapi", "uvicorn"):
        try:
            __import__(package)
        except ImportError:
            raise MissingExtraError(package, "serve") from None
