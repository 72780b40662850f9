"""Ways to say a value that `find_values` doesn't read, put into words that it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from rag.fold import fold
from rag.values.numerals import english_words, parse_chinese, parse_english
from rag.values.units import UNITS
from rag.values.value import Value

_WORDS = {english_words(Decimal(number)): number for number in range(1, 100)}
_COUNT = rf"(?:\d+|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_HAN = "〇零一二两兩三四五六七八九十"
_UNIT_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth"),
)
ORDINALS = {word: number for number, word in enumerate(_UNIT_ORDINALS, start=1)}
"""English ordinals in words and the numbers that they stand for."""

_TENS = ("twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth")
ORDINALS |= {word: 10 * number for number, word in enumerate((*_TENS, "ninetieth"), start=2)}
ORDINALS |= {f"twenty-{word}": 20 + ORDINALS[word] for word in _UNIT_ORDINALS[:9]}
_CONTINUED_UNITS = "|".join(
    re.escape(form)
    for unit in UNITS
    if unit.kind == "number" and unit.code not in ("person", "household", "vehicle", "times", "age")
    for form in unit.english
)
_HAN_UNITS = "|".join(
    re.escape(form)
    for unit in UNITS
    if unit.kind == "number" and unit.code not in ("person", "household", "vehicle", "times", "age")
    for form in sorted(unit.chinese, key=len, reverse=True)
)


def _digits(text: str) -> str:
    text = text.lower()
    return text if text.isdecimal() else str(_WORDS.get(text, text))


def _in_small(match: re.Match[str], size: int, unit: str) -> str:
    """Two hours 30 minutes as 150 minutes."""
    return f"{size * int(match[1]) + int(match[2])} {unit}"


def _ordinal_century(match: re.Match[str]) -> str:
    return f"{ORDINALS[match[1].lower().replace(' ', '-')]}th{match[2]}"


def _han(text: str) -> str:
    number = Decimal(text) if text.isdecimal() else parse_chinese(fold(text))
    return str(number or text)


def _plus_half(match: re.Match[str]) -> str:
    count = match["count"].lower()
    whole = 1 if count in ("a", "an") else parse_english(count)
    return f"{whole}.5 "


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _rule(pattern: str, said: str | Callable[[re.Match[str]], str]) -> _Rule:
    return re.compile(pattern, re.IGNORECASE), said


_RULES: tuple[_Rule, ...] = (
    (re.compile(r"\b(?:[A-Z]\.){2,}"), lambda match: match[0].replace(".", "")),
    _rule(r"(?<![\d.,])\b(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+)(?![\d.,]*\d)",
          lambda match: re.sub(r"\s", "", match[1])),
    _rule(r"(?<![\d-])((?:1\d|20)\d\d)[-–—/](\d\d)(?![\d/%-]|\.\d)",
          lambda match: f"{match[1]}-{match[1][:2]}{match[2]}"
          if int(match[2]) > int(match[1][2:]) and int(match[2]) > 12 else match[0]),
    _rule(r"\bbetween (?!(?:19|20)\d\d\b)([\d.,]+%?) and (?=\d)", r"\1 to "),
    _rule(r"(?<!half )\ba (?=(?:hundred|thousand|million|billion|trillion)\b)", "one "),
    _rule(r"\bhalf an? (million|billion|trillion)\b", r"0.5 \1"),
    _rule(r"\bhalf an? dozen\b", "6"),
    _rule(rf"\b({_COUNT})[ -]dozen\b", lambda match: str(12 * int(_digits(match[1])))),
    _rule(r"(?<!-)\b(?:a )?dozen\b(?! of)", "12"),
    _rule(r"\b([\d.,]+|[a-z]+)[ -]gigaton(?:ne)?s?\b", r"\1 billion tonnes"),
    _rule(r"\b([\d.,]+|[a-z]+)[ -]megaton(?:ne)?s?\b", r"\1 million tonnes"),
    _rule(rf"\b(?P<count>a|{_COUNT}) and a half (?=(?:{_CONTINUED_UNITS}|centuries|decades?"
        rf"|years?|months?|weeks?|days?|hours?|minutes?|times)\b)",
          _plus_half),
    _rule(rf"\bhalf an? (?=(?:{_CONTINUED_UNITS})\b)", "0.5 "),
    _rule(rf"半(?=(?:{_HAN_UNITS})(?!徑|径))", "0.5"),
    _rule(rf"\b({'|'.join(ORDINALS)})([ -]century)", _ordinal_century),
    _rule(rf"\b({_COUNT}) (?:out of|in)(?: every)? ({_COUNT})\b(?! (?:years|months|days|hours))"
          r"(?!%|,\d|\.\d)",
          lambda match: _part(match[1], match[2], match[0])),
    _rule(rf"\bone (?:[a-z]+ ){{1,3}}in (?:every )?({'|'.join(_WORDS)})\b",
          lambda match: _part("one", match[1], match[0]) + " "),
    _rule(rf"(?<![{_HAN}])([{_HAN}]{{1,3}})\s?([到至])\s?([{_HAN}]{{1,3}})(?=[个個年天月周週名人岁歲倍小])",
          lambda match: f"{_han(match[1])}{match[2]}{_han(match[3])}"),
    _rule(r"(?<![\d.,])(\d+)\s?[万萬]\s?(\d{4})(?![\d.,年])",
          lambda match: str(10_000 * int(match[1]) + int(match[2]))),
    _rule(r"(公里|英里|米)\s?/\s?(小[时時]|秒)", r"\1/\2"),
    _rule(r"\b(over|than|about|nearly|almost|least) a (?=\d)", r"\1 "),
    _rule(r"四分之一[个個]?世[纪紀]", "25年"),
    _rule(r"半[个個]世[纪紀]", "50年"),
    _rule(r"\b(?:a )?quarter(?:[- ]| of a )century\b", "25 years"),
    _rule(r"\bhalf(?:[- ]| a )century\b", "50 years"),
    _rule(r"[时時]速\s?([約约達达為为超過过近]{0,2})\s?([\d.,]+[萬万]?)\s?(公里|英里)(?!/)",
          r"\1\2\3/小时"),
    _rule(r"(?<![\d/.])(\d{1,2})/100(?![\d/])", r"\1 out of 100"),
    _rule(rf"每([{_HAN}\d]+)[名個个人位家戶户座所]{{1,2}}\w{{0,3}}?[中裡里]?就?有([{_HAN}\d]+)[名個个人位家戶户座所]",
          lambda match: f"{match[1]}分之{match[2]}"),
    _rule(r"(攝氏|摄氏|華氏|华氏)(零下)?\s?(-?[\d.]+)\s?度", r"\2\3\1度"),
    _rule(r"(?<![$€£¥\d.,])(\d[\d.,]*) ?m\b(?![²³/])", r"\1 metres"),
    _rule(r"\b(\d+) hours?,?(?: and)? (\d+) minutes?\b",
          lambda match: _in_small(match, 60, "minutes")),
    _rule(r"(\d+)\s?(?:个)?小[時时]\s?(\d+)\s?分[鐘钟]?",
          lambda match: _in_small(match, 60, "分钟")),
    _rule(r"\b(\d+) years?,?(?: and)? (\d+) months?\b",
          lambda match: _in_small(match, 12, "months")),
    _rule(r"(?<![\d年])(\d{1,2})\s?年零?\s?(\d{1,2})\s?[个個]月",
          lambda match: _in_small(match, 12, "个月")),
    _rule("\u2212(?=\\d)", "-"),
    _rule(r"\ba fortnight\b", "two weeks"),
    _rule(r"(?<=\d) (km|m) per (second|hour)\b", r" \1/\2"),
    _rule(r"(?<=/)second\b", "s"),
    _rule(r"(?<=/)hour\b", "h"),
    _rule(r"零下\s?(?=\d)", "-"),
    _rule(r"\bminus (?=\d)", "-"),
    _rule(r"每(?:小時|小时)\s?([\d.,]+[萬万]?)\s?(公里|英里)", r"\1\2/小时"),
    _rule(r"每秒(?:鐘|钟)?\s?([\d.,]+[萬万]?)\s?(公里|米)", r"\1\2/秒"),
    _rule(rf"\b({'|'.join(_WORDS)})-?fold\b", lambda match: f"{_digits(match[1])} times"),
)  # fmt: skip


def _part(count: str, whole: str, said: str) -> str:
    few, many = int(_digits(count)), int(_digits(whole))
    return f"{few} out of {many}" if 0 < few < many <= 100 else said


def in_plain_words(text: str) -> str:
    """The text with `between 10 and 15`, `half a litre`, `one in five` as `find_values` has"
    " them."""
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text


_ERA = re.compile(
    rf"(?:公元前|西元前|(?<![以之目此提])前)\s?(?P<han>\d+|[{_HAN}百]+)\s?(?P<what>年代|年|世纪)"
    r"|\b(?P<century>\d{1,2})(?:st|nd|rd|th)[ -]century,? b\.?c\.?(?:e\b\.?)?"
    r"|\b(?P<year>\d{1,4}) b\.?c\b\.?(?:e\b\.?)?"
)
_YEARS_BEFORE = re.compile(
    r"前\s?[\d十〇零一二两三四五六七八九]{1,2}\s?年"
)  # 前五年: the first five


def before_christ(folded: str) -> Iterator[Value]:
    """Years and centuries before the common era: 公元前四世纪, 44 BC."""
    for match in _ERA.finditer(folded):
        if _YEARS_BEFORE.fullmatch(match.group()):
            continue
        century = match["century"] or (match["han"] if match["what"] == "世纪" else None)
        number = _han(century or match["han"] or match["year"])
        date = f"BC-C{number}" if century else f"BC-{number}"
        yield Value("date", date=date, start=match.start(), end=match.end(), text=match.group())
