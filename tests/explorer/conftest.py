"""The example month's page, and a browser to open it in."""

import base64
import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspot.explorer.page import page_of
from hotspot.explorer.payload import payload_of
from hotspot.plot import map_positions
from hotspot.run import Run, run_detection
from hotspot.settings import load_settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "wengyuan-2022-06"


def payload_in(page: str) -> dict[str, Any]:
    """Read the data back out of a page."""
    packed = re.search(r'id="data">([^<]*)<', page)
    assert packed
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed.group(1))))
    return found


@pytest.fixture(scope="session")
def example_run() -> Run:
    return run_detection(EXAMPLE / "orders.csv", load_settings(EXAMPLE / "settings.toml"), month="2022-06")


@pytest.fixture(scope="session")
def example_payload(example_run: Run) -> dict[str, Any]:
    run = example_run
    return payload_of(run.result, run.focus, map_positions(run.result), source=run.file.source)


@pytest.fixture(scope="session")
def example_page(example_payload: dict[str, Any]) -> str:
    return page_of(example_payload)


class Browser:
    """Headless Chromium, as an analyst uses it."""

    def __init__(self, downloads: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        self.downloads = downloads
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.size(1366, 660)

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, path: Path, fragment: str = "") -> None:
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)
        self.until(lambda: self.all("#hotspots .tools b"))

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, holds: Callable[[], object]) -> None:
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, 20, poll_frequency=0.05).until(lambda _: holds())

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def click(self, selector: str) -> None:
        self.until(lambda: self.all(selector))
        self.run("arguments[0].scrollIntoView({block: 'center'})", self.one(selector))
        self.one(selector).click()

    def keys(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    @property
    def shown(self) -> int:
        """Number of orders that the list says it shows."""
        return int(self.run("return document.querySelector('#shown b').textContent"))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
        return list(self.run(script, selector))

    @property
    def too_wide(self) -> int:
        script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.run(script))

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> set[str]:
        """Addresses asked for since the last call, over the network or not."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    pytest.importorskip("selenium")
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("no Chromium")
    opened = Browser(tmp_path_factory.mktemp("downloads"))
    yield opened
    opened.driver.quit()


@pytest.fixture(scope="session")
def example_file(example_page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "热点 浏览.html"
    path.write_text(example_page, encoding="utf-8")
    return path
