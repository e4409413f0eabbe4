"""The HTML report in a real browser: charts drawn, table sorted by mouse and by keyboard, demands opened to orders."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hotspot.report import Report, render

selenium = pytest.importorskip("selenium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("chromedriver")), reason="no Chromium"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def page(example: Report, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    path: Path = tmp_path_factory.mktemp("html") / "report.html"
    path.write_bytes(render(example, ".html"))
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,1600"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.get(path.as_uri())
    yield driver
    driver.quit()


def first_cells(page: Any, column: int) -> list[str]:
    script = (
        "return [...document.querySelectorAll('.sortable tbody tr')].map(r => r.cells[arguments[0]].textContent.trim())"
    )
    return list(page.execute_script(script, column))


def click(page: Any, element: Any) -> None:
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def test_no_errors_and_charts_drawn(page: Any) -> None:
    assert [e for e in page.get_log("browser") if e["level"] == "SEVERE"] == []
    drawn = "return [...document.querySelectorAll('canvas')].map(c => Chart.getChart(c).data.datasets.length)"
    assert page.execute_script(drawn) == [1, 4, 3]


def test_annex_sorts_by_click_and_by_key(page: Any) -> None:
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    heads = page.find_elements("css selector", ".sortable th")
    names = [h.text for h in heads]
    bad = names.index("不满意")
    heads[bad].click()
    WebDriverWait(page, 5).until(lambda p: first_cells(p, bad)[0] == "16")
    numbers = [int(n) for n in first_cells(page, bad)]
    assert numbers == sorted(numbers, reverse=True)
    rate = len(names) - 1
    heads[rate].send_keys(Keys.ENTER)
    WebDriverWait(page, 5).until(lambda p: first_cells(p, rate)[0] == "100%")
    heads[rate].send_keys(Keys.SPACE)
    WebDriverWait(page, 5).until(lambda p: first_cells(p, rate)[0] == "60.87%")
    spoken = page.find_element("id", "spoken")
    WebDriverWait(page, 5).until(lambda _: "满意率从小到大" in spoken.get_attribute("textContent"))
    assert page.find_element("css selector", ".sortable tfoot td").text == "总计"


def test_a_demand_opens_to_its_masked_orders(page: Any) -> None:
    demand = page.find_element("css selector", ".demands details")
    orders = demand.find_element("css selector", ".orders")
    assert not orders.is_displayed()
    click(page, demand.find_element("css selector", "summary"))
    assert orders.is_displayed()
    assert "WY2022" in orders.text
    assert "〔手机〕" in page.page_source


def test_open_all_and_print(page: Any) -> None:
    click(page, page.find_element("id", "open-all"))
    opened = page.execute_script("return [...document.querySelectorAll('.topic details')].every(d => d.open)")
    assert opened
    assert len(page.print_page()) > 50_000


def test_brackets_are_a_pair(page: Any) -> None:
    numbers = page.execute_script("return [...document.querySelectorAll('.demands .n')].map(n => n.textContent)")
    assert numbers
    assert [n for n in numbers if not (n.startswith("\uff08") and n.endswith("\uff09"))] == []


def test_each_hotspot_has_a_panel_of_days_on_one_scale(page: Any) -> None:
    scales = page.execute_script("""
        const chart = Chart.getChart('chart-daily');
        return chart.data.datasets.map(s => chart.scales[s.yAxisID]).map(y => [y.top, y.bottom, y.max])""")
    assert all(above[1] <= below[0] for above, below in pairwise(scales))
    assert len({most for _, _, most in scales[1:]}) == 1


def test_a_report_read_on_a_phone_prints_as_from_a_desk(page: Any) -> None:
    """What is printed is a picture of the chart: one of a phone's would be blown up."""
    page.set_window_size(500, 900)
    page.refresh()
    page.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    image = "const i = document.querySelector('.canvas img'); await i.decode(); return i.naturalWidth"
    wide = page.execute_async_script(f"const done = arguments[0]; (async () => {{ {image} }})().then(done)")
    page.set_window_size(1200, 1600)
    page.refresh()
    assert wide >= 1200


def test_narrow_window_does_not_scroll_sideways(page: Any) -> None:
    """Charts follow the window a moment later."""
    from selenium.webdriver.support.ui import WebDriverWait

    page.set_window_size(420, 900)
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    WebDriverWait(page, 5).until(lambda p: p.execute_script(wide) <= 0)
    page.set_window_size(1200, 1600)
