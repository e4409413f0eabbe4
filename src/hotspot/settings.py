"""Settings: local truth as data. A TOML file, checked whole, its errors told in Chinese."""

import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .errors import SettingsError

__all__ = [
    "DetectSettings",
    "DraftSettings",
    "HeatWeights",
    "ReportSettings",
    "Settings",
    "WatchSettings",
    "WriterSettings",
    "load_settings",
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(_Section):
    """Who writes the report, and about where."""

    name: str = ""
    """Full name of the office, e.g. 某县12345政务服务便民热线管理办公室."""
    region: str = ""
    """Full name of the county or city, e.g. 某县."""
    region_word: str = ""
    """How the text speaks of it: 我县, 我市, 我区; empty: from the last character of `region`."""
    hotline: str = ""
    """The hotline whose orders the place handles, e.g. 某市12345政务服务便民热线; empty: the place's own."""
    contacts: dict[str, str] = {}
    """What closes the report, label to value in this order: 电话, 邮箱, 网站 …"""


class Region(_Section):
    """Units of the county."""

    towns: tuple[str, ...] = ()
    """Names of the towns; empty: units that end in 镇, 乡 or 街道."""


class Words(_Section):
    """Local vocabulary."""

    user_words: tuple[str, ...] = ()
    """Words that segmentation must keep whole."""
    stop_words: tuple[str, ...] = ()
    """Words that say nothing here."""


class DetectSettings(_Section):
    """How issues and hotspots are found; every default holds for any county."""

    issue_similarity: float = Field(default=0.1, gt=0, lt=1)
    """Mean similarity (0 to 1: shared rare words, strings and meaning) below which orders do not stand out as one."""
    same_matter: float = Field(default=0.2, gt=0, lt=1)
    """Mean probability that the orders of an issue are of one matter, below which they are none; four or more that
    stand out from all around them need half of it."""
    hotspot_similarity: float = Field(default=1.4, gt=0)
    """Mean likeness in subject, in standard deviations above chance, below which orders are not one hotspot."""
    min_hotspot: int = Field(default=8, ge=2)
    """Fewest distinct texts of a hotspot."""


class HeatWeights(_Section):
    """Weights of heat's parts; each part lies within [0, 1]."""

    volume: float = Field(default=0.6, ge=0)
    focus: float = Field(default=0.15, ge=0)
    growth: float = Field(default=0.2, ge=0)
    spread: float = Field(default=0.1, ge=0)
    urgency: float = Field(default=0.1, ge=0)
    dissatisfaction: float = Field(default=0.1, ge=0)


class DraftSettings(_Section):
    """What the drafted section holds."""

    hotspots: int = Field(default=5, ge=1)
    """How many hotspots the 热点聚焦 section tells of."""
    demands: int = Field(default=7, ge=1)
    """How many demands of each are told at the most."""


class WriterSettings(_Section):
    """The language model that may rewrite the draft; off by default, and then nothing leaves the machine."""

    enabled: bool = False
    """Whether it is used."""
    address: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """OpenAI-compatible address, such as http://127.0.0.1:8000/v1."""
    model: str = ""
    """Name of the model there."""
    key_env: str = ""
    """Environment variable that holds the key; empty: none is needed."""
    timeout: float = Field(default=60, gt=0)
    """Seconds until an answer is given up."""
    retries: int = Field(default=2, ge=0)
    """How often a request that failed on the way is made again."""
    temperature: float = Field(default=0, ge=0, le=2)
    """How freely it writes; 0: as evenly as it can."""
    seed: int = 0
    """Seed of what is left to chance, for models that take one."""


class ReportSettings(_Section):
    """What the monthly report says, and how it writes figures."""

    title: str = ""
    """Title; {region}, {hotline}, {year} and {month} are filled in; empty: made from `Office`."""
    head: str = ""
    """Line above the title; empty: the office's name."""
    red_head: bool = True
    """Whether the head is red with a red rule below, as official documents have it."""
    date: str = ""
    """Date under the signature, such as 2022-07-29; empty: left open to be filled in by hand."""
    seal: str = "代章"
    """Remark behind the signature."""
    copy_to: tuple[str, ...] = ()
    """抄送."""
    send_to: tuple[str, ...] = ()
    """发."""
    editor: str = ""
    """编辑单位; empty: the office's name."""
    top_units: int = Field(default=3, ge=1)
    """How many units a ranking names."""
    decimals: int = Field(default=2, ge=0, le=4)
    """Decimal places of percentages."""
    rounding: Literal["half_up", "half_even", "down"] = "half_up"
    """How percentages are rounded: 四舍五入, 四舍六入五成双, 舍去."""
    strip_zeros: bool = True
    """Whether zeros at the end of a percentage are left out: 90.2% for 90.20%."""
    satisfaction_formula: Literal["not_dissatisfied", "rated"] = "not_dissatisfied"
    """满意率: (surveyed - 不满意) / surveyed, or (满意 + 基本满意) / (surveyed - 未评价)."""
    satisfaction_threshold: float = Field(default=0.8, ge=0, le=1)
    """Units below this rate are named."""
    threshold_orders: int = Field(default=10, ge=1)
    """A rate says little where fewer orders were surveyed: such units are not named."""
    ordinary_channels: tuple[str, ...] = (
        "电话", "热线", "12345热线", "电话热线", "微信", "微信公众号", "网站", "网络", "短信", "APP", "小程序",
    )  # fmt: skip
    """Channels that are not told one by one."""
    special_channels: tuple[str, ...] = ()
    """Channels that are, in this order; empty: all that are not ordinary, by number."""
    unit_order: tuple[str, ...] = ()
    """Units in the order in which equal ones stand in the annex; empty: by name."""
    emergencies: int = Field(default=3, ge=0)
    """How many emergencies are told at the most."""
    slow_hours: float = Field(default=24, gt=0)
    """An emergency that took longer than this is said to have."""
    small_base: int = Field(default=30, ge=1)
    """A change against fewer orders than this is said to rest on a small base."""
    charts: bool = True
    """Whether charts are drawn."""
    fonts: dict[str, str] = {
        "title": "方正小标宋简体",
        "heading": "黑体",
        "subheading": "楷体",
        "body": "仿宋",
        "footer": "宋体",
    }
    """Names of the fonts in Word files; those left out stay as they are."""

    @field_validator("fonts")
    @classmethod
    def _all_fonts(cls, value: dict[str, str]) -> dict[str, str]:
        return {**cls.model_fields["fonts"].default, **value}


class WatchSettings(_Section):
    """How orders are watched as they come."""

    window_days: int = Field(default=62, ge=14)
    """Days that are kept in view: this month and the one before."""
    most_orders: int = Field(default=20_000, ge=100)
    """Orders that are kept in view at the most; the oldest leave first."""
    recluster: float = Field(default=0.1, gt=0, le=1)
    """All issues are found anew whenever so large a share of the orders in view has come since the last time."""
    false_alarms: float = Field(default=1.0, gt=0)
    """Alarms about bursts in thirty days, at the most, where there is nothing but chance."""
    least_callers: int = Field(default=4, ge=2)
    """Fewest callers that an alarm about a burst rests on."""
    poll_seconds: float = Field(default=0.5, gt=0)
    """How often a file is asked whether it has grown."""


class Settings(_Section):
    """All settings; each section may be left out."""

    office: Office = Office()
    region: Region = Region()
    columns: dict[str, str] = {}
    words: Words = Words()
    detect: DetectSettings = DetectSettings()
    heat: HeatWeights = HeatWeights()
    draft: DraftSettings = DraftSettings()
    writer: WriterSettings = WriterSettings()
    report: ReportSettings = ReportSettings()
    watch: WatchSettings = WatchSettings()
    model: str | None = None
    """Sentence model: a folder or name; empty: the packaged one."""

    @classmethod
    def from_dict(cls, values: dict[str, Any], source: str = "设置") -> Self:
        """Check a mapping of settings."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SettingsError(
                f"{source} 有 {error.error_count()} 处不对：" + ";".join(map(_in_chinese, error.errors()))
            ) from None


_MESSAGES = {
    "extra_forbidden": "没有这一项，请检查拼写",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "float_parsing": "应是数字",
    "float_type": "应是数字",
    "string_pattern_mismatch": "应以 http:// 或 https:// 开头",
    "string_type": "应是文字（加引号）",
    "tuple_type": '应是列表，如 ["甲", "乙"]',
    "model_type": "应是一节（[名称]）",
    "dict_type": "应是一节（[名称]）",
    "bool_parsing": "应是 true 或 false",
}


def _in_chinese(error: Any) -> str:
    where = ".".join(map(str, error["loc"]))
    template = _MESSAGES.get(error["type"], "不合要求（" + str(error["msg"]) + ")")
    return f"{where}（现为 {error['input']!r}）{template.format(**error.get('ctx', {}))}"


def load_settings(path: str | Path | None) -> Settings:
    """Read a settings file (TOML, UTF-8); None gives the defaults."""
    if path is None:
        return Settings()
    path = Path(path)
    if not path.is_file():
        raise SettingsError(f"找不到设置文件：{path}。")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} 不是有效的 TOML({error})。文字要加英文引号，列表用方括号。") from error
    return Settings.from_dict(values, path.name)
