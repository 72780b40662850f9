"""What rules out that passages answer a question, however well they meet its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer_roles import says_something
from rag.assertions import years_in
from rag.fold import fold
from rag.labels import has_label, labels
from rag.types import Document, Hit, Query
from rag.values.spellings import year_spellings

_READ = 50_000  # characters of an article
_LAST_YEAR = re.compile(
    r"去年|上年|前一年|\b(?:last|previous|prior) year\b|\byear[ -](?:ago|earlier)\b"
)
_NEXT_YEAR = re.compile(r"明年|翌年|次年|\b(?:next|following|coming) year\b")


def are_ruled_out(query: Query, hits: Sequence[Hit]) -> bool:
    """Whether a question is made of numbers alone (2+2), or names a year that the best hit's
    article can't tell of, or a thing by a number (Harbour 12) that none of the hits has."""
    if not hits or not says_something(query):
        return True
    return _is_of_other_years(query, hits[0].document) or _lack_label(query, hits)


def _is_of_other_years(query: Query, article: Document) -> bool:
    years = {int(year) for year in years_in(query.text) if year.isdecimal()}
    return bool(years) and not any(_may_tell_of(article, year) for year in years)


def _lack_label(query: Query, hits: Sequence[Hit]) -> bool:
    texts = [f"{hit.document.title or ''}\n{hit.passage.text}" for hit in hits]
    return any(not any(has_label(text, each) for text in texts) for each in labels(query.text))


def _may_tell_of(article: Document, year: int) -> bool:
    """Whether an article was published in a year, names it, or means it by the year before or after
    its own; one without a date may mean any."""
    if article.date is None or int(article.date[:4]) == year:
        return True
    text = f"{article.title or ''}\n{article.text[:_READ]}"
    if str(year) in text:
        return True
    text = fold(text)
    means = {1: _LAST_YEAR, -1: _NEXT_YEAR}.get(int(article.date[:4]) - year)
    if means and means.search(text):
        return True
    short = rf"(?<!\d)(?:{year % 100:02}|{year - 1911})年"  # 21年, 110年
    return any(each in text for each in year_spellings(year, "zh")) or bool(re.search(short, text))
