"""The values of a claim, held against those of its quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from rag.fold import fold
from rag.reasons import Reason
from rag.support.bounds import limited_values
from rag.support.clauses import Reading
from rag.support.derived import derived, ranges
from rag.support.mismatch import Mismatch
from rag.support.numbers import is_left_over
from rag.support.ranks import find_ranks
from rag.values import Value
from rag.values.dates import date_parts

_UPWARD = ("over", "at least")
_DOWNWARD = ("under", "at most", "nearly")
_SCALES: tuple[dict[str, Fraction], ...] = tuple(  # the units of one quantity, as parts of one
    {unit: Fraction(size) for unit, size in scale.items()}
    for scale in (
        {"month": "1", "year": "12", "age": "12", "decade": "120", "century": "1200"},
        {"second": "1", "minute": "60", "hour": "3600", "day": "86400", "week": "604800"},
        {"mm": "1", "cm": "10", "metre": "1000", "km": "1000000"}
        | {"inch": "25.4", "foot": "304.8", "yard": "914.4", "mile": "1609344"}
        | {"nautical mile": "1852000"},
        {"gram": "1", "kg": "1000", "tonne": "1000000", "lb": "453.59237", "ounce": "28.349523"},
        {"ml": "1", "litre": "1000", "m3": "1000000"},
        {"m2": "1", "mu": "2000/3", "hectare": "10000", "km2": "1000000"}
        | {"acre": "4046.8564", "sq mi": "2589988.11"},
        {"kWh": "1", "MWh": "1000", "GWh": "1000000", "TWh": "1000000000"},
        {"kW": "1", "MW": "1000", "GW": "1000000"},
        {"km/h": "1", "mph": "1.609344", "km/s": "3600", "m/s": "3.6"},
    )
)
_IMPERIAL = {"inch", "foot", "yard", "mile", "nautical mile", "lb", "ounce", "acre", "sq mi", "mph"}
_DEGREES = {"celsius", "fahrenheit"}
_PARTS_OF_A_SPAN = {"": (0, 10), "early": (0, 4), "mid": (3, 7), "late": (5, 10)}  # tenths of it
_POUNDS = {"lb", "GBP"}  # both are pounds
_YEN_AND_YUAN = {"JPY", "CNY"}  # both are written with ¥
_BEFORE_MINGUO = 1911
_DIGITS_THAT_TELL = 3
_FRACTION = re.compile(
    r"(?<!百)分之|成|半|half|third|quarter|fourth|fifth|sixth|eighth|tenth|out of"
)
_AHEAD = re.compile(
    r"\b(?:ahead|behind|before|than|only|above|below)\b|前|先|比|只有|仅有|高于|大于|多于"
)
_HAN = "零一二两三四五六七八九十百千万亿"
_HAN_DIGITS = {
    Decimal(number): f"[{digit}]" for number, digit in enumerate("两三四五六七八九十", 2)
}
_ENDLESS = 20  # digits of a third
_COUNTED = ("", "person", "household", "vehicle", "age")
"""Units that a number may have in one language and leave to the noun in the other."""

_ANY_MEASURE = ("", "个", "台", "部", "人次", "口", "人", "名", "位", "辆")
_ANY_COUNT = {"次", "起", "回", "度", "场"}  # what happened 27 times
_LEAST_SUM = 10**8  # a bare number as large as this may be a sum of money


def unstated(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """The values of a claim that its quote doesn't state."""
    told = [*quote.values, *ranges(quote), *quote.in_words]
    joined = ranges(claim)
    for value in (*claim.values, *limited_values(claim.text)):
        borne_out = any(bears_out(other, value, quote) for other in told)
        if borne_out or _literal(value, quote) or _by_its_ends(value, told, quote):
            continue
        whole = next((each for each in joined if _holds(each, value)), None)
        if whole and any(bears_out(other, whole, quote) for other in told):
            continue
        plain = replace(value, measure="")
        if any(bears_out(other, plain, quote) for other in derived(value, claim, quote)):
            continue
        if not (
            is_left_over(value, quote)
            or _are_ahead(value, claim, quote)
            or _is_a_pair(value, quote)
        ):
            yield _mismatch(value, told, quote)


def _holds(whole: Value, part: Value) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _are_ahead(value: Value, claim: Reading, quote: Reading) -> bool:
    """Whether as many as a claim says come before the place that a quote tells: 4 and the 5th."""
    if value.unit not in _COUNTED or not _AHEAD.search(claim.text):
        return False
    return any(rank.place - 1 == value.amount for rank in find_ranks(quote.marked))


def _is_a_pair(value: Value, quote: Reading) -> bool:
    """Whether 两 of a claim only says that there are more than one, where the quote counts none."""
    few = any(each.amount and 2 < each.amount < 10 and not each.date for each in quote.values)
    return value.amount == 2 and fold(value.text)[0] == "两" and not few


def _by_its_ends(said: Value, told: Sequence[Value], quote: Reading) -> bool:
    """Whether both ends of a claim's range are told, apart: 從30%到40% of 30% and 40%."""
    if said.upper is None:
        return False
    ends = (replace(said, upper=None), replace(said, amount=said.upper, upper=None))
    return all(any(bears_out(other, end, quote) for other in told) for end in ends)


def bears_out(told: Value, said: Value, quote: Reading) -> bool:
    """Whether a value of the quote bears out one of the claim."""
    if said.date and told.date:
        return _covers(said.date, told.date) or _in_that_year(said.date, told.date, quote)
    if said.date or told.date:
        return _is_the_year(said, told, quote) or _is_the_year(told, said, quote)
    if said.amount is None or told.amount is None or not _same_unit(told, said, quote):
        return False
    amount = _converted(told.amount, told.unit, said.unit)
    if said.upper is None and told.upper is not None:
        return _is_an_end(said, replace(told, amount=amount, unit=said.unit))
    if said.upper != told.upper and (said.upper is None or told.upper is None):
        return False
    if said.upper is not None and told.upper is not None:
        upper = _converted(told.upper, told.unit, said.unit)
        return amount == said.amount and upper == said.upper
    if amount == said.amount:
        return amount == 0 or _bounded(said, told)
    if (told.unit != said.unit and _IMPERIAL & {told.unit, said.unit}) or {
        said.unit,
        told.unit,
    } == _DEGREES:
        return _bounded(said, told) and _is_near(said.amount, amount)
    return (_rounds(said, amount) and _bounded(said, told, rounded=True)) or _is_cut_short(
        said, amount
    )


def _in_that_year(said: str, told: str, quote: Reading) -> bool:
    """Whether the quote tells a claim's day or month, and its year beside it: 1974 ... 10月18日."""
    if not (said[:4].isdecimal() and told.startswith("--") and said.endswith(told[1:])):
        return False
    return any(each.date and each.date[:4] == said[:4] for each in quote.values)


def _is_the_year(dated: Value, number: Value, quote: Reading) -> bool:
    """Whether a number is the year of a date: 2000 guests, 自104年 (2015 by another calendar)."""
    year = dated.date or ""
    if not year.isdecimal() or number.amount is None:
        return False
    if number.unit in ("", "person") and dated.text.isdecimal():
        return number.amount == int(year)
    minguo = number.unit == "year" and number.amount == int(year) - _BEFORE_MINGUO
    standing = rf"(?:自|从|于|在|至|到|迄|^|[,。(])\s?{number.amount}年"
    return minguo and bool(re.search(standing, quote.text))


def _is_near(said: Decimal, told: Decimal) -> bool:
    """Whether an amount is what another one comes to in other units, rounded to its last digit."""
    off = abs(said - told)
    return off <= Decimal("0.02") * abs(told) and off < Decimal(1).scaleb(_last_place(said))


def _is_cut_short(said: Value, told: Decimal) -> bool:
    """Whether a number of three digits or more is the quote's, rounded: 1.36 million of"
    " 1,360,300."""
    amount = said.amount or Decimal(0)
    place = _last_place(amount)
    if said.qualifier or len(amount.normalize().as_tuple().digits) < _DIGITS_THAT_TELL:
        return False
    return _last_place(told) < place and 2 * abs(told - amount) <= Decimal(1).scaleb(place)


def _literal(value: Value, quote: Reading) -> bool:
    """Whether the quote has the very words in a place where they are read as no value: 8点."""
    text = re.escape(fold(value.text).strip())
    words = re.compile(rf"(?<![a-z0-9.,前-]){text}(?![.,]?\d|\s?[a-z%万亿])")
    if value.qualifier:
        return False
    return any(words.search(clause.text) for clause in quote.clauses) or _counted(value, quote)


def _counted(value: Value, quote: Reading) -> bool:
    """Whether the quote counts as many of what has no measure word of its own: 五季."""
    few = value.unit == "" and value.amount in _HAN_DIGITS
    digit = _HAN_DIGITS[value.amount] if few and value.amount else "\0"
    return bool(re.search(rf"(?<![第\d{_HAN}]){digit}(?![{_HAN}年月日号点成分\d])", quote.marked))


def _mismatch(value: Value, told: Sequence[Value], quote: Reading) -> Mismatch:
    """What is wrong with a value that the quote doesn't bear out."""
    text = value.text.strip()
    for other in told:
        if value.date is None and other.date is None and value.amount == other.amount:
            as_said = _converted(value.amount or Decimal(0), other.unit, value.unit)
            if as_said == value.amount and _same_unit(other, value, quote):
                return Mismatch("direction", Reason("bounded", text, other.text))
            return Mismatch("unit", Reason("other unit", text, other.text))
    return Mismatch(value.kind, Reason("unstated", text))


def _is_an_end(said: Value, told: Value) -> bool:
    """Over 10 of a range that begins at 10, up to 15 of one that ends there."""
    low = said.amount == told.amount and said.qualifier in _UPWARD
    return low or (said.amount == told.upper and said.qualifier in _DOWNWARD)


def _converted(amount: Decimal, unit: str, other: str) -> Decimal:
    """The amount in another unit of the same quantity; unchanged where they share none."""
    if unit == other:
        return amount
    if {unit, other} == _DEGREES:
        return (
            (amount - 32) / Decimal("1.8") if other == "celsius" else amount * Decimal("1.8") + 32
        )
    scale = next((each for each in _SCALES if unit in each and other in each), None)
    if scale is None:
        return amount
    factor = scale[unit] / scale[other]
    return amount * factor.numerator / factor.denominator


def _same_unit(told: Value, said: Value, quote: Reading) -> bool:
    if said.unit == told.unit:
        return True
    if any(said.unit in scale and told.unit in scale for scale in _SCALES):
        return True
    if {said.unit, told.unit} in (_DEGREES, _POUNDS):
        return True
    if {said.unit, told.unit} == _YEN_AND_YUAN and "¥" in said.text + told.text:
        return True
    if said.unit in _COUNTED and told.unit in _COUNTED:
        return "" in (said.unit, told.unit) and {said.measure, told.measure} <= {*_ANY_MEASURE}
    if "times" in (said.unit, told.unit) and _ANY_COUNT & {said.measure, told.measure}:
        return True
    if told.unit == "pp" and not said.unit:
        return True
    bare = said if not said.unit else told
    if "" in (said.unit, told.unit) and not bare.measure and bare.kind == "number":
        return not {"%", "pp", "times"} & {said.unit, told.unit}
    if said.kind == "money" and not told.unit:
        return _may_be_money(said, told, quote)
    return told.kind == "money" and not said.unit and (said.amount or 0) >= _LEAST_SUM


def _may_be_money(said: Value, told: Value, quote: Reading) -> bool:
    """Whether a bare number is a sum: 49.5 billion yuan and 47.2 billion; 产值达千亿."""
    currencies = {value.unit for value in quote.values if value.kind == "money"}
    if currencies:
        return said.unit in currencies
    return said.unit == "CNY" and not told.measure and bool(re.search("[万亿]", fold(told.text)))


def _bounded(said: Value, told: Value, *, rounded: bool = False) -> bool:
    """Whether equal numbers are not bounded on opposite sides; nor `rounded` ones."""
    if rounded:
        downward = told.qualifier in ("under", "at most") and said.qualifier in _UPWARD
        return not downward and not (told.qualifier in _UPWARD and said.qualifier in _DOWNWARD)
    if said.qualifier in _UPWARD:
        exact = not told.qualifier and said.qualifier == "at least"
        return exact or told.qualifier in _UPWARD
    if said.qualifier in ("under", "at most"):
        exact = not told.qualifier and said.qualifier == "at most"
        return exact or told.qualifier in _DOWNWARD
    return said.qualifier != "nearly" or told.qualifier not in _UPWARD


def _rounds(said: Value, told: Decimal) -> bool:
    """Whether a claim's `about`, `nearly` or `over` number is the quote's with fewer digits.

    `about` may be off by 5%, `nearly` by 10%, all by less than one in the claim's last place.
    """
    amount = said.amount or Decimal(0)
    off = told - amount
    if said.unit == "%" and (_is_endless(amount) or _FRACTION.search(fold(said.text))):
        return _is_bounded_share(said, off)
    place = _last_place(amount)
    far = abs(off) >= Decimal(1).scaleb(place) and abs(off) > abs(amount) / 20
    if not said.qualifier or _last_place(told) >= place or far:
        return False
    if said.qualifier in _UPWARD:
        return off > 0
    if said.qualifier in _DOWNWARD:
        return off < 0 and abs(off) <= abs(amount) / 10
    return abs(off) <= abs(amount) / 20


def _is_endless(amount: Decimal) -> bool:
    return len(amount.as_tuple().digits) > _ENDLESS


def _is_bounded_share(said: Value, off: Decimal) -> bool:
    """Whether a share lies as far off a third, sixth or ninth as a claim's bound lets it."""
    amount = said.amount or Decimal(0)
    reach = min(amount / 5, Decimal(10))
    if said.qualifier in _UPWARD:
        return 0 <= off < reach
    if said.qualifier in _DOWNWARD:
        return -reach < off <= 0
    if said.qualifier == "about":
        return abs(off) <= amount / 10
    return _is_endless(amount) and abs(off) <= amount / 50


def _last_place(amount: Decimal) -> int:
    """The power of ten of the last digit that isn't an idle zero."""
    return int(amount.normalize().as_tuple().exponent)


def _covers(said: str, told: str) -> bool:
    """Whether a claim's date is the quote's or a less exact one: 2021 of 2021-12-21."""
    if said == told or {said.partition("~")[0], told.partition("~")[0]} in _same_centuries():
        return True
    if "BC" in (said[:2], told[:2]):
        return _covers_before_christ(said, told)
    years, first, last = _reach(said)
    other_years, other_first, other_last = _reach(told)
    if years and not (other_years and years[0] <= other_years[0] and other_years[1] <= years[1]):
        return False
    return (first, last) == (0, 9999) or (first <= other_first and other_last <= last)


@cache
def _same_centuries() -> list[set[str]]:
    """The 1800s may be the 19th century."""
    return [{f"{hundreds}0X", f"C{hundreds + 1}"} for hundreds in range(10, 21)]


def _covers_before_christ(said: str, told: str) -> bool:
    """Whether a century before the common era has the quote's year before it."""
    if not (said.startswith("BC-C") and told.startswith("BC-") and told[3:].isdecimal()):
        return False
    return (int(told[3:]) - 1) // 100 + 1 == int(said[4:])


@lru_cache(1024)
def _reach(iso: str) -> tuple[tuple[str, str] | None, int, int]:
    """First and last year, then first and last day within the year as month * 100 + day."""
    iso, _, part = iso.partition("~")
    if iso[0] == "C" or iso[-1] == "X":
        first = int(iso[1:]) * 100 - 99 if iso[0] == "C" else int(f"{iso[:-1]}0")
        length = 100 if iso[0] == "C" else 10
        begin, end = _PARTS_OF_A_SPAN[part]
        last = first + length * end // 10 - 1
        return (f"{first + length * begin // 10:04}", f"{last:04}"), 0, 9999
    year, month, day, span = date_parts(iso)
    years = (year, year) if year else None
    if day:
        return years, month * 100 + day, month * 100 + day
    if month:
        return years, month * 100 + 1, month * 100 + 31
    if not span:
        return years, 0, 9999
    ends = [int(end.lstrip("QHM")) for end in span.split("/")]
    months = {"Q": 3, "H": 6, "M": 1}[span[0]]
    return years, (ends[0] - 1) * months * 100 + 101, ends[-1] * months * 100 + 31
