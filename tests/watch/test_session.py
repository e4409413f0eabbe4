"""From a growing source to the folder: nothing is lost, told twice or left half-written."""

import csv
import json
import threading
import time

import pytest
from typer.testing import CliRunner

from hotspot.cli import app
from hotspot.errors import OrdersError, OutputError, WatchError
from hotspot.settings import Settings
from hotspot.watch.folder import WatchFolder
from hotspot.watch.session import Inputs, Told, run_watch

HEAD = "工单编号,来电时间,标题,内容\n"
FAST = Settings.from_dict({"watch": {"poll_seconds": 0.01}})


def line(number, text="小区停水两天,请尽快处理", day=1):
    return f'A{number},2023-11-{day:02d} 08:00:{number % 60:02d},停水{number},"{text}"\n'


def run(source, out, settings=FAST, once=True, **more):
    placed, said = [], []
    counts = run_watch(
        Inputs(str(source), out, once, **more), settings, Told(lambda p, a: placed.append((p, a)), said.append)
    )
    return counts, placed, said


def rows_of(out, name):
    with (out / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def alarms_of(out):
    file = out / "alerts.jsonl"
    return [json.loads(each) for each in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def test_bad_lines_are_set_aside_and_the_rest_goes_on(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out"
    content = HEAD + line(1) + "A2,不知道哪天,停水,没有水\n" + "A3,2023-11-01,停水,没有水,多出一格\n\n" + line(4)
    source.write_bytes(content.encode() + "A5,2023-11-02,停水,".encode() + b"\xff\xfe\n" + line(6).encode())
    counts, placed, said = run(source, out)
    assert [p.order_id for p, _ in placed] == ["A1", "A4", "A6"]
    assert counts.rejected == 3
    assert len(said) == 3
    assert [row["line"] for row in rows_of(out, "rejected.csv")] == ["3", "4", "7"]
    assert [row["order_id"] for row in rows_of(out, "assignments.csv")] == ["A1", "A4", "A6"]


def test_a_quote_that_is_not_closed_costs_one_line(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out"
    source.write_text(HEAD + 'A0,2023-11-01,停水,"没有水\n' + "".join(line(n) for n in range(1, 6)), encoding="utf-8")
    _, placed, _ = run(source, out)
    assert {"A2", "A3", "A4", "A5"} <= {p.order_id for p, _ in placed}
    assert rows_of(out, "rejected.csv")


def test_json_lines_and_gb18030(tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out"
    good = {"工单编号": "A1", "来电时间": "2023-11-01 08:00", "内容": "停水,电话13800001234"}
    source.write_text(
        json.dumps(good) + "\n[1]\n{\n" + json.dumps({"x": 1}) + "\n" + json.dumps(good | {"工单编号": "A2"}) + "\n"
    )
    counts, placed, _ = run(source, out)
    assert [p.order_id for p, _ in placed] == ["A1", "A2"]
    assert counts.rejected == 3
    chinese = tmp_path / "gb.csv"
    chinese.write_bytes((HEAD + line(1)).encode("gb18030"))
    _, placed, _ = run(chinese, tmp_path / "gb")
    assert placed[0][0].order_id == "A1"
    assert "13800001234" not in "".join(f.read_text(encoding="utf-8-sig") for f in out.iterdir())


def test_a_break_in_the_middle_loses_and_repeats_nothing(tmp_path, month):
    source, whole, broken = tmp_path / "in.csv", tmp_path / "whole", tmp_path / "broken"
    lines = lines_of(month)[:126]  # a burst and emergencies come before the break, another emergency after it
    source.write_text("".join(lines), encoding="utf-8")
    run(source, whole)
    source.write_text("".join(lines[:91]) + lines[91][:20], encoding="utf-8")  # the last line is half-written
    placed = []
    run_watch(Inputs(str(source), broken, False), FAST, Told(_stop_after(placed, 90), lambda _: None))
    before = alarms_of(broken)
    source.write_text("".join(lines), encoding="utf-8")
    _, later, said = run(source, broken)
    assert any("接着上次" in text for text in said)
    assert not {p.order_id for p, _ in later} & {p.order_id for p in placed[:89]}
    ids = [row["order_id"] for row in rows_of(broken, "assignments.csv")]
    assert ids == [row["order_id"] for row in rows_of(whole, "assignments.csv")]
    alarms = alarms_of(broken)
    assert [a["orders"] for a in alarms] == [a["orders"] for a in alarms_of(whole)]
    assert {a["kind"] for a in before} == {"险情", "同类突增"} and len(alarms) > len(before)
    assert _groups(broken) == _groups(whole)
    again, _, _ = run(source, broken)
    assert again.orders == 0
    assert len(rows_of(broken, "assignments.csv")) == len(ids)


def _stop_after(placed, number):
    def note(placement, _):
        placed.append(placement)
        if len(placed) == number:
            raise KeyboardInterrupt

    return note


def _groups(out):
    return sorted(row["order_ids"] for row in rows_of(out, "issues.csv"))


def lines_of(orders):
    frame = orders[["order_id", "created", "department", "title", "text"]]
    text = frame.set_axis(["工单编号", "来电时间", "承办单位", "标题", "内容"], axis=1).to_csv(index=False)
    return text.splitlines(keepends=True)


def test_a_result_that_cannot_be_written_is_named(tmp_path):
    folder = WatchFolder(tmp_path)
    (tmp_path / "rejected.csv").mkdir()
    with pytest.raises(OutputError, match=r"写不进.*rejected\.csv"):
        folder.write_rejected([(2, "A1", "来电时间读不出")])
    folder.close()


def test_half_written_results_are_completed(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out"
    source.write_text(HEAD + "".join(line(n) for n in range(1, 4)), encoding="utf-8")
    run(source, out)
    file = out / "assignments.csv"
    file.write_bytes(file.read_bytes() + b"A9,2023-")  # the power went
    with source.open("a", encoding="utf-8") as stream:
        stream.write(line(4))
    run(source, out)
    assert [row["order_id"] for row in rows_of(out, "assignments.csv")] == ["A1", "A2", "A3", "A4"]


def test_a_growing_file_is_followed_and_a_replaced_one_noticed(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out"
    source.write_text(HEAD + line(1), encoding="utf-8")
    placed, said = [], []
    wanted = {"A1", "A2", "A3"}

    def note(placement, _):
        placed.append(placement.order_id)
        if set(placed) == wanted:
            raise KeyboardInterrupt

    def write():
        _wait_for(lambda: "A1" in placed)
        with source.open("a", encoding="utf-8") as stream:
            stream.write(line(2)[:12])
            stream.flush()
            time.sleep(0.1)
            stream.write(line(2)[12:])
        _wait_for(lambda: "A2" in placed)
        other = tmp_path / "other.csv"
        other.write_text(HEAD + line(1) + line(3), encoding="utf-8")
        other.replace(source)

    writer = threading.Thread(target=write)
    writer.start()
    run_watch(Inputs(str(source), out), FAST, Told(note, said.append))
    writer.join()
    assert placed == ["A1", "A2", "A3"]
    assert any("从头读起" in text for text in said)
    assert not (out / "rejected.csv").exists()


def _wait_for(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)


def test_two_watches_do_not_share_a_folder(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(HEAD + line(1), encoding="utf-8")
    folder = WatchFolder(tmp_path / "out")
    with pytest.raises(WatchError, match="另一个"):
        run(source, tmp_path / "out")
    folder.close()
    assert run(source, tmp_path / "out")[0].orders == 1


def test_a_damaged_state_is_told(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out"
    source.write_text(HEAD + line(1), encoding="utf-8")
    run(source, out)
    (out / "state.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(WatchError, match="已损坏"):
        run(source, out)


def test_what_is_no_orders_file_is_refused(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("随便什么\n没有表头\n", encoding="utf-8")
    with pytest.raises(OrdersError, match="没有认得的表头"):
        run(source, tmp_path / "out")
    with pytest.raises(OrdersError, match="找不到文件"):
        run(tmp_path / "none.csv", tmp_path / "out2")


def test_the_command(tmp_path):
    runner = CliRunner()
    text = HEAD + line(1) + line(2, "某桥坍塌,有人被困,请马上救援", 2)
    result = runner.invoke(app, ["watch", "-", "-o", str(tmp_path / "out")], input=text.encode())
    assert result.exit_code == 0, result.output
    assert "【险情】" in result.output
    assert "看了 2 件工单" in result.output
    assert [a["kind"] for a in alarms_of(tmp_path / "out")] == ["险情"]
    bad = runner.invoke(app, ["watch", str(tmp_path / "none.csv"), "-o", str(tmp_path / "out")])
    assert bad.exit_code == 1
    assert "错误" in bad.output
