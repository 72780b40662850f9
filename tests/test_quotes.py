"""Quotes: found however their marks were rewritten, and only where every word is the article's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from opencc import OpenCC

from rag.clean import clean
from rag.fold import fold
from rag.load import load
from rag.quotes import find_quote
from rag.sentences import split_sentences
from rag.types import Skipped

SEEDS = Path(__file__).parent.parent / "seeds"

ENGLISH = (
    "The party did not rise by 12 in 1.12 or 120. Non-profit firms don't pay, “he said”. "
    "A plan (big) worth US$100 billion was drawn up; it grew 10–15% a year.\n"
    "A low-cost line of 10² km opened — at last — in May 2021."
)
CHINESE = (
    "全区有35名处级党员领导干部，分头到38家重点企业兼任党建指导员，难处都由他们带回来。\n"
    "下一段，“锂电”有七条，增长12.5%——很好；这并不可能发生，占地二十五亩，累计投入42亿元。"
)


def found(quote: str, text: str) -> str | None:
    span = find_quote(quote, text)
    return text[span.start : span.end] if span else None


def bare(text: str) -> str:
    """The letters and digits of a folded text: what no distortion may change."""
    return "".join(char for char in fold(text) if char.isalnum())


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("全區有 35 名處級黨員領導幹部,", CHINESE, "全区有35名处级党员领导干部，"),
        ("「鋰電」有七條", CHINESE, "“锂电”有七条"),
        ("'锂电'有七条, 增长12.5% - 很好...", CHINESE, "“锂电”有七条，增长12.5%——很好"),
        ("“难处都由他们带回来”", CHINESE, "难处都由他们带回来"),
        ("firms don’t pay, \"he said\"", ENGLISH, "firms don't pay, “he said”"),
        ("FIRMS   DON'T\npay", ENGLISH, "firms don't pay"),
        ("worth ＵＳ＄１００ billion", ENGLISH, "worth US$100 billion"),
        ("...it grew 10-15% a year", ENGLISH, "it grew 10–15% a year"),
        ("opened--at last", ENGLISH, "opened — at last"),
        ("a year. A low-cost line", ENGLISH, "a year.\nA low-cost line"),
        ("did not rise by 12", ENGLISH, "did not rise by 12"),
    ],
)  # fmt: skip
def test_a_quote_is_found_whatever_its_marks(quote: str, text: str, span: str) -> None:
    assert found(quote, text) == span


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("全区有……兼任党建指导员", CHINESE, CHINESE[: CHINESE.index("，难处")]),
        ("全区有...重点企业 [...] 带回来。", CHINESE, CHINESE[: CHINESE.index("\n")]),
        ("the party ... non-profit firms", ENGLISH, ENGLISH[: ENGLISH.index(" don't")]),
        ("领导干部……带回来", CHINESE, CHINESE[CHINESE.index("领导") : CHINESE.index("。\n")]),
        ("他说……算了吧", "有一天他说……算了吧，走了。", "他说……算了吧"),
    ],
)
def test_an_ellipsis_joins_two_parts_of_a_paragraph(quote: str, text: str, span: str) -> None:
    assert found(quote, text) == span


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("重点企业……领导干部", CHINESE),  # the other order
        ("带回来……增长12.5%", CHINESE),  # two paragraphs
        ("billion was ... low-cost line", ENGLISH),
        ("the party ... rise by 12", ENGLISH),  # hides the negation
        ("the firm ... left them", "The firm has not once left them."),
        ("the first ... the last", f"The first {'word ' * 60} the last."),  # too far
        ("全区有……人", CHINESE),  # a part that proves nothing
    ],
)
def test_an_ellipsis_joins_nothing_else(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("did rise by 12", ENGLISH),
        ("the party did not raise by 12", ENGLISH),
        ("全区有36名处级党员领导干部", CHINESE),
        ("这并可能发生", CHINESE),
        ("art did not rise", ENGLISH),
        ("the party did no", ENGLISH),
        ("rise by 12 in 1", ENGLISH),
        ("12 in 1.12 or 12", ENGLISH),
        ("2 in 1.12 or 120", ENGLISH),
        ("rise by 12", ENGLISH),  # behind a negation
        ("可能发生，占地", CHINESE),
        ("profit firms don't pay", ENGLISH),
        ("Non-profit firms don", ENGLISH),
        ("was worth US$100", "It was worth US$100 billion."),
        ("100 billion was drawn up", ENGLISH),
        ("it grew 10", ENGLISH),
        ("有七条，增长12", CHINESE),
        ("发生，占地二十", CHINESE),
        ("累计投入了42", CHINESE),
        ("累计投入42", CHINESE),
        ("line of 102 km opened", ENGLISH),
        ("5 degrees outside", "It was -5 degrees outside."),
        ("增长百分之", "增长百分之五。"),
        ("分之五十的企业", "百分之五十的企业"),
        ("in sections 1,200", "in sections 1, 200 and 3"),
        ("占比是3.5以上", "占比是3。5以上"),
        ("not in the text at all", ENGLISH),
        ("a quote of something", ""),
    ],
)
def test_a_quote_with_another_word_number_or_negation_is_not_found(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@pytest.mark.parametrize(
    "quote", ["", "…", "“”", "锂电有", "the firm", "2021", "35", "35名处", "of"]
)
def test_a_quote_that_proves_nothing_is_not_found(quote: str) -> None:
    text = "2021 锂电有七条。 The firm of 35. 35名处级干部"
    assert find_quote(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "span"), [("42億元", "42亿元"), ("12.5%", "12.5%"), ("35 名", "35名"), ("5%", None)]
)
def test_a_whole_value_is_quote_enough(quote: str, span: str | None) -> None:
    assert found(quote, CHINESE) == span


def test_a_later_place_is_taken_where_the_first_is_inside_a_word() -> None:
    text = "The counterparties left. The parties left."
    assert find_quote("parties left", text) == (29, 41)


# Distortions that may not matter, over all sample articles.
ARTICLES = [clean(raw).text for raw in load(SEEDS) if not isinstance(raw, Skipped)]
SENTENCES = [
    (text, text[span.start : span.end]) for text in ARTICLES for span in split_sentences(text)
]
TO_TRADITIONAL, TO_SIMPLIFIED = OpenCC("s2t"), OpenCC("t2s")
QUOTATION = "“”‘’「」『』\"'"
HALF = str.maketrans("，：；！？（）％", ",:;!?()%")
FULL = str.maketrans(",:;!?()", "，：；！？（）")
DISTORTIONS = {
    "half width": lambda text: text.translate(HALF),
    "full width": lambda text: re.sub(r"[,:;!?()](?!\d)", lambda m: m[0].translate(FULL), text),
    "wide letters": lambda text: re.sub("[A-Za-z0-9]", lambda m: chr(ord(m[0]) + 0xFEE0), text),
    "upper case": str.upper,
    "lower case": str.lower,
    "line breaks": lambda text: re.sub(r"\s+", "\n", text),
    "more space": lambda text: re.sub(r"\s+", " \u3000 ", text),
    "spaced Chinese": lambda text: re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])", " ", text),
    "straight quotes": lambda text: re.sub("[“”‘’「」『』]", '"', text),
    "corner quotes": lambda text: re.sub("[“‘]", "「", re.sub('[”"]', "」", text)),
    "dashes": lambda text: re.sub("[–—]+", "--", text),
    "no final mark": lambda text: text.rstrip("。.！!？?；;"),
    "final ellipsis": lambda text: text.rstrip("。.") + "……",
    "quoted": lambda text: f"“{text}”",
    "final mark": lambda text: text + "。",
    "unseen": lambda text: "\ufeff" + text.replace(" ", " \u200b"),
}


@given(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(sorted(DISTORTIONS)), max_size=4),
)
def test_a_sentence_is_found_whatever_was_done_to_its_marks(
    cut: tuple[str, str], distortions: list[str]
) -> None:
    text, sentence = cut
    assume(len(bare(sentence)) >= 8)
    quote = sentence
    for name in distortions:
        quote = DISTORTIONS[name](quote)
    span = found(quote, text)
    assert span is not None
    assert bare(span) == bare(quote) == bare(sentence)


@given(st.sampled_from(SENTENCES), st.data())
def test_the_part_before_or_behind_a_comma_is_found_in_the_other_script(
    cut: tuple[str, str], data: st.DataObject
) -> None:
    text, sentence = cut
    parts = [part for part in re.split("[，：；]", sentence) if len(bare(part)) >= 8]
    assume(parts)
    part = data.draw(st.sampled_from(parts))
    converter = data.draw(st.sampled_from([TO_TRADITIONAL, TO_SIMPLIFIED]))
    quote = converter.convert(part)
    assume(fold(quote) == fold(part))  # a character may have several traditional forms
    span = found(quote, text)
    assert span is not None
    assert bare(span) == bare(part)


@given(st.sampled_from(SENTENCES), st.data())
def test_a_sentence_with_one_character_changed_is_not_found(
    cut: tuple[str, str], data: st.DataObject
) -> None:
    text, sentence = cut
    places = [at for at, char in enumerate(sentence) if char.isalnum()]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from("x7不三"))
    quote = sentence[:at] + other + sentence[at + 1 :]
    assume(bare(quote) not in bare(text))
    assert find_quote(quote, text) is None


@given(
    st.text(alphabet='ab1.不是 -…"“\n²½㎡', max_size=12), st.text(alphabet='ab1.不是 -…"“\n²½㎡')
)
def test_whatever_is_found_folds_to_what_the_quote_folds_to(quote: str, text: str) -> None:
    span = find_quote(quote, text)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)
        parts = [bare(part) for part in re.split(r"\.{3,}|…", quote)]
        covered = bare(text[span.start : span.end])
        assert covered.startswith(next(part for part in parts if part))
        assert re.fullmatch(".*".join(map(re.escape, parts)), covered)
