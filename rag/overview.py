"""What a collection holds, in numbers: over time, by language and publisher, and as a map."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from rag.sentences import Span, split_sentences
from rag.types import LANGUAGES, Document, Language, Passage, Vectors, family_of

if TYPE_CHECKING:
    from rag.index import Index
    from rag.store.outline import Publications

Unit = Literal["month", "year"]

NAMED_PUBLISHERS = 15
MAP_POINTS = 5_000
_MOST_MONTHS = 48  # a longer time is counted by years
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MOST_SINGLE = 12  # bins of one number of passages each
_READ = 400  # characters of a passage that its sentence is looked for in
_TELLING = 12  # characters; what is shorter is a heading or a cry
_FEW = 10  # passages that it takes to know half of what sets a family's vectors off


@dataclass(frozen=True, slots=True)
class Interval:
    """A month, or a year (then `month` is None), and its articles by language."""

    year: int
    month: int | None
    articles: Mapping[Language, int]


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher and how many articles it has."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class SizeBin:
    """How many articles have `first` to `last` passages, both included."""

    first: int
    last: int
    articles: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A collection in numbers.

    `languages` are by number, `intervals` by time, without those that have no article;
    `publishers` by number, at most `NAMED_PUBLISHERS`. The `others` have `other_articles` together,
    and `unnamed` articles name no publisher.
    """

    articles: int
    passages: int
    languages: Mapping[Language, int]
    unit: Unit
    intervals: tuple[Interval, ...]
    undated: int
    publishers: tuple[Publisher, ...]
    others: int
    other_articles: int
    unnamed: int
    sizes: tuple[SizeBin, ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A passage's place on the map, -1 to 1, and its first telling sentence.

    The sentence is `text`, which stands at `start` to `end` of the document's text.
    """

    x: float
    y: float
    language: Language
    document_id: str
    title: str | None
    start: int
    end: int
    text: str


def overview(index: Index) -> Overview:
    """Count the articles of an index. No text is read."""
    with index.pinned():
        outline = index.outline()
    found = outline.publications
    languages: Counter[Language] = Counter()
    publishers: Counter[str] = Counter()
    for each in found:
        languages[each.language] += each.documents
        publishers[(each.publisher or "").strip()] += each.documents
    unnamed = publishers.pop("", 0)
    ranked = sorted(publishers.items(), key=lambda pair: (-pair[1], pair[0]))
    named, others = ranked[:NAMED_PUBLISHERS], ranked[NAMED_PUBLISHERS:]
    unit, intervals = _over_time(found)
    articles = languages.total()
    return Overview(
        articles=articles,
        passages=sum(size * count for size, count in outline.sizes.items()),
        languages=dict(languages.most_common()),
        unit=unit,
        intervals=intervals,
        undated=articles - sum(sum(each.articles.values()) for each in intervals),
        publishers=tuple(Publisher(*pair) for pair in named),
        others=len(others),
        other_articles=sum(count for _, count in others),
        unnamed=unnamed,
        sizes=_size_bins(outline.sizes),
    )


def _over_time(found: Iterable[Publications]) -> tuple[Unit, tuple[Interval, ...]]:
    """Articles by month; by year where the months are too many to be seen."""
    months: dict[tuple[int, int], Counter[Language]] = defaultdict(Counter)
    for each in found:
        if dated := _MONTH.fullmatch(each.month or ""):
            months[int(dated[1]), int(dated[2])][each.language] += each.documents
    if not months:
        return "year", ()
    (first_year, first_month), (last_year, last_month) = min(months), max(months)
    if (last_year - first_year) * 12 + last_month - first_month < _MOST_MONTHS:
        return "month", tuple(Interval(*when, months[when]) for when in sorted(months))
    years: dict[int, Counter[Language]] = defaultdict(Counter)
    for (year, _), languages in months.items():
        years[year].update(languages)
    return "year", tuple(Interval(year, None, years[year]) for year in sorted(years))


def _size_bins(sizes: Mapping[int, int]) -> tuple[SizeBin, ...]:
    """A bin for each number of passages; where there are many, bins that double: 1, 2, 3 to 4, ...

    They go on to the largest article; 0 has one only where there is such an article.
    """
    largest = max(sizes, default=0)
    bins = [SizeBin(0, 0, sizes[0])] if sizes.get(0) else []
    if largest <= _MOST_SINGLE:
        return (*bins, *(SizeBin(n, n, sizes.get(n, 0)) for n in range(1, largest + 1)))
    first, last = 1, 1
    while first <= largest:
        within = sum(count for size, count in sizes.items() if first <= size <= last)
        bins.append(SizeBin(first, last, within))
        first, last = last + 1, last * 2
    return tuple(bins)


def passage_map(index: Index, limit: int = MAP_POINTS) -> tuple[MapPoint, ...]:
    """At most `limit` passages, spread over the index, as points: near ones are about alike things.

    The same index gives the same map. The axes have no meaning of their own.
    """
    with index.pinned():
        rows = index.spread_rows(limit)
        passages, vectors = index.passages(rows), index.vectors(rows)
    families = np.array([family_of(document.language) for _, document in passages])
    places = _principal_plane(_without_language(vectors, families))
    return tuple(
        _point(passage, document, float(x), float(y))
        for (passage, document), (x, y) in zip(passages, places, strict=True)
    )


def _without_language(vectors: Vectors, families: NDArray[np.str_]) -> Vectors:
    """Vectors less their mean, and less what sets the mean of their family off from it.

    The fewer passages a family has, the more its mean is what they are about and the less the
    language, so less of it is taken: n / (n + `_FEW`), as James and Stein shrink means (1961).
    """
    centred = vectors - vectors.mean(axis=0) if len(vectors) else vectors.copy()
    for family in np.unique(families):
        own = families == family
        count = int(own.sum())
        centred[own] -= centred[own].mean(axis=0) * (count / (count + _FEW))
    return centred


def _principal_plane(vectors: Vectors) -> NDArray[np.float64]:
    """The first two principal components, shape (n, 2), the longest coordinate 1.

    They are eigenvectors of the covariance, which costs less than an SVD of all vectors. Each is
    turned so that its largest entry is positive.
    """
    places = np.zeros((len(vectors), 2))
    if len(vectors) < 2:
        return places
    exact = vectors.astype(np.float64)
    axes = np.linalg.eigh(exact.T @ exact)[1][:, :-3:-1]
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(np.take_along_axis(axes, largest[None], axis=0)[0] < 0, -1.0, 1.0)
    places[:, : axes.shape[1]] = exact @ (axes * signs)
    longest = np.abs(places).max()
    return np.round(places / longest, 4) if longest > 1e-9 else np.zeros_like(places)


def _point(passage: Passage, document: Document, x: float, y: float) -> MapPoint:
    span = _telling_sentence(passage.text)
    start, end = passage.start + span.start, passage.start + span.end
    return MapPoint(
        x=x,
        y=y,
        language=document.language,
        document_id=document.id,
        title=document.title,
        start=start,
        end=end,
        text=document.text[start:end],
    )


def _telling_sentence(text: str) -> Span:
    """The first sentence that is more than a few words; else the first, else the whole text."""
    spans = split_sentences(text[:_READ])
    telling = (span for span in spans if span.end - span.start >= _TELLING)
    return next(telling, spans[0] if spans else Span(0, len(text)))


def languages_of(counts: Iterable[Mapping[Language, int]]) -> tuple[Language, ...]:
    """The languages that occur in any of the counts, in the order of `LANGUAGES`."""
    seen = {language for each in counts for language, number in each.items() if number}
    return tuple(language for language in LANGUAGES if language in seen)
