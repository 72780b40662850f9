"""Numbers as Chinese and English write them, read into Decimal and written back."""

from __future__ import annotations

import re
from decimal import Decimal

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d+(?:\.\d+)?"

_DIGITS = {
    char: digit
    for digit, chars in enumerate(
        ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_MYRIADS = {"万": Decimal(10**4), "亿": Decimal(10**8), "兆": Decimal(10**12)}
HAN_DIGITS = "".join(_DIGITS)
# A multiplier, unless it begins a unit (千瓦, 兆瓦); 兆 is 10**12 before money alone.
HAN_MULTIPLIER = r"(?:[十拾佰仟万亿]|百(?!分)|千(?![瓦米克])|兆(?=元|美元|日元|韩元|新台币|台币))"
CHINESE = (
    rf"(?:(?:{ARABIC})(?:\s?{HAN_MULTIPLIER})*|[{HAN_DIGITS}]|{HAN_MULTIPLIER})"
    rf"(?:{ARABIC}(?=\s?{HAN_MULTIPLIER})|[{HAN_DIGITS}]|{HAN_MULTIPLIER})*"
    rf"(?:点[{HAN_DIGITS}]+{HAN_MULTIPLIER}*)?"
)
_TOKEN = re.compile(rf"(?P<arabic>{ARABIC})|(?P<point>点)|(?P<char>\S)")
_VAGUE = re.compile(  # 三四百, 五六: two neighbours, one of which is meant
    r"[一二两三四五六七八九]{2}(?:[十百千万亿]|$)(?<![零〇一二两三四五六七八九]{3})"
)

_SMALL_WORDS = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SCALES = {
    **dict.fromkeys(("hundred",), Decimal(100)),
    **dict.fromkeys(("thousand", "k"), Decimal(10**3)),
    **dict.fromkeys(("million", "mn", "mln", "m"), Decimal(10**6)),
    **dict.fromkeys(("billion", "bn", "bln", "b"), Decimal(10**9)),
    **dict.fromkeys(("trillion", "tn", "trn"), Decimal(10**12)),
}
_SMALL = "|".join(sorted(_SMALL_WORDS, key=len, reverse=True))
SCALE = r"(?:thousand|million|billion|trillion|mln|bln|trn|mn|bn|tn)\b"
SHORT_SCALE = r"[kmb]\b"  # million only where a currency stands before the number
WORDS = (
    rf"\b(?:{_SMALL})(?:(?:[\s-]|\sand\s)(?:{_SMALL}|hundred|thousand|million|billion|trillion))*\b"
)


def parse_chinese(run: str) -> Decimal | None:
    """The number that a folded run stands for: 一百二十三, 3.5万, 1.2万亿, 二〇二一, 三千五.

    None where it is not one number (五六十). A run of multipliers alone counts from one (千亿).
    """
    if _VAGUE.search(run):
        return None
    whole, section, low = Decimal(0), Decimal(0), Decimal(0)
    number: Decimal | None = None
    last = Decimal(1)
    for match in _TOKEN.finditer(run):
        char = match["char"]
        if match["arabic"]:
            if number is not None:
                return None
            number = Decimal(match["arabic"].replace(",", ""))
        elif match["point"]:
            return _with_point(run, match.start())
        elif char in _DIGITS:
            number = Decimal(_DIGITS[char]) + (10 * number if number else 0)
            last = Decimal(1) if _DIGITS[char] == 0 else last
        elif char in _TENS:
            section += (1 if number is None else number) * _TENS[char]
            number, last = None, Decimal(_TENS[char])
        else:
            last = _MYRIADS[char]
            section += number or 0
            if char == "万":
                low += (section or 1) * last
            else:
                whole += ((low + section) or 1) * last
                low = Decimal(0)
            number, section = None, Decimal(0)
    if number is not None and last >= 100 and run[-1] in _DIGITS and run[-2:-1] not in _DIGITS:
        number *= last / 10  # 三千五 is 3,500
    return whole + low + section + (number or 0)


def _with_point(run: str, point: int) -> Decimal | None:
    """二点五亿: the digits behind the point, then multipliers."""
    digits = re.match(rf"[{HAN_DIGITS}]+", run[point + 1 :])
    before = parse_chinese(run[:point])
    if before is None or digits is None:
        return None
    decimals = "".join(str(_DIGITS[char]) for char in digits.group())
    scale = Decimal(1)
    for char in run[point + 1 + digits.end() :]:
        scale *= _MYRIADS.get(char) or Decimal(_TENS[char])
    return (before + Decimal(f"0.{decimals}")) * scale


def parse_english(run: str) -> Decimal | None:
    """The number that lower-case English stands for: 4.2 billion, 1,200, thirty-five, 3bn."""
    arabic = re.match(ARABIC, run)
    if arabic:
        scale = run[arabic.end() :].strip(" -")
        return Decimal(arabic.group().replace(",", "")) * (_SCALES[scale] if scale else 1)
    total, current = Decimal(0), Decimal(0)
    for word in re.findall(r"[a-z]+", run):
        if word in _SMALL_WORDS:
            if current % 10 or (current % 100 and _SMALL_WORDS[word] >= 10):
                return None  # "two three" is not one number
            current += _SMALL_WORDS[word]
        elif word == "hundred":
            current *= 100
        elif word in _SCALES:
            total, current = total + current * _SCALES[word], Decimal(0)
    return total + current


def plain(number: Decimal) -> str:
    """The digits without exponent, grouping or idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_english(number: Decimal) -> str:
    """Exactly the number: 4.2 billion, 50,000, 27.7."""
    for scale, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if abs(number) >= scale and _decimals(number / scale) <= 4:
            return f"{grouped(number / scale)} {word}"
    return grouped(number)


def format_chinese(number: Decimal) -> str:
    """Exactly the number, simplified: 42亿, 1.2万亿, 5万, 63668."""
    for scale, word, decimals in ((10**12, "万亿", 4), (10**8, "亿", 4), (10**4, "万", 2)):
        if abs(number) >= scale and _decimals(number / scale) <= decimals:
            return f"{plain(number / scale)}{word}"
    return plain(number)


def _decimals(number: Decimal) -> int:
    return len(plain(number).partition(".")[2])


def grouped(number: Decimal) -> str:
    """All digits, in groups of three."""
    whole, point, decimals = plain(number).partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole != "-0" else f"-0{point}{decimals}"


def english_words(number: Decimal) -> str:
    """A whole number below a hundred, or such a count of hundreds, thousands, millions, billions or
    trillions, in words: twenty four, two hundred; "" for others."""
    if number != int(number) or number <= 0:
        return ""
    for scale in ("trillion", "billion", "million", "thousand", "hundred"):
        count = number / _SCALES[scale]
        if count >= 1:
            words = english_words(count) if count < 100 else ""
            return f"{words} {scale}" if words else ""
    small = {value: word for word, value in _SMALL_WORDS.items()}
    whole = int(number)
    return small.get(whole) or f"{small[whole // 10 * 10]} {small[whole % 10]}"


def han_numeral(number: Decimal) -> list[str]:
    """A number of at most four digits that aren't idle zeros in Chinese numerals: 四十二亿, and
    both ways where 二 and 两 are usual: 二百, 两百. Nothing for numbers that are more exact."""
    if number < 0 or len(plain(number).strip("0.").replace(".", "")) > 4:
        return []
    for scale, name in ((10**12, "万亿"), (10**8, "亿")):
        if number >= scale:
            return [each + name for each in han_numeral(number / scale)]
    if number >= 10_000:
        many, few = divmod(number, 10_000)
        rest = ("零" if few < 1000 else "") + han_numeral(few)[0] if few else ""
        return [each + "万" + rest for each in han_numeral(many)]
    whole, _, decimals = plain(number).partition(".")
    text = _below_myriad(int(whole))
    behind = "点" + "".join("零一二三四五六七八九"[int(digit)] for digit in decimals)
    found = [text + behind if decimals else text]
    if text[0] == "二" and text[1:2] in ("百", "千"):
        found.append("两" + found[0][1:])
    return found


def _below_myriad(number: int) -> str:
    text = ""
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + name
        elif text and text[-1] != "零" and number % scale:
            text += "零"
    return text.removeprefix("一") if text.startswith("一十") else text or "零"
