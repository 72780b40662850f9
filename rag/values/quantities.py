"""Numbers with their units, sums, shares and durations, found in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rag.values.numerals import (
    ARABIC,
    CHINESE,
    HAN_DIGITS,
    SCALE,
    SHORT_SCALE,
    WORDS,
    parse_chinese,
    parse_english,
)
from rag.values.ranges import Found, with_ranges
from rag.values.units import BY_CHINESE, BY_ENGLISH, BY_SIGN, MEASURES, Unit
from rag.values.value import Qualifier, Value

_BEFORE: dict[str, Qualifier] = {
    **dict.fromkeys(("超过", "超", "逾", "突破"), "over"),
    **dict.fromkeys(("将近", "接近", "近"), "nearly"),
    **dict.fromkeys(("大约", "约为", "约", "大概", "上"), "about"),
    **dict.fromkeys(("至少", "不低于", "不少于"), "at least"),
    **dict.fromkeys(("不足", "不到", "低于", "少于"), "under"),
    **dict.fromkeys(("不超过", "至多", "最多"), "at most"),
    **dict.fromkeys(
        ("over", "more than", "above", "exceeding", "in excess of", "upwards of"), "over"
    ),
    **dict.fromkeys(("nearly", "almost", "close to"), "nearly"),
    **dict.fromkeys(("about", "around", "approximately", "roughly", "some"), "about"),
    **dict.fromkeys(("at least", "no less than", "no fewer than", "not less than"), "at least"),
    **dict.fromkeys(("less than", "fewer than", "under", "below"), "under"),
    **dict.fromkeys(("at most", "up to", "no more than", "not more than"), "at most"),
}
_AFTER: dict[str, Qualifier] = {
    **dict.fromkeys(("多", "余"), "over"),
    **dict.fromkeys(("左右", "上下", "or so"), "about"),
    **dict.fromkeys(("以上", "or more"), "at least"),
    **dict.fromkeys(("以下", "以内", "or less", "or fewer"), "at most"),
}


def _any(forms: object) -> str:
    """An alternation of literal forms, the longest first."""
    assert isinstance(forms, dict | tuple)
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))


_LATIN_END = r"(?<![a-z](?=[a-z]))"  # no Latin word goes on here
_QUALIFIED = (
    r"(?:(?P<before>(?<![最附])近|(?<![预签条合违节])约|(?<![赶反中英])超|(?<![网线以海天])上(?=[百千万亿])"
    rf"|(?!近|约|超(?!过)|上)(?:{_any(_BEFORE)}))\s?)?"
)
_BEHIND = (
    rf"(?:\s?(?P<after>{_any(_AFTER)})"
    r"(?!(?<=上下)[游级]|(?<=以下)[几简]|(?<=多)[数家种样发边国元]))?"
)
_SIGN = rf"(?:(?<![a-z])(?P<sign>{_any(BY_SIGN)})\s?)?"
_NUMBER = (
    rf"(?:(?P<latin>-?(?:{ARABIC})(?:[\s-]?{SCALE}|(?(sign)\s?{SHORT_SCALE}|(?!))))"
    rf"|(?P<chinese>-?(?:{CHINESE}))|(?P<words>{WORDS}))"
)
_NOT_THE_UNIT = (  # 70周年, 3年级, 4个人工智能项目
    r"(?!(?<=周)年|(?<=年)[级轮]|(?<=人)[民均次群类才]|(?<=个人)[工才]|(?<=位)[于居列]|(?<=名)单|(?<=天)津"
    r"|(?<=元)[旦宵素组件]|(?<=米)[粉面饭]|(?<=升)(?<![公毫]升)[至到为级值高入降学格]|(?<=码)头|(?<=克)[朗拉])"
)
_UNIT = (
    rf"(?:\s?(?P<zh>{_any(BY_CHINESE)}){_LATIN_END}{_NOT_THE_UNIT}|[\s-]?(?P<en>{_any(BY_ENGLISH)})(?![a-z])"
    rf"|\s?(?P<measure>{_any(MEASURES)}))?"
)
_QUANTITY = re.compile(
    rf"{_QUALIFIED}{_SIGN}{_NUMBER}(?:\s?(?P<more>多|余|几))?(?P<myriad>[万亿])?{_UNIT}"
    rf"(?P<half>半(?!年|月|径|导))?{_BEHIND}"
)
_HALF = re.compile(
    rf"{_QUALIFIED}(?P<amount>\b(?:one\s)?half(?:\san?\s|-)|半个?"
    r"|(?P<whole>\d+|[一两二三四五六七八九十]+)个半)"
    rf"(?P<unit>year|month|hour|day|年|月|小时|天)(?![a-z]|半|终|度|报|均){_BEHIND}"
)
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6}
_FRACTIONS |= {"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
_SHARE = re.compile(
    rf"{_QUALIFIED}(?:(?P<base>百分|千分|万分)之(?P<rate>{CHINESE})"
    rf"|(?P<lower>{CHINESE})分之(?P<upper>{CHINESE})"
    rf"|(?<![第完达])(?P<tenths>[一二两三四五六七八九]|(?<![\d.])\d)成(?P<more>[一二三四五六七八九半])?"
    r"(?![立为本员功都果长熟绩就])"
    r"|\b(?P<count>a|one|two|three|four|five|seven|nine)[\s-](?P<part>half|third|quarter|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth)s?\b(?!\s+(?:of\s+(?:19|20)\d\d|quarters?|hour|year|month))"
    r"|(?P<out>\d+) out of (?P<of>\d+)"
    rf"|(?P<half>一半|半数|(?<!first )(?<!second )\bhalf(?=\s+of\b))){_BEHIND}"
)
_TITLES = re.compile(
    r"(?<![a-z])(?:no\.?|phase|chapter|section|article|figure|table|page|route|highway"
    r"|grade|version|model|level|line)\s?$"
)
_NAMES_BEFORE = re.compile(r"(?:第|[几数]|[公西]元前?)\s?$|[a-z0-9_+·]-?$|\d[.,:/\u2044]$")
_NAMES_AFTER = re.compile(
    r"\s?(?:时(?!间)|点|分(?!钟)|号|期|届|楼|路|国道|省道|高速|线(?!条)|世纪|年代|强|版|后(?![,，。])|型|级|系列|月|日|度)"
    r"|[a-z_+:/&\u2044]|[-–][a-z0-9\0]|[.,]\d|\s?(?:st|nd|rd|th)\b|年级|周年"
)
_HYPHEN = re.compile(  # 10-15亿元, $5-10 million
    rf"(?<![a-z0-9-])(?<!\d[.,])(?P<low>(?:{ARABIC})[%万亿个家人元]*)(?P<hyphen>\s?[-–—~])(?=\s?(?:{ARABIC})(?:\s?{SCALE}"
    rf"|\s?[万亿千百]|{_UNIT[:-1]}))"
)
_QUOTES = tuple("“”\"'‘’「」『』()")
_COUNTS_FROM_ONE = frozenset({"year", "month", "week", "hour"})


def find_quantities(folded: str) -> Iterator[Found]:
    """Every quantity of a folded text, in order; offsets are those of the folded text."""
    folded = _HYPHEN.sub(lambda match: match["low"] + match["hyphen"][:-1] + "至", folded)
    found: list[Found] = []
    for hint, pattern, read in _KINDS:
        if not hint.search(folded):
            continue
        for match in pattern.finditer(folded):
            value = read(folded, match)
            if value is not None:
                found.append(value)
                blank = "\0" * (value.value.end - value.value.start)
                folded = folded[: value.value.start] + blank + folded[value.value.end :]
    yield from with_ranges(folded, sorted(found, key=lambda item: item.value.start))


def _share(folded: str, match: re.Match[str]) -> Found | None:
    """百分之八十, 三分之一, 八成, two thirds, 3 out of 7, 一半."""
    part = match.groupdict()
    amount: Decimal | None
    if part["base"]:
        rate = parse_chinese(part["rate"])
        amount = (
            rate
            if rate is None
            else rate * 100 / {"百": 100, "千": 1000, "万": 10000}[part["base"][0]]
        )
    elif part["lower"]:
        amount = _percent(parse_chinese(part["upper"]), parse_chinese(part["lower"]))
    elif part["tenths"]:
        more = Decimal(5) if part["more"] == "半" else parse_chinese(part["more"] or "零")
        amount = 10 * (parse_chinese(part["tenths"]) or Decimal(0)) + (more or 0)
    elif part["count"]:
        count = Decimal(1) if part["count"] == "a" else parse_english(part["count"])
        amount = _percent(count, Decimal(_FRACTIONS[part["part"]]))
    elif part["out"]:
        amount = _percent(Decimal(part["out"]), Decimal(part["of"]))
    else:
        amount = Decimal(50)
    if amount is None:
        return None
    value = Value("share", amount, "%", qualifier=_qualifier(part))
    return Found(replace(value, start=match.start(), end=match.end()), Decimal(1))


def _percent(upper: Decimal | None, lower: Decimal | None) -> Decimal | None:
    return upper * 100 / lower if upper is not None and lower else None


def _half(folded: str, match: re.Match[str]) -> Found | None:
    """半年, 两个半月, half a year."""
    whole = parse_chinese(match["whole"]) if match["whole"] else Decimal(0)
    name = match["unit"]
    if whole is None or (name == "月" and "个" not in match["amount"]):
        return None
    unit = BY_ENGLISH.get(name) or BY_CHINESE["个月" if name == "月" else name]
    part = match.groupdict()
    qualifier = "" if part["before"] == "近" else _qualifier(part)  # 近半年: the last half year
    value = Value("duration", whole + Decimal("0.5"), unit.code, qualifier=qualifier)
    return Found(replace(value, start=match.start(), end=match.end()), Decimal(1))


def _qualifier(part: dict[str, str | None]) -> Qualifier:
    if part.get("before"):
        return _BEFORE[part["before"] or ""]
    return _AFTER[part["after"] or ""] if part.get("after") else ""


def _quantity(folded: str, match: re.Match[str]) -> Found | None:
    """A number with what stands before and behind it, or None where it is a name or too vague."""
    part = match.groupdict()
    unit = _unit(part)
    number = match.end("latin" if part["latin"] else "chinese" if part["chinese"] else "words")
    start = match.start("latin" if part["latin"] else "chinese" if part["chinese"] else "words")
    lead = folded[max(0, start - 12) : start]
    if folded[start] == "-" and re.search(r"[\d%)]\s?$", lead):
        return None
    if part["more"] == "几" or (not part["sign"] and _NAMES_BEFORE.search(lead)):
        return None
    if unit is None and _TITLES.search(lead):
        return None
    if unit is None and not part["measure"] and _is_name(folded, start, number):
        return None
    amount, scale = _amount(part)
    if amount is None or not _is_meant(folded, match, amount, unit):
        return None
    qualifier = _qualifier(part) or ("over" if part["more"] else "")
    if part["before"] == "近" and unit is not None and unit.kind == "duration":
        qualifier = ""  # 近3年: the last three years
    value = Value(unit.kind if unit else "number", amount, unit.code if unit else "")
    if unit is not None and unit.code == "‰":
        value = replace(value, amount=amount / 10, unit="%")
    measure = part["measure"] or (part["zh"] if value.unit in ("person", "vehicle") else "") or ""
    end = match.end() if part["after"] else match.end("half") if part["half"] else match.end()
    value = replace(value, qualifier=qualifier, measure="" if measure == "大" else measure)
    return Found(replace(value, start=match.start(), end=end), scale)


def _is_name(folded: str, start: int, end: int) -> bool:
    """Whether a number without a unit names something: 104国道, “4311”, (2), 2023世界杯."""
    if re.fullmatch(r"(?:19|20)\d\d", folded[start:end]):
        return True
    quoted = folded[start - 1 : start] in _QUOTES and folded[end : end + 1] in _QUOTES
    return _NAMES_AFTER.match(folded, end) is not None or (quoted and start > 0)


def _unit(part: dict[str, str | None]) -> Unit | None:
    """The unit behind the number; the currency before it, where it says more (新台币5元)."""
    behind = (
        BY_CHINESE[part["zh"]] if part["zh"] else BY_ENGLISH[part["en"]] if part["en"] else None
    )
    before = BY_SIGN[part["sign"]] if part["sign"] else None
    if before is None or (behind and behind.kind == "money" and part["zh"] != "元"):
        return behind
    return before


def _amount(part: dict[str, str | None]) -> tuple[Decimal | None, Decimal]:
    """The number, and its last multiplier."""
    if part["chinese"]:
        text = part["chinese"]
        amount = parse_chinese(text.lstrip("-"))
        scale = Decimal(1)
        for char in reversed(text):
            if char not in "百千万亿兆":
                break
            scale *= parse_chinese(char) or 1
        if amount is not None and part["myriad"]:  # 3千多万
            scale *= parse_chinese(part["myriad"]) or 1
            amount *= parse_chinese(part["myriad"]) or 1
    else:
        text = part["latin"] or part["words"] or ""
        amount = parse_english(text.lstrip("-"))
        words = re.findall(r"[a-z]+$", text)
        scale = (
            parse_english(f"1 {words[0]}") or Decimal(1) if words and part["latin"] else Decimal(1)
        )
    if amount is not None and part["half"]:
        amount += Decimal("0.5")
    return (-amount if amount is not None and text.startswith("-") else amount), scale


def _is_meant(folded: str, match: re.Match[str], amount: Decimal, unit: Unit | None) -> bool:
    """Whether the words of a number mean a number here: 三个, not 三祥; 近千亿, not 千万别."""
    words, run = match["words"], match["chinese"] or ""
    if words:
        after = folded[match.end("words") : match.end("words") + 2]
        return (amount != 1 or unit is not None) and (unit is not None or after[:1] != "-")
    if not run or any(char.isdigit() and char.isascii() for char in run):
        return match["measure"] != "大"
    bare = run[0] not in HAN_DIGITS + "十拾"
    counted = unit is not None or bool(match["measure"])
    if run in ("零", "〇") and unit is None:  # 零部件
        return False
    if bare:
        if any(char in HAN_DIGITS for char in run):
            return False
        return (counted and (len(run) > 1 or bool(match["before"]))) or run in (
            "百亿",
            "千亿",
            "万亿",
        )
    if match["measure"] == "大":
        return len(run) == 1 and run != "一" and folded[match.end() : match.end() + 1] > "\u4e00"
    if run == "一":
        return unit is not None and unit.code in _COUNTS_FROM_ONE
    return counted or (len(run) > 1 and bool(re.search("[百千万亿]", run)))


# Each kind's pattern is tried only where its hint is somewhere in the text.
_KINDS = (
    (
        re.compile("分之|成|半|out of|half|third|quarter|(?:four|fif|six|seven|eigh|nin|ten)th"),
        _SHARE,
        _share,
    ),
    (re.compile("半|half"), _HALF, _half),
    (re.compile(rf"\d|[{HAN_DIGITS}十拾百佰千仟万亿]|{WORDS}"), _QUANTITY, _quantity),
)
