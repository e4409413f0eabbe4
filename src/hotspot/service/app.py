"""POST /suggest, POST /suggest/batch, GET /health, GET /version.

Texts are masked before they reach a model, and neither logged nor kept. Where the environment variable
``HOTSPOT_API_KEY`` is set, requests need it in the header ``X-API-Key``.
"""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from .. import __version__
from ..classify.router import Router

__all__ = ["API_KEY", "GRACE_SECONDS", "create_app"]

API_KEY = "HOTSPOT_API_KEY"
GRACE_SECONDS = 10
MAX_BYTES = 2_000_000
MAX_BATCH = 200
MAX_TEXT = 20_000
TIMEOUT_SECONDS = 20.0

_EXAMPLE = "翁城镇某小区楼下烧烤店每晚营业到凌晨，油烟和噪音很大，多次反映没有解决。"


class Order(BaseModel):
    """One order."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": _EXAMPLE, "k": 3}]})

    text: str = Field(min_length=1, max_length=MAX_TEXT, description="工单标题和内容")
    place: str = Field(default="", max_length=500, description="事发地点")
    k: int = Field(default=3, ge=1, le=10, description="每个目标给几个候选")


class Batch(BaseModel):
    """Several orders."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"orders": [{"text": _EXAMPLE}]}]})

    orders: list[Order] = Field(min_length=1, description="工单，每次最多 200 件")


class Candidate(BaseModel):
    """One candidate."""

    label: str
    probability: float


class Reasons(BaseModel):
    """What an answer rests on."""

    words: list[str]
    duties: list[str]
    orders: list[dict[str, Any]]
    place: str


class Answer(BaseModel):
    """The answer for one target."""

    target: str = Field(description="目标：nature 性质，department 承办单位，或其他列")
    choices: list[Candidate]
    abstain: bool = Field(description="模型拿不准")
    reason: str = Field(description="拿不准的原因")
    town: str = Field(description="属地镇街")
    town_probability: float
    evidence: Reasons


_MESSAGES = {
    "missing": "缺少这一项",
    "string_too_short": "不能为空",
    "string_too_long": "太长，最多 {max_length} 字",
    "too_short": "至少要有一件",
    "too_long": "太多，最多 {max_length} 件",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "string_type": "应是文字",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "list_type": "应是列表",
    "extra_forbidden": "没有这一项",
    "json_invalid": "不是有效的 JSON",
    "model_attributes_type": "应是 JSON 对象",
}


def create_app(
    router: Router,
    *,
    max_bytes: int = MAX_BYTES,
    max_batch: int = MAX_BATCH,
    timeout: float = TIMEOUT_SECONDS,
    workers: int = 2,
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    router : Router
    max_bytes : int
        Largest request body.
    max_batch : int
        Most orders in one request.
    timeout : float
        Seconds after which a request is answered with 503.
    workers : int
        Threads that compute; further requests wait.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="suggest")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        router.suggest("预热")
        yield
        pool.shutdown(wait=True, cancel_futures=False)

    about = "给工单建议性质、承办单位和属地。"
    # No /docs page: it would load its scripts from the internet.
    app = FastAPI(
        title="派单建议", version=__version__, description=about, lifespan=lifespan, docs_url=None, redoc_url=None
    )

    async def checked(
        x_api_key: Annotated[str, Header(description=f"访问密钥，服务端设了 {API_KEY} 时要带")] = "",
    ) -> None:
        wanted = os.environ.get(API_KEY, "")
        if wanted and not secrets.compare_digest(x_api_key.encode(), wanted.encode()):
            raise HTTPException(401, "访问密钥不对或没有带（请求头 X-API-Key）")

    @app.middleware("http")
    async def limit_size(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.method == "POST":
            length = request.headers.get("content-length", "")
            if length.isdigit() and int(length) > max_bytes:
                return _refuse(413, f"请求太大，最多 {max_bytes} 字节")
            if len(await request.body()) > max_bytes:
                return _refuse(413, f"请求太大，最多 {max_bytes} 字节")
        return await call_next(request)

    @app.exception_handler(RequestValidationError)
    async def explain(_: Request, error: RequestValidationError) -> Response:
        return _refuse(422, ";".join(_in_chinese(e) for e in error.errors()[:10]))

    async def compute(orders: list[Order]) -> list[dict[str, Answer]]:
        def work() -> list[dict[str, Any]]:
            k = max(o.k for o in orders)
            found = router.suggest_texts([o.text for o in orders], k, places=[o.place for o in orders])
            return [s.to_dict() for s in found]

        task = asyncio.get_running_loop().run_in_executor(pool, work)
        try:
            found = await asyncio.wait_for(task, timeout)
        except TimeoutError:
            raise HTTPException(503, f"超过 {timeout:g} 秒没有算完，请稍后再试或减少件数") from None
        for order, answers in zip(orders, found, strict=True):
            for answer in answers.values():
                answer["choices"] = answer["choices"][: order.k]
        return [{t: Answer.model_validate(a) for t, a in answers.items()} for answers in found]

    @app.post("/suggest", dependencies=[Depends(checked)], summary="一件工单的建议")
    async def suggest(order: Order) -> dict[str, Answer]:
        return (await compute([order]))[0]

    @app.post("/suggest/batch", dependencies=[Depends(checked)], summary="一批工单的建议，次序不变")
    async def suggest_batch(batch: Batch) -> list[dict[str, Answer]]:
        if len(batch.orders) > max_batch:
            raise HTTPException(422, f"orders 太多，最多 {max_batch} 件，现为 {len(batch.orders)} 件")
        return await compute(batch.orders)

    @app.get("/health", summary="是否正常")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/version", summary="软件和模型的版本")
    async def version() -> dict[str, Any]:
        models = {
            t: {key: m.meta.get(key, "") for key in ("version", "trained", "rows")} for t, m in router.models.items()
        }
        return {"hotspot": __version__, "models": models}

    return app


def _refuse(status: int, message: str) -> JSONResponse:
    return JSONResponse({"detail": message}, status_code=status)


def _in_chinese(error: Any) -> str:
    where = ".".join(str(p) for p in error["loc"] if p != "body") or "请求"
    template = _MESSAGES.get(error["type"], "不合要求")
    return f"{where}:{template.format(**error.get('ctx', {}))}"
