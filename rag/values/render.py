"""A value in the words of a reader's language."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from rag.types import Language
from rag.values.dates import render_date
from rag.values.numerals import format_chinese, format_english, grouped, plain
from rag.values.units import BY_CODE, Unit
from rag.values.value import Qualifier, Value

_CHINESE_QUALIFIERS: dict[Qualifier, str] = {
    "over": "超过",
    "at least": "至少",
    "nearly": "近",
    "about": "约",
    "under": "不到",
    "at most": "最多",
}
_SIGNS = frozenset({"USD", "HKD", "TWD", "EUR", "GBP", "AUD", "CAD", "SGD"})
_TO_TRADITIONAL = str.maketrans(
    "亿万个时钟吨亩顷户辆欧镑韩币过约条项艘种类头张颗块片栋场处笔组队门节层间册盏岁摄圆两点纪",
    "億萬個時鐘噸畝頃戶輛歐鎊韓幣過約條項艘種類頭張顆塊片棟場處筆組隊門節層間冊盞歲攝圓兩點紀",
)


def render(value: Value, language: Language) -> str:
    """The value as `language` writes it, exactly: 42亿元 is "4.2 billion yuan".

    A Chinese measure word has no English: 20家 is "20".
    """
    if language == "en":
        return _english(value)
    text = _chinese(value)
    return text.translate(_TO_TRADITIONAL) if language == "zh-Hant" else text


def _english(value: Value) -> str:
    if value.date is not None:
        return render_date(value.date, "en")
    unit = BY_CODE.get(value.unit)
    text = _english_amount(_low(value), unit)
    if value.upper is not None and unit is None:
        text = _plain_range(text, format_english(value.upper), value, " to ")
    elif value.upper is not None:
        last = _english_amount(value.upper, unit)
        text = f"{_shared(text, last, _english_amount(_low(value), None))} to {last}"
    return f"{value.qualifier} {text}" if value.qualifier else text


def _plain_range(first: str, last: str, value: Value, to: str) -> str:
    """A range without unit; in digits where its ends differ in scale (5 to 10 million is more)."""
    if first.lstrip("-0123456789.,") != last.lstrip("-0123456789.,"):
        first, last = grouped(_low(value)), grouped(value.upper or _low(value))
    return f"{first}{to}{last}"


def _shared(first: str, last: str, bare: str) -> str:
    """The lower end of a range, without its unit where the upper end says it too."""
    unit = first.removeprefix(bare)
    scale = bare.lstrip("-0123456789.,")
    if re.fullmatch(r"\d{4}", bare):  # alone it reads as a year
        return first
    if unit in ("", "%") or not last.endswith(scale + unit) or unit == first:
        return first
    return bare if scale or last[-len(unit) - 1].isdigit() else first


def _low(value: Value) -> Decimal:
    if value.amount is None:
        raise ValueError(f"expected a value with an amount or a date, found {value!r}")
    return value.amount


def _english_amount(amount: Decimal, unit: Unit | None) -> str:
    if unit is None:
        return format_english(amount)
    if unit.code == "%":
        return _english_share(amount)
    if unit.kind == "duration" and amount == Decimal("0.5"):
        return f"half {'an' if unit.code == 'hour' else 'a'} {unit.english[0]}"
    if unit.code in _SIGNS:
        text = format_english(abs(amount))
        cents = "0" if text[-2:-1] == "." and text[-1].isdigit() else ""  # 1,200.50
        return f"{'-' if amount < 0 else ''}{unit.sign[0]}{text}{cents}"
    space = "" if unit.code == "celsius" else " "
    return f"{format_english(amount)}{space}{unit.english[0 if amount == 1 else 1]}"


def _fraction(amount: Decimal) -> Fraction | None:
    """The simple fraction that a percentage stands for, where its decimals don't end."""
    if len(plain(amount)) < 20:
        return None
    return (Fraction(amount) / 100).limit_denominator(1000)


def _digits(number: int) -> str:
    return "零一二三四五六七八九"[number] if number < 10 else str(number)


def _english_share(amount: Decimal) -> str:
    fraction = _fraction(amount)
    if fraction is None:
        return f"{plain(amount)}%"
    if fraction.denominator == 3 and fraction.numerator in (1, 2):
        return "one third" if fraction.numerator == 1 else "two thirds"
    return f"{fraction.numerator} out of {fraction.denominator}"


def _chinese(value: Value) -> str:
    if value.date is not None:
        return render_date(value.date, "zh-Hans")
    text = _chinese_amount(_low(value), value)
    if value.upper is not None and not value.unit and not value.measure:
        text = _plain_range(text, _chinese_amount(value.upper, value), value, "至")
    elif value.upper is not None:
        last = _chinese_amount(value.upper, value)
        text = f"{_shared(text, last, format_chinese(_low(value)))}至{last}"
    if not value.qualifier:
        return text
    recent = value.qualifier == "nearly" and value.kind == "duration"  # 近3年 is something else
    return ("将近" if recent else _CHINESE_QUALIFIERS[value.qualifier]) + text


def _chinese_amount(amount: Decimal, value: Value) -> str:
    unit = BY_CODE.get(value.unit)
    if 1000 <= amount < 10_000 and (unit.code == "year" if unit else not value.measure):
        return format_english(amount) + (unit.chinese[0] if unit else "")  # 2000 reads as a year
    if unit is None:
        return format_chinese(amount) + value.measure
    if unit.code == "%":
        fraction = _fraction(amount)
        if fraction is not None:
            return f"{_digits(fraction.denominator)}分之{_digits(fraction.numerator)}"
        return f"{plain(amount)}%"
    if unit.kind == "duration" and amount == Decimal("0.5"):
        return "半" + unit.chinese[0]
    if unit.code == "TWD":
        return f"新台币{format_chinese(amount)}元"
    return format_chinese(amount) + (value.measure or unit.chinese[0])
