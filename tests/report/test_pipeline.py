"""The whole way, with the real detection and draft: the example month, and a month in another order of rows."""

from pathlib import Path

import pandas as pd
import pytest

from hotspot.report import write_report
from hotspot.report.model import Topic
from hotspot.report.produce import Inputs, produce_report
from hotspot.settings import Settings

from .conftest import EXAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_the_example_month(example_settings: Settings, tmp_path: Path) -> None:
    cells = pd.read_csv(EXAMPLE / "orders.csv", dtype="str", keep_default_na=False)
    cells.sample(frac=1, random_state=11).to_csv(tmp_path / "乱序.csv", index=False)
    knowledge = EXAMPLE / "knowledge.csv"
    made = [
        produce_report(Inputs(path, "2022-06", knowledge=knowledge), example_settings)
        for path in (EXAMPLE / "orders.csv", tmp_path / "乱序.csv")
    ]
    topics = [b for s in made[0].document.sections for b in s.blocks if isinstance(b, Topic)]
    assert len(topics) == example_settings.draft.hotspots
    assert made[0].document.problems == ()
    for report, name in zip(made, ("甲", "乙"), strict=True):
        write_report(report, [tmp_path / f"{name}.docx", tmp_path / f"{name}.html", tmp_path / f"{name}.md"])
    for suffix in (".docx", ".html", ".md", ".evidence.csv"):
        assert (tmp_path / f"甲{suffix}").read_bytes() == (tmp_path / f"乙{suffix}").read_bytes(), suffix


def test_history_finds_the_hotspots_of_the_month_before(tmp_path: Path) -> None:
    """The same month told as if it were the one before: every hotspot goes on, none is new."""
    cells = pd.read_csv(EXAMPLE / "orders.csv", dtype="str", keep_default_na=False)
    cells = cells.drop(columns="办结时间").head(400)
    cells.to_csv(tmp_path / "六月.csv", index=False)
    for column, old, new in (("来电时间", "2022-06", "2022-05"), ("来电时间", "2022-05", "2022-05")):
        cells[column] = cells[column].str.replace(old, new, regex=False)
    cells["来电时间"] = cells["来电时间"].str.replace("-31", "-30", regex=False)
    cells.to_csv(tmp_path / "五月.csv", index=False)
    report = produce_report(Inputs(tmp_path / "六月.csv", "2022-06", history=[tmp_path / "五月.csv"]), Settings())
    text = "".join(getattr(b, "text", "") for b in report.document.sections[0].blocks)
    assert "与上月\uff082022年5月\uff0c400件\uff09相比" in text
    assert "持续的有\uff1a" in text
