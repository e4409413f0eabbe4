"""Settings files: checked whole, errors in Chinese."""

import pytest

from hotspot.errors import SettingsError
from hotspot.settings import Settings, load_settings


def test_defaults_without_a_file() -> None:
    assert load_settings(None) == Settings()


def test_file_is_read(tmp_path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[region]\ntowns = ["龙仙镇"]\n[columns]\n"内容" = "诉求详情"\n', encoding="utf-8-sig")
    settings = load_settings(path)
    assert settings.region.towns == ("龙仙镇",)
    assert settings.columns == {"内容": "诉求详情"}
    assert settings.heat == Settings().heat


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[heat]\nvolume = -1\n", "heat.volume.*不能小于 0"),
        (
            '[heat]\nvolumes = 1\n[draft]\nhotspots = "两"\n',
            "有 2 处不对.*heat.volumes.*没有这一项.*draft.hotspots.*应是整数",
        ),
        ("[region]\ntowns = 3\n", "region.towns.*应是列表"),
        ('region = "某县"\n', "region.*应是一节"),
        ("[report]\nrounding = 'up'\n", "report.rounding.*只能是"),
        ("[heat\n", "不是有效的 TOML"),
    ],
)
def test_errors_say_where_and_what(tmp_path, text: str, told: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load_settings(path)


def test_other_encodings_and_missing_files(tmp_path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes("[office]\nname = '某县'\n".encode("gb18030"))
    with pytest.raises(SettingsError, match="不是 UTF-8"):
        load_settings(path)
    with pytest.raises(SettingsError, match="找不到设置文件"):
        load_settings(tmp_path / "none.toml")


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().heat.volume = 1


def test_fonts_left_out_keep_their_defaults() -> None:
    fonts = Settings.from_dict({"report": {"fonts": {"body": "宋体"}}}).report.fonts
    assert (fonts["body"], fonts["heading"]) == ("宋体", "黑体")
