"""The page in a real browser: every view, every way in, hostile texts, paper, a phone, fifty thousand orders."""

import base64
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hotspot
from hotspot.explorer.page import page_of

from .conftest import Browser

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def page(browser: Browser, example_file: Path) -> Browser:
    browser.size(1366, 660)
    browser.requests()
    browser.errors()
    browser.open(example_file)
    return browser


def pick(page: Browser, facet: str, name: str) -> None:
    page.click(f"#facet-{facet}")
    box = next(label for label in page.all(".values label") if label.find_element("css selector", "bdi").text == name)
    page.run("arguments[0].scrollIntoView({block: 'center'})", box)
    box.click()
    page.keys("\ue00c")


def map_points(page: Browser) -> str:
    """Return a digest of the map's pixels."""
    return str(page.run("return document.querySelector('.map canvas').toDataURL()"))


def test_opens_at_once_without_error_or_request(page: Browser, example_file: Path) -> None:
    assert page.shown == 694
    assert len(page.all("#hotspots .hotspot")) > 5
    page.until(lambda: page.all(".map canvas") and page.all(".timeline canvas"))
    assert page.errors() == []
    asked = {url for url in page.requests() if not url.startswith(("data:", "about:"))}
    assert asked == {example_file.as_uri()}


def test_filters_are_followed_by_every_view(page: Browser, example_payload: dict[str, Any]) -> None:
    orders = example_payload["orders"]
    unit, nature = orders["unit"], orders["nature"]
    wanted = unit["names"][0], nature["names"][0]
    rows = [i for i in range(694) if unit["codes"][i] == 0 and nature["codes"][i] == 0]
    before = map_points(page)
    pick(page, "unit", wanted[0])
    pick(page, "nature", wanted[1])
    page.until(lambda: page.shown == len(rows))
    page.until(lambda: map_points(page) != before)
    assert f"筛选后 {len(rows)} 件" in page.one(".name").text
    in_hotspots = {orders["hotspot"][i] for i in rows if orders["hotspot"][i] >= 0}
    assert len(page.all("#hotspots .hotspot:not(.rest)")) == len(in_hotspots)
    page.click("#facet-town")
    counts = [int(n) for n in page.texts(".values .n")]
    assert sum(counts) == len(rows)
    page.keys("\ue00c")
    day = min(orders["created"][i] // 1440 for i in rows)
    iso = pd.Timestamp(day, unit="D").strftime("%Y-%m-%d")
    page.run(
        "const f = document.getElementById('to'); f.value = arguments[0];"
        "f.dispatchEvent(new Event('input', {bubbles: true}))",
        iso,
    )
    page.until(lambda: page.shown == sum(orders["created"][i] // 1440 <= day for i in rows))
    page.click("#clear")
    page.until(lambda: page.shown == 694)


def test_days_are_chosen_on_the_chart(page: Browser, example_payload: dict[str, Any]) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    chart = page.one(".timeline canvas")
    ActionChains(page.driver).move_to_element_with_offset(chart, 10, 0).click().perform()
    page.until(lambda: page.shown < 694)
    chosen = page.run("return [document.getElementById('from').value, document.getElementById('to').value]")
    day = pd.Timestamp(chosen[0]).value // 86_400_000_000_000
    assert chosen[0] == chosen[1]
    assert page.shown == sum(minutes // 1440 == day for minutes in example_payload["orders"]["created"])
    page.click(".timeline .link")
    page.until(lambda: page.shown == 694)
    actions = ActionChains(page.driver)
    actions.move_to_element_with_offset(chart, -100, 0).click_and_hold()
    actions.move_by_offset(60, 0).move_by_offset(60, 0).release().perform()
    page.until(lambda: 0 < page.shown < 694)
    first, last = page.run("return ['from', 'to'].map(id => document.getElementById(id).value)")
    assert first < last


def test_search_finds_all_words_and_marks_them(page: Browser, example_payload: dict[str, Any]) -> None:
    orders = example_payload["orders"]
    page.one("#search").send_keys("路灯 沿河")
    texts = [
        "\n".join((orders["title"][i], orders["text"][i], orders["place"][i], orders["reply"][i])) for i in range(694)
    ]
    found = sum("路灯" in text and "沿河" in text for text in texts)
    page.until(lambda: page.shown == found)
    assert found > 0
    assert set(page.texts("#orders mark")) <= {"路灯", "沿河"}
    page.keys("\ue00c")
    page.until(lambda: page.shown == 694)
    page.one("#search").send_keys("没有这样的工单")
    page.until(lambda: page.shown == 0)
    assert "没有符合的工单" in page.one("#orders").text


def test_a_hotspot_opens_and_its_clause_leads_to_its_orders(page: Browser, example_payload: dict[str, Any]) -> None:
    found = example_payload["hotspots"][0]
    page.click("#hotspot-H01")
    page.until(lambda: page.shown == found["orders"])
    detail = page.one("#detail-H01").text
    for part in ("草稿", "每天", "热度", "地点", "事项"):
        assert part in detail
    assert all(clause["text"] in detail for clause in found["demands"])
    assert len(page.all("#detail-H01 .parts tr")) == len(found["points"])
    page.click("#detail-H01 .clause:nth-of-type(2)")
    clause = found["demands"][0]
    page.until(lambda: page.shown == len(clause["orders"]))
    ids = [example_payload["orders"]["id"][row] for row in clause["orders"]]
    assert page.texts("#orders .meta bdi:first-child")[0] == ids[0]
    page.click("#orders .order .head")
    assert example_payload["orders"]["text"][clause["orders"][0]] in page.one("#orders .whole").text
    shown = (1, len(clause["orders"]), found["orders"], 694)
    for open_orders, listed in zip((0, 0, 0), shown[1:], strict=True):
        page.keys("\ue00c")
        page.until(lambda listed=listed: page.shown == listed)
        assert len(page.all("#orders .whole")) == open_orders


def test_an_issue_and_a_place_lead_to_their_orders(page: Browser, example_payload: dict[str, Any]) -> None:
    orders, issues = example_payload["orders"], example_payload["issues"]
    page.click("#hotspot-H01")
    page.click("#detail-H01 .issue")
    title = page.texts("#detail-H01 .issue bdi")[0]
    of_issue = [i for i, at in enumerate(orders["issue"]) if at >= 0 and issues[at]["title"] == title]
    page.until(lambda: page.shown == sum(orders["hotspot"][i] == 0 for i in of_issue))
    page.click("#detail-H01 .place")
    name = page.texts("#detail-H01 .place bdi")[0]
    said = [orders["place"][i] + "\n" + orders["title"][i] + "\n" + orders["text"][i] for i in range(694)]
    page.until(lambda: page.shown == sum(orders["hotspot"][i] == 0 and name in said[i] for i in range(694)))


def test_a_link_brings_the_view_back(page: Browser, example_file: Path, example_payload: dict[str, Any]) -> None:
    pick(page, "unit", example_payload["orders"]["unit"]["names"][0])
    page.one("#search").send_keys("反映")
    page.until(lambda: "q=" in page.driver.current_url)
    page.click("#hotspots .hotspot:not(.rest) .head")
    page.until(lambda: "hotspot=" in page.driver.current_url)
    page.click("#orders .order .head")
    page.until(lambda: "order=" in page.driver.current_url)
    shown, whole, address = page.shown, page.one("#orders .whole").text, page.driver.current_url
    page.run("Object.defineProperty(navigator, 'clipboard', {value: {writeText: t => (window.copied = t, null)}})")
    page.click("#copy")
    page.until(lambda: page.run("return window.copied") == address)
    assert "已复制" in page.one(".message").text
    page.open(example_file, address[address.index("#") :])
    page.until(lambda: page.shown == shown)
    assert page.one("#orders .whole").text == whole
    assert page.one("#search").get_attribute("value") == "反映"
    page.open(example_file, "#hotspot=H99&unit=没有这个单位&from=xx&order=zz&tab=q&demand=7")
    assert page.shown == 694
    assert page.errors() == []


def test_back_closes_a_hotspot(page: Browser) -> None:
    page.click("#hotspot-H01")
    page.until(lambda: page.shown < 694)
    page.driver.back()
    page.until(lambda: page.shown == 694)


def test_without_a_clipboard_the_link_is_shown(page: Browser) -> None:
    page.run("Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false")
    page.click("#hotspot-H02")
    page.click("#copy")
    page.until(lambda: page.all(".address"))
    assert page.one(".address").get_attribute("value") == page.driver.current_url


def test_export_reads_back(page: Browser, example_payload: dict[str, Any]) -> None:
    page.click("#hotspot-H01")
    page.until(lambda: page.shown == example_payload["hotspots"][0]["orders"])
    for selector, name in (("#export", "工单.csv"), ("#export-hotspots", "热点.csv")):
        page.click(selector)
        path = page.downloads / name
        page.until(path.exists)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    orders = example_payload["orders"]
    table = pd.read_csv(page.downloads / "工单.csv", dtype=str, keep_default_na=False)
    rows = [i for i, at in enumerate(orders["hotspot"]) if at == 0]
    assert table["工单编号"].tolist() == [orders["id"][i] for i in rows]
    assert table["内容"].tolist() == [orders["text"][i] for i in rows]
    assert set(table["热点"]) == {"H01"}
    hotspots = pd.read_csv(page.downloads / "热点.csv")
    assert hotspots["热度"].tolist() == [found["heat"] for found in example_payload["hotspots"]]


def test_keyboard_alone(page: Browser) -> None:
    page.keys("/")
    assert page.run("return document.activeElement.id") == "search"
    page.run("document.getElementById('hotspot-H01').focus()")
    page.keys("\ue015")
    assert page.run("return document.activeElement.id") == "hotspot-H02"
    outline = page.run("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keys("\ue007")
    page.until(lambda: page.all("#detail-H02"))
    assert page.run("return document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keys("\ue00c")
    page.until(lambda: not page.all("#detail-H02"))
    assert page.run("return document.activeElement.id") == "hotspot-H02"
    page.run("document.querySelector('#orders .order .head').focus()")
    row = "return Number(document.activeElement.dataset.row)"
    page.keys("\ue015")
    page.until(lambda: page.run(row) == 1)
    page.keys("\ue010")
    page.until(lambda: page.run(row) == 693)
    page.keys("\ue011")
    page.until(lambda: page.run(row) == 0)
    page.run("document.getElementById('facet-unit').focus()")
    page.keys("\ue007")
    page.until(lambda: page.run("return document.activeElement.matches('.values input')"))
    page.keys("\ue00c")
    page.until(lambda: page.run("return document.activeElement.id") == "facet-unit")


def test_everything_has_a_name(page: Browser) -> None:
    page.click("#hotspot-H01")
    nameless = page.run(
        "return [...document.querySelectorAll('button, input, [role=img], section')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label')))"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert nameless == []


@pytest.mark.parametrize(("width", "height"), [(1366, 660), (1079, 700), (390, 844)])
def test_no_width_scrolls_sideways(page: Browser, example_file: Path, width: int, height: int) -> None:
    page.size(width, height)
    for fragment in ("", "#tab=map", "#hotspot=H01", "#hotspot=H01&demand=1&tab=orders"):
        page.open(example_file, fragment)
        assert page.too_wide <= 0, fragment
    assert page.errors() == []


def test_a_phone_goes_from_clause_to_orders(page: Browser, example_file: Path) -> None:
    page.size(390, 844)
    page.open(example_file)
    page.click("#more")
    assert page.one("#facet-unit").is_displayed()
    page.click("#more")
    page.click("#hotspot-H01")
    assert not page.one("#orders").is_displayed()
    page.click("#detail-H01 .clause:nth-of-type(2)")
    page.until(lambda: page.one("#orders").is_displayed())
    assert page.all("#orders .order")


def test_the_printed_table_s_headings_stand_on_one_line(page: Browser) -> None:
    page.size(673, 900)  # A4 between its margins
    page.run("dispatchEvent(new Event('beforeprint'))")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    page.run("document.querySelector('#sheet td bdi').textContent = '长'.repeat(60)")
    heights = page.run("return [...document.querySelectorAll('#sheet tr')].map(r => r.offsetHeight)")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    page.run("dispatchEvent(new Event('afterprint'))")
    assert heights[0] <= min(heights[1:])


@pytest.mark.parametrize("chosen", ["", "#hotspot=H01"])
def test_no_label_of_the_map_is_cut_off(page: Browser, example_file: Path, chosen: str) -> None:
    """Whatever is drawn at the very edge of the map is cut off there; turned sideways, a phone draws it anew."""
    page.open(example_file, chosen)
    page.size(640, 844)
    page.size(390, 844)
    page.run("[...document.querySelectorAll('nav button')].find(b => b.textContent === '地图和日期').click()")
    at_edge = """
        const canvas = document.querySelector('.map canvas'), pen = canvas.getContext('2d');
        return [0, canvas.width - 2].flatMap((x) => [...pen.getImageData(x, 0, 2, canvas.height).data])
            .filter((value, at) => at % 4 === 3 && value > 0).length"""
    page.until(lambda: page.run("return document.querySelector('.map canvas').clientWidth") in range(1, 391))
    page.until(lambda: page.run(at_edge) == 0)


def test_paper(page: Browser) -> None:
    page.click("#hotspot-H01")
    pdf = base64.b64decode(page.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 50_000
    page.until(lambda: page.run("return document.getElementById('sheet').childElementCount") == 0)
    page.run("dispatchEvent(new Event('beforeprint'))")
    sheet = page.run("return document.getElementById('sheet').textContent")
    assert "列出工单" in sheet
    assert page.run("return document.querySelectorAll('#sheet canvas').length") == 2
    page.run("dispatchEvent(new Event('afterprint'))")


HOSTILE = [
    "<script>window.hit=1</script><img src=x onerror='window.hit=1'>路灯不亮",
    "</script><script>window.hit=1</script>路灯不亮",
    "\"'`&amp;&lt;b&gt;${window.hit=1}{{7*7}}路灯不亮",
    '=HYPERLINK("http://a.example","点")路灯不亮',
    "😀👩‍👩‍👧‍👦𠮷路灯不亮\u2067倒过来\u2066没有收尾",
    '多行\n第二行,带逗号"引号"路灯不亮',
    "长" * 19_990 + "路灯不亮",
]


def test_hostile_texts_are_only_texts(browser: Browser, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "工单编号": [f"N{i:03d}" for i in range(len(HOSTILE) * 2)],
            "来电时间": [f"2022-06-{i + 1:02d} 08:00" for i in range(len(HOSTILE) * 2)],
            "标题": [text[:60] for text in HOSTILE] * 2,
            "诉求内容": HOSTILE + [f"{text}又" for text in HOSTILE],
            "承办单位": ["<b>局</b>", '"onmouseover=window.hit=1'] * len(HOSTILE),
        }
    )
    result = hotspot.detect(frame)
    path = tmp_path / "页.html"
    path.write_text(hotspot.explore(result, source="<img src=x onerror=window.hit=1>.csv"), encoding="utf-8")
    browser.size(1366, 660)
    browser.requests()
    browser.open(path)
    kept = dict(zip(result.orders["order_id"], result.orders["text"], strict=True))
    for order, text in kept.items():
        browser.open(path, f"#order={order}")
        browser.until(lambda: browser.all("#orders .whole .text"))
        assert browser.run("return document.querySelector('#orders .whole .text').textContent") == text
        assert browser.too_wide <= 0
    assert browser.run("return window.hit ?? null") is None
    assert browser.run("return document.querySelectorAll('#app script, #app img, #app b b').length") == 0
    (browser.downloads / "工单.csv").unlink(missing_ok=True)
    browser.open(path)
    browser.click("#export")
    exported = browser.downloads / "工单.csv"
    browser.until(exported.exists)
    table = pd.read_csv(exported, dtype=str, keep_default_na=False).set_index("工单编号")
    for order, text in kept.items():
        assert table.loc[order, "内容"] == (f"'{text}" if text.startswith("=") else text)
    assert browser.errors() == []
    assert {url for url in browser.requests() if not url.startswith(("data:", "about:", "file:", "blob:"))} == set()


def resampled(payload: dict[str, Any], count: int) -> dict[str, Any]:
    """Make a month of many orders out of the example's: drawn again, each with an id and a place of its own."""
    draw = random.Random(0)
    orders = payload["orders"]
    rows = sorted(draw.choices(range(len(orders["id"])), k=count), key=lambda row: orders["created"][row])
    many = {
        name: {**column, "codes": [column["codes"][row] for row in rows]}
        if isinstance(column, dict)
        else [column[row] for row in rows]
        for name, column in orders.items()
    }
    many["id"] = [f"{i}-{order}" for i, order in enumerate(many["id"])]
    for axis in "xy":
        many[axis] = [min(10_000, max(0, value + draw.randint(-300, 300))) for value in many[axis]]
    drawn: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        drawn.setdefault(row, []).append(i)

    def again(clause: dict[str, Any]) -> dict[str, Any]:
        return {**clause, "orders": [i for row in clause["orders"] for i in drawn.get(row, [])]}

    hotspots = [
        {**found, "lead": found["lead"] and again(found["lead"]), "demands": [again(c) for c in found["demands"]]}
        for found in payload["hotspots"]
    ]
    return {**payload, "orders": many, "hotspots": hotspots}


def test_fifty_thousand_orders(browser: Browser, example_payload: dict[str, Any], tmp_path: Path) -> None:
    told = resampled(example_payload, 50_000)
    path = tmp_path / "大.html"
    path.write_text(page_of(told), encoding="utf-8")
    browser.size(1366, 660)
    browser.open(path)
    browser.until(lambda: browser.shown == 50_000)
    assert len(browser.all("#orders .order")) < 60
    browser.one("#search").send_keys("路灯")
    fields = ("title", "text", "place", "reply")
    found = sum(any("路灯" in told["orders"][f][i] for f in fields) for i in range(50_000))
    browser.until(lambda: browser.shown == found)
    browser.keys("\ue00c")
    browser.until(lambda: browser.shown == 50_000)
    browser.click("#hotspot-H01")
    browser.until(lambda: browser.shown == sum(at == 0 for at in told["orders"]["hotspot"]))
    browser.run("document.querySelector('#orders .order .head').focus()")
    browser.keys("\ue010")
    browser.until(lambda: browser.run("return Number(document.activeElement.dataset.row)") > 40_000)
    assert browser.errors() == []
