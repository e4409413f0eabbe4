"""Suggest over HTTP, with nothing but the standard library."""

# ruff: noqa: T201

import json
import os
from urllib.request import Request, urlopen

URL = "http://127.0.0.1:8000/suggest/batch"


def main() -> None:
    """Send two orders and print the first answers."""
    orders = [
        {"text": "小区停水三天，物业说不知道什么时候来水。"},
        {"text": "孩子学校周末收费补课，希望教育部门管一管。"},
    ]
    headers = {"Content-Type": "application/json", "X-API-Key": os.environ.get("HOTSPOT_API_KEY", "")}
    request = Request(URL, json.dumps({"orders": orders}).encode(), headers)
    with urlopen(request, timeout=10) as reply:
        for order, answer in zip(orders, json.load(reply), strict=True):
            first = answer["department"]["choices"][0]
            print(f"{first['label']} {first['probability']:.0%} ← {order['text']}")


if __name__ == "__main__":
    main()
