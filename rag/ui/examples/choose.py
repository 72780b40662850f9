"""Which questions are offered: a few of a bounded number that are made and asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from rag.answer import ask
from rag.fold import fold
from rag.index import Index
from rag.language import to_script
from rag.types import Answer, Document, Language, family_of
from rag.ui.examples.chinese import chinese_drafts
from rag.ui.examples.draft import Draft
from rag.ui.examples.english import english_drafts
from rag.ui.examples.general import general_drafts

_PASSAGES = 200  # spread over the index, each leading to an article
_BATCH = 25
_VARIED = 3  # batches in which three kinds are looked for, before two of one kind will do
_GENERAL = 12  # articles that are asked about as a whole, at most
_ASKED = 18
_PATIENCE = 3.0  # seconds; a slow model is asked fewer questions


@dataclass(frozen=True, slots=True)
class _Offer:
    """A draft as its reader sees it."""

    draft: Draft
    document: Document
    question: str


@dataclass(slots=True)
class _Choice:
    """What has been asked and what of it is good."""

    index: Index
    language: Language
    wanted: int
    until: float
    good: list[_Offer] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        return (
            len(self.good) >= self.wanted or len(self.tried) >= _ASKED or monotonic() > self.until
        )

    def take(self, offers: list[_Offer], fits: Callable[[_Offer], bool]) -> None:
        """Ask those that fit, best first, until there are enough."""
        for offer in offers:
            if self.is_over:
                return
            if offer.question not in self.tried and fits(offer):
                self.tried.add(offer.question)
                if _is_answered(ask(self.index, offer.question), offer, self.language):
                    self.good.append(offer)

    def is_of_a_new_article(self, offer: _Offer) -> bool:
        return all(offer.document.id != each.document.id for each in self.good)

    def is_of_a_new_kind(self, offer: _Offer) -> bool:
        return self.is_of_a_new_article(offer) and all(
            offer.draft.kind != each.draft.kind for each in self.good
        )


def choose(
    index: Index, language: Language, wanted: int, *, without: Collection[str] = ()
) -> tuple[str, ...]:
    """Up to `wanted` questions in a language that the index answers; none where it has none.

    They are of articles other than those `without`, by id, and of different ones where possible.
    The same index gives the same ones, unless its models are too slow. Raises StoreError and
    EmbedderError.
    """
    choice = _Choice(index, language, wanted, monotonic() + _PATIENCE)
    documents: list[Document] = []
    facts: list[_Offer] = []
    for number, batch in enumerate(_articles(index, without)):
        documents += batch
        facts += [offer for document in batch for offer in _facts(document, language)]
        facts.sort(key=lambda offer: _order(offer, language))
        choice.take(facts, choice.is_of_a_new_kind)
        if number >= _VARIED:
            choice.take(facts, choice.is_of_a_new_article)
        if choice.is_over:
            break
    choice.take(facts, choice.is_of_a_new_article)
    general = _general(documents, language)
    choice.take(general, choice.is_of_a_new_article)
    choice.take(facts, lambda _: True)
    return tuple(offer.question for offer in choice.good)


def _articles(index: Index, without: Collection[str]) -> Iterator[list[Document]]:
    """Articles from all over the index, a part at a time; it isn't pinned in between, so that
    others see what is new."""
    seen = set(without)
    for batch in count():
        with index.pinned():
            rows = index.spread_rows(_PASSAGES)
            batches = -(-len(rows) // _BATCH)
            if batch >= batches:
                return
            read = {document.id: document for _, document in index.passages(rows[batch::batches])}
        yield [document for name, document in read.items() if name not in seen]
        seen.update(read)


def _facts(document: Document, language: Language) -> Iterator[_Offer]:
    if _is_foreign(document, language):
        return
    text, own = document.text, document.language
    for draft in english_drafts(text) if own == "en" else chinese_drafts(text, own):
        yield _Offer(draft, document, to_script(draft.question, language))


def _general(documents: Sequence[Document], language: Language) -> list[_Offer]:
    """Offers on what fits any article, of those in the language first; those that share their
    title with others, as the parts of a column do, have none."""
    titles = Counter(document.title for document in documents)
    single = [each for each in documents if not each.title or titles[each.title] == 1]
    single.sort(key=lambda each: _is_foreign(each, language))
    found = []
    for document in single[:_GENERAL]:
        for draft in general_drafts(document, language):
            asked = draft.question
            question = asked if _is_foreign(document, language) else to_script(asked, language)
            found.append(_Offer(draft, document, question))
    found.sort(key=lambda offer: (_is_foreign(offer.document, language), offer.draft.rank))
    return found


def _is_foreign(document: Document, language: Language) -> bool:
    return family_of(document.language) != family_of(language)


def _order(offer: _Offer, language: Language) -> tuple[bool, int]:
    return offer.document.language != language, offer.draft.rank


def _is_answered(answer: Answer, offer: _Offer, language: Language) -> bool:
    """Whether an answer begins with the words that its question was made of, and says no other."""
    if not answer.citations or family_of(answer.language) != family_of(language):
        return False
    first, draft = answer.citations[0], offer.draft
    if first.document.id != offer.document.id:
        return False
    if not (first.start < draft.span.end and draft.span.start < first.end):
        return False
    wanted = fold(draft.answer)
    if wanted not in fold(first.quote):
        return False
    if answer.short is None:
        return not draft.must_be_short
    short = fold(answer.short)
    return (short in wanted or wanted in short) if draft.must_be_short else wanted.startswith(short)
