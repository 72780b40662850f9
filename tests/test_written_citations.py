"""A model that forges half of its quotes: what written answers cite is verbatim all the same."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import pairwise

import pytest
from conftest import SEEDS
from inference_server import Call, InferenceServer, says

from rag.answer import ask
from rag.evaluate import Evaluation, Outcome, evaluate
from rag.generate.openai_compatible import OpenAICompatible
from rag.index import Index
from rag.language import detect_language, to_script
from rag.questions import read_questions
from rag.sentences import split_sentences
from rag.types import Answer, WrittenClaim

SENTENCE = {"en": "The article says so.", "zh-Hans": "文章这样说。", "zh-Hant": "文章這樣說。"}
MADE_UP = "k0"  # a key that no passage has, as theirs are longer
SHORTEST = 12  # letters and digits of a quote


@dataclass(frozen=True)
class Proof:
    """What the model puts behind a sentence, and in which of the ways it is forged, if it is."""

    key: str
    quote: str
    forged: str = ""


@dataclass
class Forger:
    """A model whose proofs are true and forged in turn; it remembers them by question."""

    articles: list[str]
    proofs: dict[str, list[Proof]] = field(default_factory=dict)

    def answer(self, call: Call) -> None:
        """Send an answer of which each sentence says the same, so that only its proof counts."""
        given = json.loads(call.asked.body["messages"][1]["content"])
        question = given["question"]
        texts = {each["key"]: each["text"] for each in given["passages"]}
        proofs = self.proofs_from(texts, random.Random(question))
        self.proofs[question] = proofs
        said = SENTENCE[detect_language(question)]
        says(*(f"{said} [[{each.key}|{each.quote}]] " for each in proofs))(call)

    def proofs_from(self, texts: dict[str, str], chance: random.Random) -> list[Proof]:
        """A true proof and then a forged one, for each way to forge."""
        true = [Proof(key, quote) for key, text in texts.items() for quote in quotable(text)]
        elsewhere = [
            Proof(chance.choice(list(texts)), quote, "article")
            for article in self.articles
            if not any(text in article for text in texts.values())
            for quote in quotable(article)
        ]
        chance.shuffle(true)
        chance.shuffle(elsewhere)
        forged = (
            first_absent(altered(true, "word", other_words), texts),
            first_absent(altered(true, "number", other_numbers), texts),
            first_absent(elsewhere, texts),
            replace(true[-1], key=MADE_UP, forged="key"),
        )
        return [proof for pair in zip(true, forged, strict=False) for proof in pair]


def quotable(text: str) -> list[str]:
    """The sentences that are long enough to be quoted."""
    found = (text[start:end] for start, end in split_sentences(text))
    return [each for each in found if len(plain(each)) >= SHORTEST]


def plain(text: str) -> str:
    """Letters and digits alone, in one width, case and script: what no copyist may change."""
    folded = to_script(unicodedata.normalize("NFKC", text).casefold(), "zh-Hans")
    return "".join(filter(str.isalnum, folded))


def altered(
    proofs: Iterable[Proof], way: str, alter: Callable[[str], Iterator[str]]
) -> Iterator[Proof]:
    for proof in proofs:
        for quote in alter(proof.quote):
            yield Proof(proof.key, quote, way)


def other_words(quote: str) -> Iterator[str]:
    """The quote with a word, or a Chinese character, in the place of the one before it."""
    for one, other in pairwise(re.finditer(r"[A-Za-z]+|[\u4e00-\u9fff]", quote)):
        yield quote[: one.start()] + other.group() + quote[one.end() :]


def other_numbers(quote: str) -> Iterator[str]:
    """The quote with one digit raised."""
    for digit in re.finditer("[0-9]", quote):
        yield quote[: digit.start()] + str((int(digit.group()) + 1) % 10) + quote[digit.end() :]


def first_absent(proofs: Iterable[Proof], texts: dict[str, str]) -> Proof:
    """The first whose quote stands in none of the passages."""
    held = [plain(text) for text in texts.values()]
    return next(proof for proof in proofs if not any(plain(proof.quote) in text for text in held))


@dataclass(frozen=True)
class Asked:
    """All questions about the sample articles, with what the model made of them."""

    index: Index
    evaluation: Evaluation
    proofs: dict[str, list[Proof]]

    @property
    def written(self) -> list[Outcome]:
        return [each for each in self.evaluation.outcomes if each.answer.claims]

    def claims(self, *ways: str) -> Iterator[tuple[Outcome, WrittenClaim, Proof]]:
        """The sentences whose proofs were made in these ways."""
        for outcome in self.written:
            proofs = self.proofs[outcome.question.question]
            for claim, proof in zip(outcome.answer.claims, proofs, strict=True):
                if proof.forged in ways:
                    yield outcome, claim, proof


@pytest.fixture(scope="module")
def asked(seeds_index: Index) -> Asked:
    forger = Forger([entry.document.text for entry in seeds_index.documents()])
    questions = read_questions(SEEDS / "questions.jsonl")
    with InferenceServer(*[forger.answer] * len(questions)) as server:
        generator = OpenAICompatible(server.url, "tiny")
        written = partial(ask, generator=generator, today=date(2025, 1, 1))
        return Asked(seeds_index, evaluate(seeds_index, questions, ask=written), forger.proofs)


def test_every_question_that_is_not_declined_is_answered_in_writing(asked: Asked) -> None:
    outcomes = asked.evaluation.outcomes
    answered = [each.question.id for each in outcomes if not each.answer.declined]
    assert [each.question.id for each in asked.written] == answered
    assert len(answered) > len(outcomes) / 2
    assert {each.question.lang for each in asked.written} == set(SENTENCE)


def test_every_citation_is_a_verbatim_span_of_its_article(asked: Asked) -> None:
    assert asked.evaluation.overall.citation_valid == 1.0
    for outcome in asked.written:
        for citation in outcome.answer.citations:
            article = asked.index.document(citation.document.id).text
            assert article[citation.start : citation.end] == citation.quote


def test_true_quotes_are_cited(asked: Asked) -> None:
    for outcome, claim, proof in asked.claims(""):
        assert claim.found
        (number,) = claim.citations
        assert plain(outcome.answer.citations[number - 1].quote) == plain(proof.quote)


def test_forged_quotes_are_never_cited(asked: Asked) -> None:
    found = list(asked.claims("word", "number", "article"))
    assert len(found) == 3 * len(asked.written)
    for outcome, claim, proof in found:
        assert (claim.status, claim.found, claim.citations) == ("unsupported", False, ())
        assert not any(plain(proof.quote) in plain(quote) for quote in proven_by(outcome.answer))


def proven_by(answer: Answer) -> list[str]:
    """What the model's sentences are proven by; sources that disagree are cited beside them."""
    numbers = {number for claim in answer.claims for number in claim.citations}
    return [each.quote for each in answer.citations if each.number in numbers]


def test_true_quote_under_a_made_up_key_is_cited_where_it_stands_but_not_as_it_came(
    asked: Asked,
) -> None:
    for outcome, claim, proof in asked.claims("key"):
        assert claim.found
        assert claim.status != "verified"
        (number,) = claim.citations
        assert plain(outcome.answer.citations[number - 1].quote) == plain(proof.quote)
