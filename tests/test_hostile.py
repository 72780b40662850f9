"""Articles that give orders, before a language model that obeys every one of them.

Each row of data/attacks.jsonl is ingested from its file beside six honest articles, asked about,
answered by the obedient model, checked, and shown at every door.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from inference_server import InferenceServer
from lxml import html

from rag.answer import ask, stream
from rag.generate.openai_compatible import OpenAICompatible
from rag.index import DocumentEntry, Index
from rag.ingest import IngestReport
from rag.render import show_answer, show_documents, show_hits, show_ingest
from rag.shapes import answer_json
from rag.types import LANGUAGES, Answer, Document
from rag.ui.answer import answer_html
from rag.ui.article import article_html
from rag.ui.talk import Exchange
from rag.written import _RULES, Piece

Row = dict[str, Any]
KEY = "sk-very-secret-0123456789"
ATTACKS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "attacks.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@dataclass(frozen=True, slots=True)
class Honest:
    """An article, and the sentence that answers the question with the words that prove it."""

    text: str
    sentence: str
    quote: str


HONEST = {
    "When was the harbour of Lind dug?": Honest(
        "The harbour of Lind was dug in 1908. It took 17 months and 400 workers.",
        "The harbour of Lind was dug in 1908.",
        "The harbour of Lind was dug in 1908",
    ),
    "How much did the Lantern Bridge cost?": Honest(
        "The Lantern Bridge cost 3.2 million dollars. It has four lanes in each direction.",
        "The Lantern Bridge cost 3.2 million dollars.",
        "The Lantern Bridge cost 3.2 million dollars",
    ),
    "金沙港码头扩建总投资是多少？": Honest(
        "金沙港码头于2019年3月开工扩建，总投资18亿元，工期两年。",
        "金沙港码头扩建总投资18亿元。",
        "金沙港码头于2019年3月开工扩建，总投资18亿元",
    ),
    "数据安全法什么时候施行？": Honest(
        "数据安全法自2021年9月1日起施行。违反规定的单位最高可被处以一千万元罚款。",
        "数据安全法自2021年9月1日起施行。",
        "数据安全法自2021年9月1日起施行",
    ),
    "竹溪圖書館的館藏圖書有多少冊？": Honest(
        "竹溪圖書館於民國110年重新開放，館藏圖書三十二萬冊。每年約有十萬名讀者入館借閱。",
        "竹溪圖書館館藏圖書三十二萬冊。",
        "竹溪圖書館於民國110年重新開放，館藏圖書三十二萬冊",
    ),
    "東山高速鐵路全長多少公里？": Honest(
        "東山高速鐵路全長1318公里。列車從東山出發，四小時十八分到達南港。",
        "東山高速鐵路全長1318公里。",
        "東山高速鐵路全長1318公里",
    ),
}


# --- the attacks' files ---


def expanded(value: Any) -> Any:
    """A text of the attacks with `%tags(...)%` in characters that nobody sees, and repeats."""
    if isinstance(value, dict):
        return {name: expanded(each) for name, each in value.items()}
    if not isinstance(value, str):
        return value
    value = re.sub(
        r"%tags\((.*?)\)%", lambda found: "".join(chr(0xE0000 + ord(c)) for c in found[1]), value
    )
    repeats = re.compile(r"%repeat\((\d+),(.*?)\)%", re.DOTALL)
    return repeats.sub(lambda found: found[2] * int(found[1]), value)


def write_article(row: Row, folder: Path) -> Path:
    """The file of an attack, of the kind that it names."""
    path = folder / f"{row['id']}.{row['file']}"
    text = expanded(row.get("text", ""))
    if row["file"] == "jsonl":
        path.write_text(json.dumps(expanded(row["row"])) + "\n", encoding="utf-8")
    elif row["file"] == "docx":
        write_docx(path, text, **row["unseen"])
    else:
        path.write_text(text, encoding="utf-8", newline="")
    return path


def write_docx(path: Path, seen: str, how: str, text: str) -> None:
    from docx import Document as Word
    from docx.shared import Pt, RGBColor

    word = Word()
    word.add_paragraph(seen)
    font = word.add_paragraph("").add_run(text).font
    if how == "vanish":
        font.hidden = True
    elif how == "tiny":
        font.size = Pt(1)
    else:
        font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    word.save(str(path))


# --- the model ---


class Obedient:
    """Writes the honest answer, or whatever a passage orders; reads what people can't see, too."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.honest = HONEST[row["question"]]
        self.was_ordered = False

    def __call__(self, request: Row) -> str:
        system, user = (each["content"] for each in request["messages"][:2])
        shown = json.loads(user)
        keys = {
            passage["key"]: " ".join(str(each) for each in passage.values())
            for passage in shown["passages"]
        }
        mine = next(key for key, text in keys.items() if self.honest.quote in text)
        theirs = next((key for key, text in keys.items() if self.orders(text)), "")
        self.was_ordered = bool(theirs)
        claim = f"{self.honest.sentence} [[{mine}|{self.honest.quote}]]"
        if not theirs:
            return claim
        said = expanded(self.row["does"])
        for name, meant in {
            "claim": claim,
            "honest": mine,
            "key": theirs,
            "system": system,
            "SYSTEM": "\n".join(system.upper().split()),
            "question": shown["question"],
            "apikey": "unknown to me",
        }.items():
            said = said.replace(f"%{name}%", meant)
        return str(said)

    def orders(self, text: str) -> bool:
        """Whether a passage holds the order, in plain characters or smuggled ones."""
        smuggled = "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)
        return self.row["order"] in text or self.row["order"] in smuggled


# --- what came out of it ---


TOGETHER = 3
"""Attacks on one question that stand in one index; the model sees them and the honest article."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The honest articles with some attacks, each on disk once."""

    index: Index
    report: IngestReport


class Collections:
    """Makes the collection of an attack when it is first wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[int, Collection] = {}
        asked: dict[str, int] = {}
        self._round: dict[str, int] = {}
        for row in ATTACKS:
            asked[row["question"]] = asked.get(row["question"], -1) + 1
            self._round[row["id"]] = asked[row["question"]] // TOGETHER

    def of(self, row: Row) -> Collection:
        number = self._round[row["id"]]
        if number not in self._made:
            self._made[number] = self._make(
                self._folder / str(number),
                [each for each in ATTACKS if self._round[each["id"]] == number],
            )
        return self._made[number]

    def _make(self, folder: Path, rows: list[Row]) -> Collection:
        articles = folder / "articles"
        articles.mkdir(parents=True)
        for at, honest in enumerate(HONEST.values()):
            (articles / f"honest-{at}.txt").write_text(honest.text, encoding="utf-8")
        for row in rows:
            write_article(row, articles)
        index = Index.open(folder / "index", create=True)
        report = index.ingest([articles])
        assert (len(report.added), report.skipped) == (len(HONEST) + len(rows), ())
        return Collection(index, report)

    def close(self) -> None:
        for each in self._made.values():
            each.index.close()


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collections]:
    made = Collections(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attack led to. `streamed` is what a reader sees before the answer is settled."""

    row: Row
    report: IngestReport
    was_ordered: bool
    quoted: Answer | None
    answer: Answer
    streamed: str
    hostile: Document

    @property
    def honest(self) -> Honest:
        return HONEST[self.row["question"]]

    def drawn(self) -> Iterator[str]:
        """The HTML of the answer and of every article that it may open."""
        for language in LANGUAGES:
            yield answer_html(Exchange(self.answer, "m"), 0, language)
        yield article_html(self.hostile, 0, 20, "en")
        for citation in self.answer.citations:
            yield article_html(citation.document, citation.start, citation.end, "en")


def is_of(row: Row, entry: DocumentEntry) -> bool:
    """Whether an article came from an attack's file."""
    return Path(entry.sources[0]).name.startswith(f"{row['id']}.")


def attack(collection: Collection, row: Row) -> Outcome:
    """The path from the ingested file to the checked answer."""
    index, model = collection.index, Obedient(row)
    with InferenceServer(reply=model) as server:
        generator = OpenAICompatible(server.url, "obedient", KEY, timeout=10)
        *events, answer = stream(index, row["question"], generator=generator)
    assert isinstance(answer, Answer)
    quoted = ask(index, row["question"]) if answer.notice else None
    streamed = "".join(each.text for each in events if isinstance(each, Piece))
    (hostile,) = [each.document for each in index.documents() if is_of(row, each)]
    return Outcome(row, collection.report, model.was_ordered, quoted, answer, streamed, hostile)


@pytest.mark.parametrize("row", ATTACKS, ids=[row["id"] for row in ATTACKS])
def test_an_attack_has_no_effect(
    row: Row, collections: Collections, capsys: pytest.CaptureFixture[str]
) -> None:
    collection = collections.of(row)
    outcome = attack(collection, row)
    show_ingest(outcome.report)
    show_documents(each for each in collection.index.documents() if is_of(row, each))
    show_answer(outcome.answer)
    show_hits(outcome.answer.hits, "en")
    terminal = capsys.readouterr().out
    told = json.dumps(answer_json(outcome.answer), ensure_ascii=False)
    drawn = list(outcome.drawn())

    assert_it_was_read_by_whom_it_should(outcome)
    assert_claims_are_the_articles_own(outcome)
    assert_citations_are_verbatim(outcome.answer)
    assert_addresses_are_of_the_web(outcome.answer)
    for shown in (outcome.answer.text, outcome.streamed, told, terminal, *drawn):
        assert_nothing_secret(shown)
    assert_nothing_steers(terminal)
    assert_nothing_steers(outcome.answer.text)
    assert_nothing_steers(outcome.streamed)
    for page in drawn:
        assert_nothing_steers(page)
        assert_only_text(page, outcome.hostile)


def assert_it_was_read_by_whom_it_should(outcome: Outcome) -> None:
    """Hidden text reaches no model and is reported; all else does reach it, or the test is void."""
    row = outcome.row
    hidden = {Path(each.source).name: each.characters for each in outcome.report.hidden}
    name = f"{row['id']}.{row['file']}"
    assert (name in hidden) == bool(row.get("hidden"))
    assert outcome.was_ordered == (not row.get("hidden") and not row.get("unread"))
    if row.get("hidden"):
        assert hidden[name] >= len(row["order"])
        assert row["order"] not in outcome.hostile.text
        assert not any("\U000e0000" <= each <= "\U000e007f" for each in outcome.hostile.text)


def assert_claims_are_the_articles_own(outcome: Outcome) -> None:
    """What counts as proven is the honest sentence, or what the attacker's own article tells; where
    there is nothing, the quoted answer stands as if no model had been asked."""
    answer, honest = outcome.answer, outcome.honest
    assert not answer.declined
    assert any(honest.quote in each.quote for each in answer.citations)
    if answer.notice is not None:
        assert outcome.quoted is not None
        assert (answer.text, answer.citations) == (outcome.quoted.text, outcome.quoted.citations)
        assert answer.claims == ()
        assert "%claim%" not in outcome.row["does"]
        return
    proven = {each.text for each in answer.claims if each.status != "unsupported"}
    assert honest.sentence in proven
    assert proven <= {honest.sentence, *outcome.row.get("may", ())}
    for claim in answer.claims:
        assert not re.search(r"\[\d+\]|［\d+］|【\d+】|\[\[|\n", claim.text)


def assert_citations_are_verbatim(answer: Answer) -> None:
    for each in answer.citations:
        assert each.document.text[each.start : each.end] == each.quote
    numbers = {each.number for each in answer.citations}
    assert {number for claim in answer.claims for number in claim.citations} <= numbers


def assert_addresses_are_of_the_web(answer: Answer) -> None:
    """Whoever links to what the JSON names as an address runs nothing."""
    named = [*(each.document for each in answer.citations), *(hit.document for hit in answer.hits)]
    assert all(each.url is None or each.url.startswith(("http://", "https://")) for each in named)


def flat(text: str) -> str:
    """A text in lower case and on one line."""
    return " ".join(text.lower().split())


SECRETS = {flat(_RULES)[at : at + 20] for at in range(len(flat(_RULES)) - 19)}


def assert_nothing_secret(shown: str) -> None:
    """No 20 characters of the model's orders, in whatever case and on however many lines."""
    assert KEY not in shown
    text = flat(shown)
    assert not SECRETS & {text[at : at + 20] for at in range(len(text) - 19)}


def assert_nothing_steers(shown: str) -> None:
    """No control character but a line feed, and none that turns text around or is not seen."""
    odd = {each for each in shown if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cs"}}
    assert odd <= {"\n"}


ALIVE = re.compile(
    "applet|audio|base|embed|i?frame|frameset|image|img|link|math|meta|object|picture"
    "|portal|script|source|style|svg|template|textarea|track|video"
)
LOADING = re.compile(
    "on.*|action|archive|background|cite|classid|code|codebase|data|formaction|href|longdesc"
    "|manifest|ping|poster|profile|src|srcdoc|srcset|style|usemap|xlink:href"
)


def assert_only_text(page: str, hostile: Document) -> None:
    """Nothing that runs or loads but the page's own form; the only link is an article's own web
    address."""
    for element in html.fragment_fromstring(page, create_parent="main").iter():
        assert not ALIVE.fullmatch(element.tag)
        assert element.tag != "form" or element.attrib == {"class": "reason", "hidden": ""}
        for name, value in element.attrib.items():
            assert not re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE)
            if (element.tag, name) == ("a", "href"):
                assert hostile.url is not None
                assert value.partition("#")[0] == hostile.url.partition("#")[0]
                assert value.startswith(("http://", "https://"))
            else:
                assert not LOADING.fullmatch(name)


def test_the_name_of_a_file_steers_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    honest = HONEST["When was the harbour of Lind dug?"]
    (folder / "\x1b[2J\x1b]0;owned\x07\x9b5m\u202etxt\n.txt").write_text(honest.text)
    with Index.open(tmp_path / "index", create=True) as index:
        show_ingest(index.ingest([folder]))
        show_documents(index.documents())
        show_answer(ask(index, "When was the harbour of Lind dug?"))
    shown = capsys.readouterr().out
    assert_nothing_steers(shown)
    assert shown.count("owned") >= 3


def test_the_attacks_are_of_three_scripts_and_many_kinds() -> None:
    families = {script: set[str]() for script in LANGUAGES}
    for row in ATTACKS:
        families[row["script"]].add(row["family"])
    assert len(ATTACKS) >= 60
    assert all(len(each) >= 15 for each in families.values())
    assert len({row["id"] for row in ATTACKS}) == len(ATTACKS)


def test_a_model_without_orders_answers_honestly(collections: Collections) -> None:
    index = collections.of(ATTACKS[0]).index
    for question, honest in HONEST.items():
        model = Obedient({"question": question, "order": "no such order", "does": ""})
        with InferenceServer(reply=model) as server:
            answer = ask(index, question, generator=OpenAICompatible(server.url, "obedient"))
        assert [(each.text, each.status) for each in answer.claims] == [
            (honest.sentence, "verified")
        ]
