"""The opened index as the page sees it: one for all visitors, reading is safe from any thread."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rag.errors import RagError
from rag.index import DocumentEntry, Index
from rag.types import Answer, Document, Language

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

    def ask(self, question: str, language: Language | None) -> Answer:
        """An answer with the words that met, in the language or in the question's own."""
        from rag.answer import ask
        from rag.explain import explain_answer

        return explain_answer(self.index, ask(self.index, question, language=language))

    def warm(self) -> None:
        """Load the models before the first question. What is wrong with them, asking will say."""
        from rag.retrieve import search

        with suppress(RagError):
            search(self.index, "warm 暖", top_k=1)

    def document(self, document_id: str) -> Document:
        """One article; raises StoreError when it is not there."""
        return self.index.document(document_id)

    def is_empty(self) -> bool:
        """Whether there is nothing to ask about yet."""
        return next(self.index.documents(), None) is None

    def examples(self, language: Language) -> tuple[str, ...]:
        """Questions to begin with, where the sample articles are among the first of the index."""
        entries = islice(self.index.documents(), _LOOKED_THROUGH)
        names = {name for entry in entries for name in _names(entry)}
        return tuple(question for question, name in EXAMPLES[language] if name in names)


def _names(entry: DocumentEntry) -> set[str | None]:
    """What an article goes by in a questions file: its file's name, or its own id."""
    return {entry.document.source_id, *(source.rpartition("/")[2] for source in entry.sources)}
