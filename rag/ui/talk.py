"""A conversation as the page holds it: frozen, as what is drawn from it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.answer import turn_of
from rag.follow_up import Turn
from rag.store.conversations import CitationState, KeptCitation, Verdict
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Opened:
    """The span of an article that the right pane shows; `turn` counts the answers from 0."""

    document_id: str
    start: int
    end: int
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; `message` is its id where it is kept.

    `states` tells of the citations of a restored answer, by number, whether they still hold; `lost`
    are those that don't, and `changed` maps them to the article that stands in their place.
    """

    answer: Answer
    message: str | None = None
    states: Mapping[int, CitationState] = field(default_factory=dict)
    lost: tuple[KeptCitation, ...] = ()
    changed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rating:
    """What the reader thinks of an answer."""

    verdict: Verdict | None
    reason: str = ""


Ratings = Mapping[str, Rating]
"""By message id."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation; without an id nothing was asked in it yet."""

    id: str | None = None
    exchanges: tuple[Exchange, ...] = ()

    def before(self, turn: int | None) -> Talk:
        """What comes before an answer; all of it for None."""
        return Talk(self.id, self.exchanges[:turn])

    def plus(self, exchange: Exchange) -> Talk:
        """With one more exchange."""
        return Talk(self.id, (*self.exchanges, exchange))

    def turns(self) -> tuple[Turn, ...]:
        """What the next question may refer to."""
        return tuple(turn_of(each.answer) for each in self.exchanges)

    def answer(self, turn: int | None) -> Answer | None:
        """One of the answers, if there is such a one."""
        if turn is None or not 0 <= turn < len(self.exchanges):
            return None
        return self.exchanges[turn].answer
