"""Mask what identifies a person before any other room sees the text.

Masked: mobile and landline numbers, resident ID numbers, bank cards, licence plates, e-mail addresses, messenger ids
and personal names *given as such* ('王先生', '张某某', '我叫…', '来电人陈某某反映'). Places, companies,
estates and schools stay: detection needs them, and they identify no one.
"""

import re
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
# Both widths of a sign, written as escapes: they look alike, and editors fold one into the other.
_COLON = r":\uff1a"
_OPEN, _CLOSE = r"(\uff08", r")\uff09"
_STOP = rf",\uff0c。;\uff1b、\s{_OPEN}"
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·•.\- ]?(?=[A-HJ-NP-Za-hj-np-z]{{0,5}}\d)[A-HJ-NP-Za-hj-np-z0-9]{{4,6}}"
    r"[挂学警港澳]?(?![A-Za-z0-9])"
)
_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?:[ \-]?\d){13,18}[Xx]?(?![\dA-Za-z])")
_CUED_ID = re.compile(rf"(身份证(?:号码|号)?(?:是|为)?[{_COLON}\s]{{0,3}})(\d{{6,17}}[\dXx*]{{1,12}})")
_PASSPORT = re.compile(
    rf"((?:护照|通行证|军官证)(?:号码|号)?(?:是|为)?[{_COLON}\s]{{0,3}})([A-Za-z]{{0,2}}\d{{7,9}})(?!\d)"
)
_CUED_CARD = re.compile(
    rf"((?:银行卡|卡号|账号|帐号|账户|存折)(?:号码|号)?(?:是|为)?[{_COLON}\s]{{0,3}})(\d(?:[ \-]?\d){{9,24}})"
)
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ \-]?)?1[3-9]\d(?:[ \-.]?\d{4}[ \-.]?\d{4}|[ \-.]\d{3}[ \-.]\d{5})(?!\d)")
_LANDLINE = re.compile(
    rf"(?:[{_OPEN}]0\d{{2,3}}[{_CLOSE}]|(?<![\d.])0\d{{2,3}})[ \-—]?[2-9]\d{{2}}[ \-]?\d{{4,5}}(?!\d)"
)
_CUED_PHONE = re.compile(
    rf"((?:电话|座机|固话|传真|致电|手机)(?:号码|号)?(?:是|为)?[{_COLON}\s]{{0,3}})([2-9]\d{{6,7}})(?!\d)"
)
_CUED_ACCOUNT = re.compile(
    rf"((?:(?<![A-Za-z])(?:QQ|qq|[Ww]e[Cc]hat|[VvWw][Xx])(?![A-Za-z])|[VvWw微薇]信|支付宝|抖音)(?:号码|号|群号|群|账号)?(?:是|为)?[{_COLON}\s]{{0,3}})"
    r"([A-Za-z0-9][A-Za-z0-9_\-]{4,19})(?![A-Za-z0-9_.@])|(?<![A-Za-z])(wxid_[A-Za-z0-9]{6,24})"
)
_FULL_WIDTH = dict(zip(range(0xFF01, 0xFF5F), range(0x21, 0x7F), strict=True))
_FULL_WIDTH = {full: half for full, half in _FULL_WIDTH.items() if chr(half).isalnum() or chr(half) in "+-@"}
_HAS_FULL_WIDTH = re.compile("[\uff0b\uff0d\uff10-\uff19\uff20-\uff3a\uff41-\uff5a]")
_HAS_NUMBER = re.compile(r"\d(?:\W{0,3}\d){5}")
_HAS_LATIN_OR_NUMBER = re.compile("[A-Za-z]|[0-9]{5}")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ID_FIRST_YEAR = 1900


def _is_resident_id(digits: str) -> bool:
    """Check the ISO 7064 MOD 11-2 digit of GB 11643 (18 digits), or the old 15-digit form; both hold a birth date."""
    if len(digits) == 15 and digits.isdigit():
        return _is_date(int("19" + digits[6:8]), int(digits[8:10]), int(digits[10:12]))
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    if not _is_date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
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
#
# A regular expression finds where a name may stand (before a title, behind a role or 'my name is'); jieba's tags then
# say whether one does. Neither alone is enough: '高龄阿姨' has surname and title, '江尾' is tagged as a name.

_HAN = "\u4e00-\u9fff"
_POSTS = "副?(?:总?经理|主任|支书|书记|主席|董事长|[局所院校园科队处厂店站部]长)"
_AREA_HEADS = "副?[县市区镇乡村组]长"
_PROFESSIONS = "老师|医生|护士|律师|警官|法官|教练|教授"
_OFFICES = re.compile(f"{_PROFESSIONS}|{_POSTS}|{_AREA_HEADS}")
_JOBS = re.compile(f"师傅|老板娘?|{_OFFICES.pattern}")
_TITLE = re.compile(
    f"(?<=[{_HAN}])(?:先生|女士|小姐(?!姐)|老?太太|老太|大爷|大妈|大娘|大婶|大叔|大伯|大姐|大哥|大嫂|阿姨|阿婆|婆婆|"
    f"老伯|伯伯|奶奶|爷爷|老汉|老爷子|同学|同志|{_JOBS.pattern})(?!们)"
)
_NOT_BEFORE_JOB = frozenset("任连管查占满向应于成由单和原元时全谈党代")
"""Surnames that are everyday words as well: '原主任' held the office before, '离职时老板说' names no one."""
_SHOP = re.compile("诊所|餐馆|餐厅|饭店|酒楼|超市|烤鱼|牙科|药店|公馆|广场|大厦|花园|幼儿园|工作室|店(?!里|内)")
_WHO = (
    "市民|来电人|来访人|来信人|投诉人|诉求人|反映人|举报人|当事人|经办人|负责人|联系人|法定代表人|法人代表|法人|户主|户名|"
    "居民|村民|业主|家长|网民|网友|群众|患者|租客|车主|司机|房东|老板|邻居|包工头|老师|医生|学生|员工|工人|"
    "丈夫|妻子|老公|老婆|儿子|女儿|父亲|母亲|爸爸|妈妈|爷爷|奶奶|哥哥|弟弟|姐姐|妹妹"
)
_ROLE = re.compile(f"(?:{_WHO})(?:名叫|叫做|叫|姓名|为|是)?[{_COLON}\\s]{{0,2}}(?=[{_HAN}])")
_POST = re.compile(
    f"(?:{_PROFESSIONS}|{_POSTS}|副?[镇乡村组]长|副[县市区]长|(?<![{_HAN}A-Za-z0-9])[县市区]长|"
    "队员|保安|保洁员?|门卫|护工|民警|辅警|协警|交警|城管|干部|网格员|工作人员|客服|业务员|销售员?|驾驶员|收费员|会计|"
    f"同学|同事|朋友|亲属|店主|摊主|承包人|出租人|承租人|原告|被告)(?=[{_HAN}])"
)
_SELF = re.compile(
    f"(?:(?:我|本人|他|她|名字)(?:名)?叫(?:做)?|姓名[{_COLON}是为]\\s?|联系人[{_COLON}是为]\\s?)(?=[{_HAN}])"
)
_SELF_BEFORE_STOP = re.compile(
    rf"((?:本人|我是)(?=[{_HAN}]{{2,4}}(?:[{_STOP}]|身份证|电话)))"
    rf"|((?:^|[{_STOP}{_COLON}])(?=[{_HAN}]{{2,4}}[{_OPEN}](?:联系)?(?:电话|手机|身份证|男|女|〔)))"
)
_NAME_TAGS = frozenset({"nr", "nz", "ns", "nrt", "nrfg"})
_SAYS = "说|称|讲|表示|告诉|答应|承诺"
_FAMILIAR = re.compile(f"(?:[小老阿]([{_HAN}])(?={_SAYS})|([{_HAN}])总(?={_SAYS}|[{_STOP}]|$))")
_NO_FULL_NAME = re.compile(
    "某|匿|佚名|保密|不|未|无名|网|市民|群众|居民|村民|业主|来电|用户|代表|本人|测试|先生|女士|小姐|"
    "^[小老阿].$|^.总$|[镇乡县市区屯组]$"
)
_BODIES = re.compile(".*(?:[局所院部办委站馆厂店厅]|公司|中心|物业|小区)")
_UNITS = ("大队", "中队", "支队", "分局", "街道")
_AREA_ENDS = frozenset("村镇乡县市区路街屯组")
_WINDOW = 10
_MOST_PASSES = 4
"""What is masked changes what stands beside the next: masking is repeated until nothing more changes."""


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Return the surnames of one character, and those of two."""
    words = word_list("surnames.txt")
    return frozenset(w for w in words if len(w) == 1), frozenset(w for w in words if len(w) == 2)


@cache
def _moumou() -> re.Pattern[str]:
    """Return the pattern of '王某', '王某某', '王某甲'; '某' before what counts or names a thing is no person."""
    single, double = (sorted(words) for words in _surnames())
    plain = "".join(s for s in single if s not in "于向时全原元")
    words = f"(?<![位由对关处等至属在基鉴终便用])[于向]|(?:(?<![{_HAN}])|(?<=[民主人员]))[时全原元]"
    surname = f"(?:{'|'.join(double)}|[{plain}]|{words})"
    thing = "个些种位条项类处村镇乡县市省区路街小公单部学医企商地局所院人时"
    return re.compile(rf"{surname}某(?:某|[甲乙丙丁]|[{_HAN}](?=[{_STOP}]))?(?![某{thing}])|{surname}某某")


def _surname_length(head: str) -> int:
    single, double = _surnames()
    return 2 if head[:2] in double else int(head[:1] in single)


def _is_full_name(candidate: str, tag: str) -> bool:
    """Tell whether a token is surname and given name of one or two characters, and no other word."""
    return _has_form_of_name(candidate) and tag in _NAME_TAGS and not _is_common_word(candidate)


def _has_form_of_name(candidate: str) -> bool:
    """Tell whether a string is a known surname and one or two characters, and does not end as bodies' names do."""
    surname = _surname_length(candidate)
    return bool(surname) and 1 <= len(candidate) - surname <= 2 and not _BODIES.fullmatch(candidate)


def _tag(text: str) -> list[tuple[str, str]]:
    import rjieba

    tagged: list[tuple[str, str]] = rjieba.tag(text)
    return tagged


@cache
def _is_common_word(candidate: str) -> bool:
    """Tell whether jieba's dictionary knows the string as a word that is no person's name."""
    import rjieba

    if candidate in word_list("not_names.txt"):
        return True
    tags = rjieba.tag(candidate)
    return len(tags) == 1 and rjieba.has_word(candidate) and not tags[0][1].startswith("nr")


def _mask_titled(text: str) -> str:
    """Mask names before a title: '王先生', '王建国先生', '陈书记'."""
    parts, done = [], 0
    for match in _TITLE.finditer(text):
        length = _length_before(text, match.start(), match.end())
        if length and match.start() - length >= done:
            parts += [text[done : match.start() - length], MASKS["name"]]
            done = match.end()
    return "".join(parts) + text[done:] if parts else text


def _length_before(text: str, start: int, end: int) -> int:
    """Return how many characters before a title are a person's name, 0 for none."""
    left = re.search(f"[{_HAN}]*$", text[max(0, start - _WINDOW) : start]).group()  # type: ignore[union-attr]
    title, right = text[start:end], text[end : end + 4]
    if not any(_surname_length(left[-k:]) for k in (1, 2, 3, 4)) or _SHOP.match(right):
        return 0
    tokens, at = [], 0
    for word, tag in _tag(left + title + right):
        if at >= len(left):
            break
        tokens.append((at, word, tag))
        at += len(word)
    begin, word, tag = tokens[-1]
    head = left[begin:]
    if at > len(left) and at not in (len(left) + len(title), len(left) + title.startswith("副")):
        return 0  # the title is part of another word: 车主|任意
    office = _OFFICES.fullmatch(title) is not None
    if head in _NOT_BEFORE_JOB and _JOBS.fullmatch(title):
        return 0
    if _surname_length(head) == len(head):
        return len(head)
    whole = _is_full_name(head, "nr" if at > len(left) else tag)
    if office:
        return len(head) * (whole and not re.fullmatch(_AREA_HEADS, title))
    return len(head) if whole else _length_of_loose_name(head, tokens[-2][1] if len(tokens) > 1 else "")


def _length_of_loose_name(head: str, before: str) -> int:
    """Return the length of a name that the tagger cut apart ('欧阳|建国') or glued to what stands before."""
    if before and _surname_length(before) == len(before) and len(head) <= 2 and not _is_common_word(before + head):
        return len(before) + len(head)
    return int(bool(_surname_length(head[-1])) and not _is_common_word(head))


def _ends_a_word(text: str, at: int) -> bool:
    """Tell whether a character is a later one of a word of the dictionary, as the second of '公司' and of '单元'."""
    import rjieba

    left = text[max(0, at - _WINDOW) : at]
    begin = 0
    for word, _ in _tag(left + text[at : at + 3]):
        end = begin + len(word)
        if begin < len(left) < end:
            return bool(rjieba.has_word(word))
        begin = end
    return False


def _mask_some(text: str) -> str:
    """Mask '王某', '张某某', not the end of another word: '公司某领导', '单元某户'."""
    return _moumou().sub(lambda m: m.group() if _ends_a_word(text, m.start()) else MASKS["name"], text)


def _mask_familiar(text: str) -> str:
    """Mask what people are called who are known well: '小王说', '王总答应'."""

    def masked(match: re.Match[str]) -> str:
        surname = match[1] or match[2]
        is_name = _surname_length(surname) and surname not in _NOT_BEFORE_JOB and not _is_common_word(match.group())
        return MASKS["name"] if is_name and not _ends_a_word(text, match.start()) else match.group()

    return _FAMILIAR.sub(masked, text)


def _mask_cued(text: str, cue: re.Pattern[str]) -> str:
    """Mask full names right behind a cue: '我叫李建国', '村民罗某才', '负责人:陈立新'."""
    parts, done = [], 0
    for match in cue.finditer(text):
        length = _length_behind(text, match.end())
        if length and cue is _POST:
            length *= text[match.end()] not in _NOT_BEFORE_JOB and not _ends_a_word(text, match.end())
        if length and match.end() >= done:
            parts += [text[done : match.end()], MASKS["name"]]
            done = match.end() + length
    return "".join(parts) + text[done:] if parts else text


def _length_behind(text: str, start: int) -> int:
    """Return how many characters from a place on are a person's name, 0 for none."""
    window = text[start : start + _WINDOW]
    if not _surname_length(window):
        return 0
    (word, tag), *rest = _tag(window)
    if _surname_length(word) == len(word) and rest and len(rest[0][0]) <= 2 and rest[0][1] in _NAME_TAGS:
        (word, tag), rest = (word + rest[0][0], "nr"), rest[1:]
    if (
        not _is_full_name(word, tag)
        or _TITLE.search(word)
        or word[-1] in _AREA_ENDS
        or _begins_with_function_word(word)
    ):
        return 0
    if any(w.endswith((*_place_ends(), *_UNITS)) for w, _ in rest[:2]):
        return 0
    return len(word) + _goes_on(word, rest)


def _goes_on(word: str, rest: list[tuple[str, str]]) -> int:
    """Return 1 where the next character is the given name's second: '潘明|新', '张清|若('; 0 where it is a word."""
    if len(word) != _surname_length(word) + 1 or not rest or not re.fullmatch(f"[{_HAN}]", rest[0][0]):
        return 0
    stands_last = len(rest) == 1 or not re.match(f"[{_HAN}]", rest[1][0])
    tag = rest[0][1]
    return int(tag in _NAME_TAGS or tag in ("a", "ng", "zg", "g") or (stands_last and tag[0] not in "uypdfmvr"))


@cache
def _begins_with_function_word(word: str) -> bool:
    """Tell '何时能' and '曾经过', which jieba takes for names, from '王国强'."""
    tagged = _tag(word[:2])
    return len(word) > 2 and len(tagged) == 1 and _is_common_word(word[:2]) and tagged[0][1][0] in "rdcpvm"


@cache
def _place_ends() -> tuple[str, ...]:
    return tuple(sorted(word_list("place_suffixes.txt")))


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
    if _HAS_FULL_WIDTH.search(text):
        text = text.translate(_FULL_WIDTH)
    for name in names:
        text = text.replace(name, MASKS["name"])
    for _ in range(_MOST_PASSES):
        before = text
        text = _mask_names(_mask_numbers(text))
        if text == before:
            break
    return text


def _mask_numbers(text: str) -> str:
    if "@" in text:
        text = _EMAIL.sub(MASKS["email"], text)
    if _HAS_NUMBER.search(text):
        text = _CUED_ID.sub(lambda m: m.group(1) + MASKS["id"], text)
        text = _PASSPORT.sub(lambda m: m.group(1) + MASKS["id"], text)
        text = _LONG_NUMBER.sub(_mask_long_number, text)
        text = _CUED_CARD.sub(lambda m: m.group(1) + MASKS["card"], text)
        text = _MOBILE.sub(MASKS["mobile"], text)
        text = _LANDLINE.sub(MASKS["phone"], text)
        text = _CUED_PHONE.sub(lambda m: m.group(1) + MASKS["phone"], text)
    if _HAS_LATIN_OR_NUMBER.search(text):
        text = _PLATE.sub(MASKS["plate"], text)
        text = _CUED_ACCOUNT.sub(lambda m: (m.group(1) or "") + MASKS["account"], text)
    return text


def _mask_names(text: str) -> str:
    text = _mask_titled(text)
    if "某" in text:
        text = _mask_some(text)
    for cue in (_SELF, _SELF_BEFORE_STOP, _ROLE, _POST):
        text = _mask_cued(text, cue)
    return _mask_familiar(text)


def full_name(value: str) -> tuple[str, ...]:
    """Return the full names in a name-column value; none where it holds no name ('王先生', 'A000102948', '匿名').

    A column of names is trusted with a surname that is not listed, and with names of other peoples, unless the value
    says who is meant in words.
    """
    values = re.split(rf"[\d{_STOP}{_CLOSE}/]+", re.sub(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])", "", value.strip()))
    return tuple(sorted({v for v in values if _is_given_name(v)}, key=lambda name: (-len(name), name)))


def _is_given_name(value: str) -> bool:
    """Tell whether what stands in a column of names is a person's full name."""
    if re.fullmatch(f"[{_HAN}]{{2,8}}(?:[·•・][{_HAN}]{{1,8}})+", value):
        return True
    if not re.fullmatch(f"[{_HAN}]{{2,4}}", value) or _NO_FULL_NAME.search(value) or _TITLE.search(value):
        return False
    return not _is_common_word(value) and (_has_form_of_name(value) or _is_strange_name(value))


def _is_strange_name(value: str) -> bool:
    """Tell a name whose surname is not listed from words: no part of it is a word of the dictionary but names."""
    if _BODIES.fullmatch(value) or value.endswith(_place_ends()):
        return False
    return all(len(word) == 1 or tag in _NAME_TAGS or not _is_common_word(word) for word, tag in _tag(value))


def mask_series(texts: pd.Series, names: pd.Series | None = None) -> pd.Series:
    """Mask a column of texts, each with its own row's full name if `names` is given; equal rows are masked once."""
    given = [""] * len(texts) if names is None else names.tolist()
    full = {name: full_name(name) for name in set(given)}
    known = [full[name] for name in given]
    pairs = list(zip(texts.tolist(), known, strict=True))
    masked = {pair: mask(*pair) for pair in set(pairs)}
    return pd.Series([masked[pair] for pair in pairs], index=texts.index, dtype=texts.dtype)
