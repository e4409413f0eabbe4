"""Mask what identifies a person before any other room sees the text.

Masked: mobile and landline numbers, resident ID numbers, bank cards, licence plates, e-mail addresses, messenger ids
and personal names *given as such* ('王先生', '张某某', '我叫…', '来电人陈某某反映'). Places, companies, estates and schools stay:
detection needs them, and they identify no one.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import pandas as pd

from ._resources import word_list

__all__ = ["MASKS", "mask", "mask_series"]

MASKS = {
    "mobile": "〔手机〕",
    "phone": "〔电话〕",
    "id": "〔身份证〕",
    "card": "〔银行卡〕",
    "plate": "〔车牌〕",
    "email": "〔邮箱〕",
    "account": "〔账号〕",
    "name": "〔姓名〕",
}

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z][·•.\-\s]?(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{{4,6}}[挂学警港澳]?(?![A-Za-z0-9])"
)
_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?:[ \-]?\d){13,18}[Xx]?(?![\dA-Za-z])")
_CUED_ID = re.compile(r"(身份证(?:号码|号)?(?:是|为)?[::\s]{0,3})(\d{6,17}[\dXx*]{1,12})")
_CUED_CARD = re.compile(r"((?:银行卡|卡号|账号|帐号|账户|存折)(?:号码|号)?(?:是|为)?[::\s]{0,3})(\d(?:[ \-]?\d){9,24})")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<![\d.])(?:[((]0\d{2,3}[))]|0\d{2,3})[ \-—]?[2-9]\d{2}[ \-]?\d{4,5}(?!\d)")
_CUED_PHONE = re.compile(r"((?:电话|座机|固话|致电|手机)(?:号码|号)?(?:是|为)?[::\s]{0,3})([2-9]\d{6,7})(?!\d)")
_CUED_ACCOUNT = re.compile(
    r"((?:QQ|qq|微信|WeChat|wechat)(?:号码|号|群号|群)?(?:是|为)?[::\s]{0,3})([A-Za-z0-9][A-Za-z0-9_\-]{4,19})"
)

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ID_FIRST_YEAR = 1900


def _is_resident_id(digits: str) -> bool:
    """Check the ISO 7064 MOD 11-2 digit of GB 11643 (18 digits), or the birth date of the old 15-digit form."""
    if len(digits) == 15 and digits.isdigit():
        return _is_date(int("19" + digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == digits[17].upper()


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= _ID_FIRST_YEAR
    except ValueError:
        return False


def _is_bank_card(digits: str) -> bool:
    """Check length and the Luhn digit (ISO/IEC 7812-1)."""
    if not (16 <= len(digits) <= 19 and digits.isdigit() and digits[0] in "34569"):
        return False
    doubled = [int(d) if i % 2 == 0 else sum(divmod(int(d) * 2, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _mask_long_number(match: re.Match[str]) -> str:
    digits = re.sub(r"[ \-]", "", match.group())
    if _is_resident_id(digits):
        return MASKS["id"]
    if _is_bank_card(digits):
        return MASKS["card"]
    return match.group()


# --- names -----------------------------------------------------------------------------------------------------------

_HAN = "\u4e00-\u9fff"
_WHO = "市民|来电人|来访人|来信人|投诉人|诉求人|反映人|举报人|当事人|居民|村民|业主|家长|网民|群众|患者|租客|车主|司机"
_SAYS = "来电|来信|来访|致电|反映|称|表示|投诉|举报|咨询|建议|求助|要求|希望|再次|又"


@cache
def _name_patterns() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
    surnames = sorted(word_list("surnames.txt"), key=lambda s: (-len(s), s))
    # '于' and '向' are surnames and also prepositions: '位于某小区', '向某公司' are not people.
    surname = "(?:" + "|".join(s if s not in "于向" else rf"(?<![位由对关处等至属在基鉴终便用]){s}" for s in surnames) + ")"
    given = f"[{_HAN}]{{1,2}}"
    token = MASKS["name"]

    def whole(_: re.Match[str]) -> str:
        return token

    def keep_before(match: re.Match[str]) -> str:
        return match.group(1) + token

    def keep_before_unless_word(match: re.Match[str]) -> str:
        return match.group() if _is_common_word(match.group(2)) else match.group(1) + token

    return (
        (re.compile(rf"{surname}[{_HAN}]?(?:先生|女士|小姐|太太|大爷|大妈|大叔|阿姨|婆婆|老伯|伯伯)(?![{_HAN}]?们)"), _mask_titled),
        (re.compile(rf"{surname}某(?:某|[甲乙丙丁]|[{_HAN}](?=[,,。、((]))?(?![个些种位条项类处村镇乡县市省区路街小公单部学医企商地局所院人时])"), whole),
        (re.compile(rf"((?:我|本人|他|她|名字)(?:名)?叫(?:做)?|姓名[::是为]\s?|联系人[::是为]\s?)({surname}{given})"), keep_before_unless_word),
        (re.compile(rf"((?:^|[,,。;;::、\s]))({surname}{given})(?=[((](?:联系)?(?:电话|手机|身份证))"), keep_before_unless_word),
        (re.compile(rf"(本人)({surname}{given})(?=[,,。;;、((\s]|身份证|电话)"), keep_before_unless_word),
        (re.compile(rf"({_WHO})({surname}(?!(?:{_SAYS}))[{_HAN}](?!(?:{_SAYS}))[{_HAN}]?)(?=(?:{_SAYS})|[,,::])"), keep_before_unless_word),
        (re.compile(rf"({_WHO})({surname}(?!(?:{_SAYS}))[{_HAN}])(?=(?:{_SAYS})|[,,::])"), keep_before_unless_word),
    )


def _mask_titled(match: re.Match[str]) -> str:
    """'王先生' and '王建国先生' are names; '一位高龄阿姨' is not: a two-character head must not be a common word."""
    head = re.sub(r"(先生|女士|小姐|太太|大爷|大妈|大叔|阿姨|婆婆|老伯|伯伯)$", "", match.group())
    is_word = len(head) > 1 and head not in word_list("surnames.txt") and _is_common_word(head)
    return match.group() if is_word else MASKS["name"]


@cache
def _is_common_word(candidate: str) -> bool:
    """Tell whether jieba's dictionary knows the string as a word that is no person's name."""
    import rjieba

    tags = rjieba.tag(candidate)
    return len(tags) == 1 and rjieba.has_word(candidate) and not tags[0][1].startswith("nr")


# --- public ----------------------------------------------------------------------------------------------------------


def mask(text: str, names: tuple[str, ...] = ()) -> str:
    """Replace what identifies a person by a stable token such as ``〔手机〕``.

    Parameters
    ----------
    text : str
        Any text.
    names : tuple of str, optional
        Full names known to be persons (from the order's own name column); masked wherever they stand.

    Returns
    -------
    str
        The text with tokens of `MASKS`; masking twice changes nothing more.
    """
    if not text:
        return text
    for name in names:
        text = text.replace(name, MASKS["name"])
    if "@" in text:
        text = _EMAIL.sub(MASKS["email"], text)
    if re.search(r"\d", text):
        text = _CUED_ID.sub(lambda m: m.group(1) + MASKS["id"], text)
        text = _LONG_NUMBER.sub(_mask_long_number, text)
        text = _CUED_CARD.sub(lambda m: m.group(1) + MASKS["card"], text)
        text = _MOBILE.sub(MASKS["mobile"], text)
        text = _LANDLINE.sub(MASKS["phone"], text)
        text = _CUED_PHONE.sub(lambda m: m.group(1) + MASKS["phone"], text)
        text = _PLATE.sub(MASKS["plate"], text)
    text = _CUED_ACCOUNT.sub(lambda m: m.group(1) + MASKS["account"], text)
    for pattern, replace in _name_patterns():
        text = pattern.sub(replace, text)
    return text


def full_name(value: str) -> tuple[str, ...]:
    """Return a name-column value as a tuple of one full name, or empty where it is no full name ('王先生', 'A000102948')."""
    value = value.strip()
    if re.fullmatch(f"[{_HAN}]{{2,4}}", value) and not re.search("先生|女士|小姐|某|匿名|市民|群众|网友|居民|村民", value):
        starts = (value[:2] in word_list("surnames.txt") and len(value) > 2) or value[0] in word_list("surnames.txt")
        return (value,) if starts else ()
    return ()


def mask_series(texts: pd.Series, names: pd.Series | None = None) -> pd.Series:
    """Mask a column of texts, each with its own row's full name if `names` is given."""
    if names is None:
        return texts.map(mask)
    return pd.Series([mask(t, full_name(n)) for t, n in zip(texts, names, strict=True)], index=texts.index, dtype=texts.dtype)
