"""What the tests of the watch share: a stationary month with a matter that bursts, written by rule."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.orders import read_orders

MONTH = Path(__file__).parents[1] / "data" / "yunze-2023-11.csv"
BURST = (
    "东湖花园三号楼从昨晚开始停水",
    "东湖花园小区没有水,楼上楼下都停了",
    "住东湖花园,家里停水一天了",
    "东湖花园停水没有通知,老人没法做饭",
    "请问东湖花园为什么停水,几时来水",
    "东湖花园五号楼停水两天,没人管",
    "东湖花园物业说停水是水管爆了",
    "东湖花园二期也停水了,要求送水",
)


@pytest.fixture(scope="session")
def month() -> pd.DataFrame:
    return read_orders(MONTH)


@pytest.fixture(scope="session")
def shuffled(month: pd.DataFrame) -> pd.DataFrame:
    """The month with its days dealt out anew: no matter comes more often on any day than chance has it."""
    random = np.random.default_rng(7)
    dealt = month.assign(created=random.permutation(month["created"].to_numpy()), closed=pd.NaT)
    return as_orders(dealt)


def as_orders(frame: pd.DataFrame) -> pd.DataFrame:
    from hotspot.orders import orders_from_frame

    plain = pd.DataFrame(frame)
    plain.attrs.clear()
    return orders_from_frame(plain.drop(columns=["yellow_cards", "red_cards"], errors="ignore")).orders


def with_burst(orders: pd.DataFrame, day: str) -> pd.DataFrame:
    """Add a burst of one matter: eight callers within two days."""
    times = pd.date_range(f"{day} 08:00", periods=len(BURST), freq="4h")
    extra = pd.DataFrame(
        {"order_id": [f"B{i}" for i in range(len(BURST))], "created": times, "title": "", "text": BURST, "caller": ""}
    )
    plain = pd.DataFrame(orders)
    plain.attrs.clear()
    return as_orders(pd.concat([plain.drop(columns="closed").astype(object), extra.astype(object)]).fillna(""))
