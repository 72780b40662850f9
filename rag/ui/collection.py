"""The opened index as the page sees it: one for all visitors, reading is safe from any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from rag.errors import RagError
from rag.index import DocumentEntry, Index
from rag.store.conversations import Conversations, Versions
from rag.types import LANGUAGES, Answer, Document, Language
from rag.ui.examples import OFFERED, Kept
from rag.ui.history import History

if TYPE_CHECKING:
    from rag.ui.asked import Asked
    from rag.written import Again, Piece

_LOOKED_THROUGH = 200

EXAMPLES: Final[dict[Language, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("How long did it take to build the SAIC base in Ningde?", "ningde-seventeen-months.md"),
        ("Who is the general manager of Narada in Jiuquan?", "jiuquan-battery-plants"),
        (
            "How many self-service government terminals are there in Jiaocheng district?",
            "ningde-policy-savings.docx",
        ),
    ),
    "zh-Hans": (
        ("2021年的产业扶持政策替宁德企业省了多少钱？", "ningde-policy-savings.docx"),
        ("三祥新材的总经理是谁？", "sanxiang-zirconium.txt"),
        ("瑞达的紧固件卖给了哪家风电企业？", "jiuquan-one-stop.txt"),
    ),
    "zh-Hant": (
        ("寧德前三季的工業增加值增長多少？", "ningde-trillion-interview.md"),
        ("三嶼工業園區的自助服務點哪一天啟用？", "ningde-policy-savings.docx"),
        ("酒泉替多少位外來主管和技術人員辦了就醫保障卡？", "jiuquan-one-stop.txt"),
    ),
}
"""Questions on the sample articles, each with the article that answers it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """An index, and what a visitor does with it. The next question sees what was ingested since."""

    index: Index
    _examples: Kept = field(default_factory=Kept, init=False, repr=False, compare=False)

    def stream(
        self, asked: Asked, cancelled: Callable[[], bool] | None = None
    ) -> Iterator[Answer | Piece | Again]:
        """An answer in steps, as `rag.answer.stream`; the answers with the words that met."""
        from rag.answer import stream
        from rag.explain import explain_answer

        for event in stream(
            self.index,
            asked.question,
            language=asked.language,
            generator=asked.generator,
            keep_unsupported=asked.keep_unsupported,
            turns=asked.turns,
            cancelled=cancelled,
        ):
            yield (
                explain_answer(self.index, event, shown_only=True)
                if isinstance(event, Answer)
                else event
            )

    def explained(self, answer: Answer) -> Answer:
        """A kept answer with the words that met; as it is where they can't be found."""
        from rag.explain import explain_answer

        try:
            return explain_answer(self.index, answer, shown_only=True)
        except RagError:
            return answer

    def warm(self) -> None:
        """Load the models before the first question, and make the questions to begin with. What is
        wrong with them, asking will say."""
        from rag.retrieve import search

        with suppress(RagError):
            search(self.index, "warm 暖", top_k=1)
            for language in LANGUAGES:
                self.examples(language)

    def document(self, document_id: str) -> Document:
        """One article; raises StoreError when it is not there."""
        return self.index.document(document_id)

    def current(self, source: str) -> Document | None:
        """The article that a source has now."""
        return self.index.current(source)

    def versions(self, model: str | None) -> Versions:
        """What makes answers now, with the name of the language model."""
        from rag import __version__

        embedder = self.index.embedder
        return Versions(__version__, embedder.name, embedder.fingerprint, model)

    def history(self) -> History:
        """The conversations beside the index."""
        return History(Conversations.open(self.index.path), self, self.versions)

    def is_empty(self) -> bool:
        """Whether there is nothing to ask about yet."""
        return self.index.counts()[0] == 0

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with, made once for each state of the index: those on the sample
        articles where they are there, then others out of the articles themselves. None where
        something is wrong with the index or its models: asking will say."""
        try:
            generation = self.index.generation
            return self._examples.get(generation, language, lambda: _made(self.index, language))
        except RagError:
            return ()


def _made(index: Index, language: Language) -> tuple[str, ...]:
    by_name = {
        name: entry.document.id
        for entry in islice(index.documents(), _LOOKED_THROUGH)
        for name in _names(entry)
    }
    found = [(question, by_name[name]) for question, name in EXAMPLES[language] if name in by_name]
    shown, samples = (tuple(each[part] for each in found) for part in (0, 1))
    if len(shown) >= OFFERED:
        return shown
    from rag.ui.examples.choose import choose

    return shown + choose(index, language, OFFERED - len(shown), without=samples)


def _names(entry: DocumentEntry) -> set[str | None]:
    """What an article goes by in a questions file: its file's name, or its own id."""
    return {entry.document.source_id, *(source.rpartition("/")[2] for source in entry.sources)}
