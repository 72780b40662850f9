"""Whether an amount of a claim is its quote's with fewer digits, bounded, or from other units."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.fold import fold
from rag.values import Value

_UPWARD = ("over", "at least")
_DOWNWARD = ("under", "at most", "nearly")
_DIGITS_THAT_TELL = 3
_FRACTION = re.compile(
    r"(?<!百)分之|成|半|half|third|quarter|fourth|fifth|sixth|eighth|tenth|out of"
)
_ENDLESS = 20  # digits of a third


def amount_bears_out(told: Value, said: Value, *, converted: bool) -> bool:
    """Whether an amount of the quote bears out one of the claim; both are of the claim's unit.

    `converted` ones come from a unit in which another number would be round.
    """
    if said.amount is None or told.amount is None:
        return False
    if said.upper is not None:
        return (said.amount, said.upper) == (told.amount, told.upper)
    if told.upper is not None:
        return _is_an_end(said, told)
    if said.amount == told.amount:
        return said.amount == 0 or _bounded(said, told)
    if converted:
        return _bounded(said, told) and _is_near(said.amount, told.amount)
    rounded = _rounds(said, told.amount) and _bounded(said, told, rounded=True)
    return rounded or _is_cut_short(said, told.amount)


def _is_an_end(said: Value, told: Value) -> bool:
    """Over 10 of a range that begins at 10, up to 15 of one that ends there."""
    low = said.amount == told.amount and said.qualifier in _UPWARD
    return low or (said.amount == told.upper and said.qualifier in _DOWNWARD)


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


def _is_near(said: Decimal, told: Decimal) -> bool:
    """Whether an amount is what another one comes to in other units, rounded to its last digit."""
    off = abs(said - told)
    return off <= Decimal("0.02") * abs(told) and off < Decimal(1).scaleb(_last_place(said))


def _is_cut_short(said: Value, told: Decimal) -> bool:
    """Whether a number of three digits or more is the quote's, rounded: 1.36 million of
    1,360,300."""
    amount = said.amount or Decimal(0)
    place = _last_place(amount)
    if said.qualifier or len(amount.normalize().as_tuple().digits) < _DIGITS_THAT_TELL:
        return False
    return _last_place(told) < place and 2 * abs(told - amount) <= Decimal(1).scaleb(place)


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
