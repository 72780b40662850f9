"""The evaluation over a stand-in index: every figure recomputed the naive way from its details."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from rag.errors import UsageError
from rag.evaluate import Evaluation, evaluate
from rag.fold import fold
from rag.index import Index
from rag.questions import Question, read_questions
from rag.report import report_html
from rag.shapes import outcome_json
from rag.types import Answer, Citation, Document, Hit, Language, Passage, Query


@dataclass(frozen=True)
class Entry:
    document: Document
    sources: tuple[str, ...]


def article(name: str, language: Language = "en") -> Entry:
    text = f"Facts of {name}: it was built in 1984. It cost 42 yuan."
    path = f"articles/{name}.md"
    return Entry(Document(f"id-{name}", text, language, path, source_id=f"src-{name}"), (path,))


class FakeIndex:
    """The part of an index that an evaluation asks for."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def documents(self) -> Iterator[Entry]:
        return iter(self.entries)

    def document(self, document_id: str) -> Document:
        return next(e.document for e in self.entries if e.document.id == document_id)


ENTRIES = [article(f"a{number:02}") for number in range(30)] + [
    article("zh", "zh-Hans"),
    article("hant", "zh-Hant"),
]


def hit(entry: Entry, start: int = 0) -> Hit:
    text = entry.document.text[start : start + 20]
    passage = Passage(f"p{start}", entry.document.id, start, start + 20, text)
    return Hit(passage, entry.document, 0.5, 1.0, 0.5, 0.5, 0.5)


class Searcher:
    """Finds the article that the question names at the rank that it names: `a03 @2`."""

    def __init__(self, repeats: int = 1) -> None:
        self.repeats = repeats
        self.depths: list[int] = []

    def __call__(self, index: Index, text: str, *, top_k: int) -> tuple[Query, list[Hit]]:
        self.depths.append(top_k)
        name, rank = text.split(" @")
        others = [entry for entry in ENTRIES if entry.document.id != f"id-{name}"]
        order = others[: int(rank) - 1]
        order += [entry for entry in ENTRIES if entry.document.id == f"id-{name}"]
        order += others[int(rank) - 1 :]
        hits = [hit(entry, start) for entry in order for start in range(self.repeats)]
        return Query(text, "en", (), np.zeros(2, np.float32)), hits[:top_k]


def answer(index: Index, question: str) -> Answer:
    """Answers from the article that the question names; declines a name it doesn't know."""
    name, rank = question.split(" @")
    found = [entry.document for entry in ENTRIES if entry.document.id == f"id-{name}"]
    if not found:
        return Answer(question, "en", "These articles don't say.", True, 0.1)
    quote = Citation(1, found[0], 0, len(found[0].text), found[0].text)
    return Answer(question, "en", "1984 [1]", False, 1 / int(rank), (quote,))


def question(
    number: int, text: str, documents: list[str], lang: str = "en", **more: Any
) -> Question:
    fields = {"answers": (), "answerable": True, **more}
    return Question(str(number), text, lang, tuple(documents), **fields)


QUESTIONS = [
    question(0, "a03 @1", ["src-a03"], answers=("1984",)),
    question(1, "a04 @2", ["a04.md"], answers=("nineteen",)),
    question(2, "a05 @12", ["articles/a05.md"], answers=("４２ Yuan",)),
    question(3, "zh @3", ["src-zh"], lang="zh-Hant"),
    question(4, "hant @1", ["id-hant"]),
    question(5, "lost @1", ["src-lost"], answers=("1984",)),
    question(6, "none @1", [], answerable=False),
    question(7, "a06 @4", [], answerable=False, lang="zh-Hans"),
]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    index = cast("Index", FakeIndex(ENTRIES))
    return evaluate(index, QUESTIONS, search=Searcher(), ask=answer)


def test_figures_by_hand(evaluation: Evaluation) -> None:
    overall = evaluation.as_json()["overall"]
    latency = overall.pop("latency_ms")
    assert overall == {
        "questions": 8,
        "recall@1": pytest.approx(2 / 6),
        "recall@3": pytest.approx(4 / 6),
        "recall@10": pytest.approx(4 / 6),
        "mrr@10": pytest.approx((1 + 1 / 2 + 1 / 3 + 1) / 6),
        "answer_hit": pytest.approx(2 / 4),
        "answered": 6,
        "declined": 2,
        "hallucination_rate": 0.5,
        "miss_rate": pytest.approx(1 / 6),
        "refusal_auroc": pytest.approx(8.5 / 12),
        "citation_valid": 1.0,
    }
    assert set(latency) == {"p50", "p95"}
    assert 0 <= latency["p50"] <= latency["p95"]


def test_pairs_join_question_and_article_language(evaluation: Evaluation) -> None:
    pairs = evaluation.as_json()["pairs"]
    assert {pair: figures["questions"] for pair, figures in pairs.items()} == {
        "en->en": 3,
        "en->none": 1,
        "en->unknown": 1,
        "en->zh-Hant": 1,
        "zh-Hans->none": 1,
        "zh-Hant->zh-Hans": 1,
    }
    assert pairs["en->unknown"]["recall@10"] == 0.0
    for name in ("recall@1", "recall@10", "mrr@10", "answer_hit", "miss_rate", "refusal_auroc"):
        assert pairs["en->none"][name] is None
    assert pairs["en->none"]["citation_valid"] is None
    assert pairs["zh-Hans->none"]["hallucination_rate"] == 1.0


def test_metrics_can_be_recomputed_from_the_details(evaluation: Evaluation) -> None:
    rows = [json.loads(json.dumps(outcome_json(outcome))) for outcome in evaluation.outcomes]
    assert list(rows[0]) == [
        "id", "question", "hits", "answer", "citations", "confidence", "declined",
    ]  # fmt: skip
    found = {1: 0, 10: 0}
    hits = 0
    for asked, row in zip(QUESTIONS, rows, strict=True):
        articles: list[dict[str, Any]] = []
        for one in row["hits"]:
            if one["document"] not in articles:
                articles.append(one["document"])
        names = [
            {each["source_id"], each["id"], each["path"], each["path"].split("/")[-1]}
            for each in articles
        ]
        for k in found:
            found[k] += any(set(asked.documents) & each for each in names[:k])
        texts = [row["answer"], *(each["quote"] for each in row["citations"])]
        folded = ["".join(fold(text).split()) for text in texts]
        golds = ["".join(fold(gold).split()) for gold in asked.answers]
        hits += any(gold in text for gold in golds for text in folded)
    overall = evaluation.overall
    assert (overall.recall_at_1, overall.recall_at_10) == (found[1] / 6, found[10] / 6)
    assert overall.answer_hit == hits / 4


def test_hits_name_ten_different_articles_however_many_passages_each_has() -> None:
    index = cast("Index", FakeIndex(ENTRIES))
    searcher = Searcher(repeats=15)
    outcome = evaluate(index, [QUESTIONS[0]], search=searcher, ask=answer).outcomes[0]
    assert len({each.document.id for each in outcome.hits}) == 10
    assert searcher.depths == [50, 100, 200]


def test_missing_articles_are_named(evaluation: Evaluation) -> None:
    missing = [name for outcome in evaluation.outcomes for name in outcome.missing]
    assert missing == ["src-lost"]


def test_an_exact_duplicate_is_found_under_each_of_its_names() -> None:
    document = article("twin").document
    twin = Entry(document, ("articles/twin.md", "other/copy.txt", "rows/all.jsonl#row-7"))
    index = cast("Index", FakeIndex([twin]))

    def found(index: Index, text: str, *, top_k: int) -> tuple[Query, list[Hit]]:
        return Query(text, "en", (), np.zeros(2, np.float32)), [hit(twin)]

    names = ["copy.txt", "other/copy.txt", "row-7", "all.jsonl", "rows/all.jsonl#row-7", "src-twin"]
    rows = [question(number, "lost @1", [name]) for number, name in enumerate(names)]
    assert evaluate(index, rows, search=found, ask=answer).overall.recall_at_1 == 1.0


def test_a_quote_that_the_index_does_not_hold_is_not_valid() -> None:
    changed = Entry(Document("id-a03", "Other words.", "en", "articles/a03.md"), ("a03.md",))
    index = cast("Index", FakeIndex([changed]))
    evaluation = evaluate(index, [QUESTIONS[0]], search=Searcher(), ask=answer)
    assert evaluation.overall.citation_valid == 0.0


def test_progress_counts_questions() -> None:
    seen: list[int] = []
    index = cast("Index", FakeIndex(ENTRIES))
    evaluate(index, QUESTIONS[:3], search=Searcher(), ask=answer, progress=seen.append)
    assert seen == [1, 2, 3]


def test_questions_are_read_with_their_line_numbers(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [
        {"id": "q1", "question": "When?", "lang": "en", "documents": ["a"], "answers": ["1"],
         "answerable": True},
        {"question": "数据安全法何时施行？", "documents": [], "answerable": False},
    ]  # fmt: skip
    text = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\ufeff" + text, encoding="utf-8")
    first, second = read_questions(file)
    assert first == Question("q1", "When?", "en", ("a",), ("1",), True)
    assert (second.id, second.lang, second.answerable) == ("3", "zh-Hans", False)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("{not json", "expected one JSON object"),
        ("[1, 2]", "found list"),
        ('{"id": "x"}', "expected a question, found none"),
        ('{"question": "  "}', "expected a question, found none"),
        ('{"question": 5}', "expected 'question' as str"),
        ('{"question": "a?", "documents": "a.md"}', "expected 'documents' as list"),
        ('{"question": "a?", "answers": [1984]}', "found 1984"),
        ('{"question": "a?", "answerable": "no"}', "expected 'answerable' as bool"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, found: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Fine?", "answerable": true}\n' + row + "\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_questions(file)
    assert f"{file}:2: " in str(error.value)
    assert found in str(error.value)
    assert "\n" not in str(error.value)


def test_a_questions_file_that_is_none_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n \n")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    for path in (empty, binary, tmp_path, tmp_path / "absent.jsonl"):
        with pytest.raises(UsageError, match="expected"):
            read_questions(path)


def test_the_report_holds_everything_it_shows(evaluation: Evaluation) -> None:
    page = report_html(evaluation, "<own> questions")
    assert "<title>Evaluation: &lt;own&gt; questions</title>" in page
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?https?:", page)
    assert page.count('class="plotly-graph-div"') == 4
    for failure in ("at rank 2", "not found", "declined", "answered without ground"):
        assert failure in page


def test_the_report_of_one_unanswerable_question_has_no_figures_to_draw() -> None:
    index = cast("Index", FakeIndex(ENTRIES))
    evaluation = evaluate(index, [QUESTIONS[6]], search=Searcher(), ask=answer)
    assert "<p>None.</p>" in report_html(evaluation, "one")


def test_half_a_character_is_refused_before_the_work(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Who? \\ud800", "documents": []}\n')
    with pytest.raises(UsageError, match="expected whole characters, found half of one"):
        read_questions(file)
