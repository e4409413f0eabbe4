from pathlib import Path

import pandas as pd
import pytest

from hotspot.classify import Router, general_catalogue, train_router

NATURES = ("咨询", "投诉", "建议")
OPENINGS = {"咨询": "咨询一下", "投诉": "投诉", "建议": "建议重视"}


def history() -> pd.DataFrame:
    """Labelled orders made of the catalogue's own examples: no data from elsewhere."""
    rows = []
    for unit in general_catalogue().units:
        if unit.name not in ("公安局", "住建局", "教育局", "城管局", "人社局", "水利局", "医保局", "交通运输局"):
            continue
        for i, example in enumerate(unit.examples):
            nature = NATURES[i % 3]
            rows.append(
                (
                    f"{unit.name}{i}",
                    f"{OPENINGS[nature]}:{example}",
                    f"市民来电反映{example},希望处理。",
                    unit.name,
                    nature,
                )
            )
    return pd.DataFrame(rows, columns=["工单编号", "标题", "内容", "承办单位", "工单类型"])


@pytest.fixture(scope="session")
def orders() -> pd.DataFrame:
    return history()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, orders: pd.DataFrame) -> Path:
    folder = tmp_path_factory.mktemp("models") / "department"
    train_router(orders, "department", out=folder, validate=False)
    return folder


@pytest.fixture(scope="session")
def router(trained: Path) -> Router:
    return Router.load(trained)
