"""A small server that speaks as an OpenAI-compatible one does, and answers as a test wants."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[list[dict[str, str]]], str]
CHECKER = "你是县政务热线办的核稿人"


def checks(messages: list[dict[str, str]]) -> bool:
    """Tell whether a request is for proofs."""
    return messages[0]["content"].startswith(CHECKER)


def with_proofs(writes: Answer, believed: Callable[[str], bool]) -> Answer:
    """Return a model that writes as told and, asked for proofs, quotes the orders for the sentences it believes."""

    def answer(messages: list[dict[str, str]]) -> str:
        if not checks(messages):
            return writes(messages)
        asked = json.loads(messages[1]["content"])
        texts = {order["编号"]: order["内容"] for order in asked["工单"]}
        verdicts = {}
        for sentence in asked["句子"]:
            borne_out = believed(sentence["句子"])
            quoted = [texts[sentence["依据"][-1]][:12]]
            for part in sentence["分句"]:
                verdicts[part] = {"结论": "有" if borne_out else "无", "引文": quoted}
        return json.dumps({"核对": verdicts}, ensure_ascii=False)

    return answer


@dataclass
class Server:
    address: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def serving(answer: Answer, *, status: int = 200, raw: str | None = None, wait: float = 0) -> Iterator[Server]:
    seen = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.requests.append(body)
            seen.keys.append(self.headers.get("Authorization", ""))
            time.sleep(wait)
            message = {"role": "assistant", "content": answer(body["messages"])}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice]}
            sent = (raw if raw is not None else json.dumps(whole)).encode()
            try:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except OSError:  # whoever asked has gone
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    seen.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
