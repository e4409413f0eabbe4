import asyncio
import logging
import socket
import threading
import time

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
import httpx

from hotspot.classify import Router
from hotspot.service import create_app

pytestmark = pytest.mark.extra

TEXTS = ["小区停水三天没人管", "学校周末违规补课收费", "楼下烧烤摊油烟扰民", "公司拖欠农民工工资", "咨询医保异地报销"]


@pytest.fixture(scope="module")
def router() -> Router:
    return Router.load()


def client(router: Router, **limits: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=create_app(router, **limits)), base_url="http://test")


def send(
    router: Router, method: str, path: str, limits: dict[str, object] | None = None, **request: object
) -> httpx.Response:
    async def go() -> httpx.Response:
        async with client(router, **(limits or {})) as c:
            return await c.request(method, path, **request)  # type: ignore[arg-type]

    return asyncio.run(go())


def test_suggest_answers_as_the_library_does(router: Router) -> None:
    answer = send(router, "POST", "/suggest", json={"text": TEXTS[0]})
    assert answer.status_code == 200
    mine = router.suggest(TEXTS[0]).department
    found = answer.json()["department"]
    assert found["choices"][0] == {"label": mine.label, "probability": mine.probability}
    assert len(found["choices"]) == 3


def test_batch_keeps_the_order(router: Router) -> None:
    answer = send(router, "POST", "/suggest/batch", json={"orders": [{"text": t, "k": 1} for t in TEXTS]})
    assert [a["department"]["choices"][0]["label"] for a in answer.json()] == [
        router.suggest(t).department.label for t in TEXTS
    ]


def test_health_version_and_chinese_examples(router: Router) -> None:
    assert send(router, "GET", "/health").json() == {"status": "ok"}
    assert set(send(router, "GET", "/version").json()["models"]) == {"nature", "department"}
    assert "烧烤店" in send(router, "GET", "/openapi.json").text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "text:缺少这一项"),
        ({"text": ""}, "不能为空"),
        ({"text": "停水", "k": 0}, "不能小于 1"),
        ({"text": "停水", "x": 1}, "没有这一项"),
        ({"text": "长" * 20001}, "太长"),
    ],
)
def test_bad_input_is_422_with_a_message(router: Router, body: dict[str, object], message: str) -> None:
    answer = send(router, "POST", "/suggest", json=body)
    assert answer.status_code == 422
    assert message in answer.json()["detail"]


def test_limits_of_size_and_batch(router: Router) -> None:
    assert send(router, "POST", "/suggest", {"max_bytes": 50}, json={"text": "停" * 100}).status_code == 413
    answer = send(router, "POST", "/suggest/batch", {"max_batch": 2}, json={"orders": [{"text": "停水"}] * 3})
    assert answer.status_code == 422
    assert "最多 2 件" in answer.json()["detail"]


def test_time_limit(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        time.sleep(0.5)
        return []

    monkeypatch.setattr(router, "suggest_texts", slow)
    answer = send(router, "POST", "/suggest", {"timeout": 0.05}, json={"text": "停水"})
    assert answer.status_code == 503


def test_api_key(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_API_KEY", "钥匙")
    assert send(router, "POST", "/suggest", json={"text": "停水"}).status_code == 401
    good = send(router, "POST", "/suggest", json={"text": "小区停水"}, headers={"X-API-Key": "钥匙".encode()})
    assert good.status_code in (200, 401)
    monkeypatch.setenv("HOTSPOT_API_KEY", "key-1")
    assert (
        send(router, "POST", "/suggest", json={"text": "小区停水"}, headers={"X-API-Key": "key-1"}).status_code == 200
    )
    assert send(router, "GET", "/health").status_code == 200


def test_texts_are_never_logged(router: Router, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(router, "POST", "/suggest", json={"text": "张建国 13800138000 反映停水"})
    assert "13800138000" not in caplog.text


def test_fifty_clients_at_once_lose_nothing_and_get_right_answers(router: Router) -> None:
    import uvicorn

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(router), host="127.0.0.1", port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    wanted = {t: router.suggest(t).department.label for t in TEXTS}

    async def one(c: httpx.AsyncClient, number: int) -> list[bool]:
        right = []
        for i in range(4):
            text = TEXTS[(number + i) % len(TEXTS)]
            answer = await c.post("/suggest", json={"text": text})
            right.append(
                answer.status_code == 200 and answer.json()["department"]["choices"][0]["label"] == wanted[text]
            )
        return right

    async def all_of_them() -> list[list[bool]]:
        limits = httpx.Limits(max_connections=50)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as c:
            return await asyncio.gather(*(one(c, n) for n in range(50)))

    try:
        results = asyncio.run(all_of_them())
    finally:
        server.should_exit = True
        thread.join(timeout=20)
    assert not thread.is_alive()
    assert sum(map(len, results)) == 200
    assert all(all(r) for r in results)
