from pathlib import Path

import pytest

from hotspot.classify import Router, general_catalogue, load_catalogue
from hotspot.classify.catalogue import TERRITORIAL, is_town
from hotspot.errors import SettingsError


def write(path: Path, text: str, codec: str = "utf-8") -> Path:
    path.write_bytes(text.encode(codec))
    return path


def test_the_general_catalogue_covers_the_usual_units() -> None:
    names = set(general_catalogue().names)
    assert {"公安局", "住建局", "城管局", "人社局", "医保局", "供电公司", "公积金中心", "残联", "统战部"} <= names


def test_office_names_are_mapped_to_kinds() -> None:
    kind = general_catalogue().kind_of
    assert kind("住管局") == "住建局"
    assert kind("某某县公安局") == "公安局"
    assert kind("生态环境局翁源分局") == "生态环境局"
    assert kind("东河镇") == TERRITORIAL
    assert kind("不存在的单位") is None


def test_towns_are_told_by_their_names() -> None:
    assert is_town("东河镇") and is_town("城关街道办事处") and is_town("白云乡人民政府")
    assert not is_town("公安局") and not is_town("乡村振兴局")


def test_all_faults_are_listed_with_their_rows(tmp_path: Path) -> None:
    rows = ["公安局,,,", "公安局,,,", "某办,不存在的局,,", "东河镇,,,上村、石桥村", "西山镇,,,石桥村", ",,,"]
    text = "\n".join(["单位,归口,别名,所辖地点", *rows])
    with pytest.raises(SettingsError) as caught:
        load_catalogue(write(tmp_path / "c.csv", text))
    message = str(caught.value)
    assert "有 4 处问题" in message
    assert "第 3 行：“公安局”与第 2 行重复" in message
    assert "第 4 行：归口单位“不存在的局”不存在" in message
    assert "第 6 行：地点“石桥村”同时属于“西山镇”和第 5 行的“东河镇”" in message
    assert "第 7 行：“单位”是空的" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [("部门名,职责\n甲,乙\n", "缺少“单位”"), ("", "不是有效的 csv"), ("单位\n", "没有任何单位")],
)
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_catalogue(write(tmp_path / "c.csv", text))


def test_a_missing_file_is_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="catalogue init"):
        load_catalogue(tmp_path / "none.csv")


def test_gb18030_and_english_headings(tmp_path: Path) -> None:
    found = load_catalogue(write(tmp_path / "c.csv", "department,keywords\n低空办,无人机\n", "gb18030"))
    assert found.names == ("低空办",)


def test_it_survives_being_written_and_read() -> None:
    from hotspot.classify.catalogue import parse_catalogue

    assert parse_catalogue(general_catalogue().to_csv(), "x", general=True) == general_catalogue()


def test_a_catalogue_alone_suggests_on_day_one() -> None:
    router = Router.from_catalogue(general_catalogue(), shipped=False)
    assert router.targets == ("department",)
    assert router.suggest("村里自来水停水好几天了").department.label == "水利局"


def test_place_votes_decide_the_town(tmp_path: Path) -> None:
    found = load_catalogue(write(tmp_path / "c.csv", "单位,所辖地点\n东河镇,上村\n西山镇,石桥村\n"))
    assert found.town_of("石桥村石桥村和上村都停水") == ("西山镇", "石桥村")
    assert found.town_of("哪里都没有提到") is None
