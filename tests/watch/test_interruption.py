"""Stopped at any moment: every alarm reaches the screen and the file, and the files are what they would have been."""

import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspot.watch import folder as folders
from hotspot.watch.folder import WatchFolder

from .test_session import HEAD, alarms_of, line, lines_of, rows_of, run

URGENT = {
    2: "南桥突然坍塌,有人被困在河里,请马上救援",
    5: "屋后山体滑坡,两个人被埋了,快来救人",
    9: "仓库起火了,浓烟很大,有人没出来",
}
LINES = [line(n, URGENT.get(n, "小区停水两天,请尽快处理"), 1 + n // 4) for n in range(1, 12)] + [
    "坏行,不知哪天,停水,没有水\n"
]
RESULTS = ("assignments.csv", "alerts.jsonl", "rejected.csv")


class KilledError(BaseException):
    """The process ends here: nothing that comes later is done."""


def end_at(monkeypatch, number, share):
    """End at a write: of the bytes of that one only a share is written."""
    append, count = WatchFolder._append, 0

    def ending(self, name, content, head=""):
        nonlocal count
        count += bool(content)
        if content and count == number:
            with (self.path / name).open("ab") as stream:
                lines = (content if stream.tell() else head + content).encode()
                stream.write(lines[: int(share * len(lines))])
            raise KilledError
        append(self, name, content, head)

    monkeypatch.setattr(WatchFolder, "_append", ending)


def run_until_killed(source, out, shown):
    """Run, and say whether it came to its end; what it showed is added."""
    from hotspot.watch.session import Inputs, Told, run_watch

    from .test_session import FAST

    def show(placement, alarms):
        shown.extend([(placement.order_id, ""), *((placement.order_id, alarm.kind) for alarm in alarms)])

    try:
        run_watch(Inputs(str(source), out, True), FAST, Told(show, lambda _: None))
    except KilledError:
        return False
    return True


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    where = tmp_path_factory.mktemp("undisturbed")
    source, out = where / "in.csv", where / "out"
    source.write_text(HEAD + "".join(LINES), encoding="utf-8")
    run(source, out)
    assert len(alarms_of(out)) >= 3
    return source, {name: (out / name).read_bytes() for name in RESULTS}


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 1)), min_size=1, max_size=3))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_killed_at_any_write_nothing_is_lost_and_no_alarm_is_silent(undisturbed, tmp_path_factory, ends):
    source, expected = undisturbed
    out, shown = tmp_path_factory.mktemp("killed") / "out", []
    for number, share in ends:
        with pytest.MonkeyPatch.context() as patch:
            end_at(patch, number, share)
            run_until_killed(source, out, shown)
    assert run_until_killed(source, out, shown)
    assert {name: (out / name).read_bytes() for name in RESULTS} == expected
    told = {(alarm["orders"][-1], alarm["kind"]) for alarm in alarms_of(out)}
    assert told == {(order, kind) for order, kind in shown if kind}
    assert len(shown) - len(set(shown)) <= 2 * len(ends)  # again only what was shown at that very moment


def test_killed_while_the_state_is_written_the_former_one_holds(undisturbed, tmp_path, monkeypatch):
    source, expected = undisturbed
    out, shown = tmp_path / "out", []
    with monkeypatch.context() as patch:
        end_at(patch, 8, 0.5)
        assert not run_until_killed(source, out, shown)

    def ending(*_):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(folders, "write_files", ending)
        assert not run_until_killed(source, out, shown)
    assert run_until_killed(source, out, shown)
    assert {name: (out / name).read_bytes() for name in RESULTS} == expected


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_stopped_in_the_middle(tmp_path, number, month):
    source, out = tmp_path / "live.csv", tmp_path / "out"
    urgent = [line(n, text, 2) for n, text in URGENT.items()]
    rows = lines_of(month)[:150]
    total = len(rows) - 1 + len(urgent)
    source.write_text("".join([*rows[:40], *urgent[:1], *rows[40:], *urgent[1:]]), encoding="utf-8")
    command = [sys.executable, "-c", "from hotspot.cli import app; app()", "watch", str(source), "-q", "-o", str(out)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
    until = time.monotonic() + 300
    while not (out / "alerts.jsonl").exists() and time.monotonic() < until:
        time.sleep(0.02)
    first.send_signal(number)
    before = first.communicate(timeout=300)[0].decode()
    if number == signal.SIGINT:
        assert first.returncode == 0
        for name in ("assignments.csv", "alerts.jsonl", "issues.csv"):
            assert (name in before) == (out / name).exists()
        assert "rejected.csv" not in before
    seen = len(rows_of(out, "assignments.csv")) if (out / "assignments.csv").exists() else 0
    assert seen < total
    again = subprocess.run([*command, "--once"], capture_output=True, env=os.environ, timeout=600, check=True)
    after = again.stdout.decode()
    assert f"本次看了 {total - seen} 件工单" in after
    if seen:
        assert "现在补看" in again.stderr.decode()
    assert len({row["order_id"] for row in rows_of(out, "assignments.csv")}) == total
    for alarm in alarms_of(out):
        assert alarm["text"].partition("：")[2] in before + after
    assert len(alarms_of(out)) >= len(URGENT)
