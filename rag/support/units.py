"""Whether two values measure the same, and an amount of one unit in another."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from rag.fold import fold
from rag.support.clauses import Reading
from rag.values import Value

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
_POUNDS = {"lb", "GBP"}  # both are pounds
_YEN_AND_YUAN = {"JPY", "CNY"}  # both are written with ¥
COUNTED = ("", "person", "household", "vehicle", "age")
"""Units that a number may have in one language and leave to the noun in the other."""

_ANY_MEASURE = ("", "个", "台", "部", "人次", "口", "人", "名", "位", "辆")
_ANY_COUNT = {"次", "起", "回", "度", "场"}  # what happened 27 times
_LEAST_SUM = 10**8  # a bare number as large as this may be a sum of money


def same_unit(told: Value, said: Value, quote: Reading) -> bool:
    """Whether a claim's value and the quote's may be of one quantity."""
    if said.unit == told.unit:
        return True
    if any(said.unit in scale and told.unit in scale for scale in _SCALES):
        return True
    if {said.unit, told.unit} in (_DEGREES, _POUNDS):
        return True
    if {said.unit, told.unit} == _YEN_AND_YUAN and "¥" in said.text + told.text:
        return True
    if said.unit in COUNTED and told.unit in COUNTED:
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


def in_unit(value: Value, unit: str) -> Value:
    """A value in another unit of the same quantity; its numbers as they are where there is none."""
    if value.unit == unit or value.amount is None:
        return value
    upper = None if value.upper is None else _converted(value.upper, value.unit, unit)
    return replace(value, amount=_converted(value.amount, value.unit, unit), upper=upper, unit=unit)


def is_other_system(unit: str, other: str) -> bool:
    """Whether amounts of two units are hardly ever round in both: miles and km."""
    return unit != other and (bool(_IMPERIAL & {unit, other}) or {unit, other} == _DEGREES)


def _converted(amount: Decimal, unit: str, other: str) -> Decimal:
    if {unit, other} == _DEGREES:
        return (
            (amount - 32) / Decimal("1.8") if other == "celsius" else amount * Decimal("1.8") + 32
        )
    scale = next((each for each in _SCALES if unit in each and other in each), None)
    if scale is None:
        return amount
    factor = scale[unit] / scale[other]
    return amount * factor.numerator / factor.denominator
