"""The routes for programs, asked over a real socket."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from api_server import serving
from inference_server import InferenceServer, says, stalls

from rag.answer import ask
from rag.api.access import MAX_JSON_BYTES
from rag.api.schemas import (
    AnswerShape,
    DamageShape,
    HealthShape,
    IngestShape,
    ListShape,
    RemovedShape,
    SearchShape,
    TextShape,
)
from rag.explain import explain_answer
from rag.index import Index
from rag.settings import Settings
from rag.shapes import answer_json
from rag.store.transaction import writer_lock

QUESTION = "Who is the general manager of Narada in Jiuquan?"
SAVED = "How much did support policies save companies in Ningde in 2021?"


@pytest.fixture(scope="module")
def client(seeds_index: Index) -> Iterator[httpx.Client]:
    """A client of a server over the sample articles, which nobody changes."""
    with serving(seeds_index) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def own_index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True) as index:
        yield index


@pytest.fixture
def writing(own_index: Index) -> Iterator[httpx.Client]:
    """A client of a server over an empty index of this test's own."""
    with serving(own_index) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def events_of(text: str) -> list[tuple[str, Any]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)
    return [(name, json.loads(data)) for name, data in found]


def without_times(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "timings_ms"}


def test_ask_gives_the_document_of_the_command_line(
    client: httpx.Client, seeds_index: Index
) -> None:
    answered = client.post("/api/v1/ask", json={"question": SAVED, "language": "zh-Hant"})
    assert answered.status_code == 200
    AnswerShape.model_validate_json(answered.content)
    same = explain_answer(seeds_index, ask(seeds_index, SAVED, language="zh-Hant"))
    assert without_times(answered.json()) == without_times(answer_json(same))


def test_the_words_that_met_can_be_left_out(client: httpx.Client) -> None:
    whole = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    short = client.post("/api/v1/ask", json={"question": QUESTION, "matches": False}).json()
    met = [passage.pop("matches") for passage in whole["passages"]]
    assert any(met)
    assert without_times(short) == without_times(whole)


def test_ask_declines_with_the_nearest_passages(client: httpx.Client) -> None:
    found = client.post("/api/v1/ask", json={"question": "How do I bake sourdough bread?"}).json()
    AnswerShape.model_validate(found)
    assert found["declined"]
    assert found["passages"]


def test_a_question_is_understood_by_the_turns_before_it(client: httpx.Client) -> None:
    first = client.post("/api/v1/ask", json={"question": SAVED}).json()
    turns = [{"question": SAVED, "answer": first["answer"]}]
    found = client.post("/api/v1/ask", json={"question": "And in 2020?", "turns": turns}).json()
    AnswerShape.model_validate(found)
    assert "2020" in found["resolved"]
    assert "policies" in found["resolved"]


def test_a_quoted_stream_is_one_answer(client: httpx.Client) -> None:
    streamed = client.post("/api/v1/ask/stream", json={"question": QUESTION})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    [(name, document)] = events_of(streamed.text)
    whole = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert name == "answer"
    assert without_times(document) == without_times(whole)


def test_a_written_stream_is_quoted_first_and_settled_last(seeds_index: Index) -> None:
    with InferenceServer(says("Li Jingkang ", "manages it.")) as model:
        settings = Settings(llm_base_url=model.url, llm_model="tiny")
        with serving(seeds_index, settings=lambda: settings) as address:
            body = {"question": QUESTION, "written": True}
            streamed = httpx.post(f"{address}/api/v1/ask/stream", json=body, timeout=60)
    events = events_of(streamed.text)
    assert events[0][0] == events[-1][0] == "answer"
    assert "".join(data["text"] for name, data in events if name == "piece").startswith("Li Jing")
    AnswerShape.model_validate(events[-1][1])
    assert events[-1][1]["notice"]  # nothing of it was proved


def test_whoever_goes_away_stops_the_language_model(seeds_index: Index) -> None:
    with InferenceServer(stalls("Li Jingkang ")) as model:
        settings = Settings(llm_base_url=model.url, llm_model="tiny")
        with serving(seeds_index, settings=lambda: settings) as address:
            body = {"question": QUESTION, "written": True}
            with httpx.stream("POST", f"{address}/api/v1/ask/stream", json=body) as streamed:
                received = streamed.iter_text()
                while "event: piece" not in next(received):
                    pass
            assert model.requests[0].gone.wait(10)
            health = httpx.get(f"{address}/api/v1/health")
    assert health.status_code == 200


def test_search_is_the_same_by_both_methods(client: httpx.Client) -> None:
    read = client.get("/api/v1/search", params={"query": "Narada 电池", "top_k": 3})
    sent = client.post("/api/v1/search", json={"query": "Narada 电池", "top_k": 3})
    assert read.json() == sent.json()
    assert len(SearchShape.model_validate(read.json()).hits) == 3


def test_pages_hold_every_article_once(client: httpx.Client, seeds_index: Index) -> None:
    found: list[str] = []
    while (
        len(found)
        < (
            page := ListShape.model_validate(
                client.get("/api/v1/documents", params={"offset": len(found), "limit": 4}).json()
            )
        ).total
    ):
        assert 0 < len(page.documents) <= 4
        found += [each.id for each in page.documents]
    assert found == [each.document.id for each in seeds_index.documents()]


def test_an_article_is_given_with_the_text_that_citations_count_in(client: httpx.Client) -> None:
    citation = client.post("/api/v1/ask", json={"question": QUESTION}).json()["citations"][0]
    got = client.get(f"/api/v1/documents/{citation['document']['id']}").json()
    text = TextShape.model_validate(got).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_rows_are_read_as_those_of_a_file(writing: httpx.Client) -> None:
    rows: list[Any] = [
        {"id": "tower", "title": "Tower", "text": "The Brelin tower was opened in 1933."},
        {"text": "The lake Orla is 30 metres deep."},
        {"id": "empty", "text": " "},
        7,
    ]
    added = writing.post("/api/v1/documents", json={"articles": rows})
    report = IngestShape.model_validate(added.json())
    assert report.added[0] == "articles.jsonl#tower"
    assert len(report.added) == 2
    assert [each.source for each in report.skipped] == ["articles.jsonl#3", "articles.jsonl#4"]
    assert "expected" in report.skipped[1].reason
    again = writing.post("/api/v1/documents", json={"articles": rows[:2]}).json()
    assert len(again["unchanged"]) == 2
    changed = [{**rows[0], "text": "The Brelin tower was opened in 1934."}]
    updated = writing.post("/api/v1/documents", json={"articles": changed}).json()
    assert updated["updated"] == ["articles.jsonl#tower"]


def test_a_row_without_an_id_takes_no_other_rows_place(writing: httpx.Client) -> None:
    for depth in (30, 40):
        row = {"text": f"The lake Orla is {depth} metres deep."}
        assert writing.post("/api/v1/documents", json={"articles": [row]}).json()["added"]
    dated = {"text": "The lake Orla is 30 metres deep.", "date": "2024-05-06"}
    assert writing.post("/api/v1/documents", json={"articles": [dated]}).json()["updated"]
    listed = writing.get("/api/v1/documents").json()
    assert (listed["total"], listed["documents"][0]["date"]) == (2, "2024-05-06")


def test_files_are_known_by_their_names_alone(writing: httpx.Client, tmp_path: Path) -> None:
    rows = "".join(
        json.dumps({"id": str(number), "text": f"Row {number} of them."}) + "\n"
        for number in range(2)
    )
    sent = [
        ("../../../etc/lake.md", b"# Lake\n\nThe lake Orla is 30 metres deep."),
        ("C:\\home\\塔.txt", "布雷林塔于1933年落成。".encode("gb18030")),
        ("rows.jsonl", rows.encode()),
        ("broken.pdf", b"%PDF-1.4 and nothing else"),
        ("picture.exe", b"MZ"),
        ("empty.txt", b""),
        ("lake.md", b"# Lake\n\nAnother lake of that name is 5 metres deep."),
        ("..", b"nothing"),
    ]
    answered = writing.post("/api/v1/documents", files=[("file", each) for each in sent])
    report = IngestShape.model_validate(answered.json())
    assert report.added == ["lake.md", "塔.txt", "rows.jsonl#0", "rows.jsonl#1"]
    reasons = {each.source: each.reason for each in report.skipped}
    assert set(reasons) == {"broken.pdf", "picture.exe", "empty.txt", "lake.md", ".."}
    assert all(reason.startswith("expected") for reason in reasons.values())
    assert "/tmp" not in answered.text.replace(str(tmp_path), "")
    [path] = {each["path"] for each in _listed(writing) if each["title"] == "Lake"}
    assert path == "lake.md"
    found = writing.post("/api/v1/ask", json={"question": "How deep is the lake Orla?"}).json()
    assert "30" in found["answer"]


def _listed(client: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/documents").json()["documents"]
    return found


@pytest.mark.parametrize("by", ["id", "source", "source_id"])
def test_an_article_is_removed_by_what_names_it(writing: httpx.Client, by: str) -> None:
    rows = [{"id": "a/tower", "text": "The Brelin tower was opened in 1933."}, {"text": "A lake."}]
    writing.post("/api/v1/documents", json={"articles": rows})
    tower = _listed(writing)[0]
    name = {"id": tower["id"], "source": tower["sources"][0], "source_id": "a/tower"}[by]
    removed = writing.delete(f"/api/v1/documents/{_quoted(name)}")
    assert RemovedShape.model_validate(removed.json()).removed == tower["sources"]
    assert len(_listed(writing)) == 1
    gone = writing.get(f"/api/v1/documents/{tower['id']}")
    assert gone.status_code == 404


def _quoted(name: str) -> str:
    return quote(name, safe="")


def test_a_folder_is_not_removed_by_its_name(writing: httpx.Client, own_index: Index) -> None:
    folder = own_index.path.parent / "articles"
    folder.mkdir()
    (folder / "lake.txt").write_text("The lake Orla is 30 metres deep.")
    own_index.ingest([folder])
    for name in (str(folder), "nothing"):
        refused = writing.delete(f"/api/v1/documents/{_quoted(name)}")
        assert refused.status_code == 404
        assert "nothing was removed" in refused.json()["error"]
    assert len(_listed(writing)) == 1
    path = _quoted(str(folder / "lake.txt"))
    assert writing.delete(f"/api/v1/documents/{path}").status_code == 200


def test_a_second_writer_is_told_to_wait(writing: httpx.Client, own_index: Index) -> None:
    release = writer_lock(own_index.path)
    try:
        refused = writing.post("/api/v1/documents", json={"articles": [{"text": "A lake."}]})
    finally:
        release()
    assert refused.status_code == 409
    assert "only writer" in refused.json()["error"]
    assert writing.post("/api/v1/documents", json={"articles": [{"text": "A lake."}]}).is_success


@pytest.mark.parametrize(
    ("method", "path", "status", "sent"),
    [
        ("POST", "/api/v1/ask", 400, {"json": {"question": " "}}),
        ("POST", "/api/v1/ask", 400, {"json": {"question": "long " * 2000}}),
        ("POST", "/api/v1/ask", 400, {"json": {"question": "Who?", "written": True}}),
        ("POST", "/api/v1/ask", 400, {"content": b"{"}),
        ("POST", "/api/v1/ask", 400, {"content": b"[" * 100_000}),
        ("POST", "/api/v1/ask", 422, {"json": {"question": 7}}),
        ("POST", "/api/v1/ask", 422, {"json": {"question": "Who?", "langauge": "en"}}),
        ("POST", "/api/v1/ask", 422, {"json": {"question": "Who?", "language": "fr"}}),
        ("POST", "/api/v1/ask/stream", 400, {"json": {"question": ""}}),
        ("GET", "/api/v1/ask", 405, {}),
        ("GET", "/api/v1/search", 422, {}),
        ("GET", "/api/v1/search?query=%20", 400, {}),
        ("GET", "/api/v1/search?query=a&top_k=0", 422, {}),
        ("GET", "/api/v1/documents?limit=-1", 422, {}),
        ("GET", "/api/v1/documents/0123456789abcdef", 404, {}),
        ("GET", "/api/v1/nothing", 404, {}),
        ("GET", "/mcp", 405, {}),
        ("POST", "/api/v1/documents", 400, {"headers": {"content-type": "text/plain"}}),
        ("POST", "/api/v1/documents", 422, {"json": {"articles": []}}),
        ("POST", "/api/v1/documents", 422, {"json": [{"text": "A lake."}]}),
        ("POST", "/api/v1/documents", 400, {"data": {"file": "a"}, "files": {}}),
        ("POST", "/api/v1/search", 413, {"json": {"query": "a" * MAX_JSON_BYTES}}),
    ],
)
def test_what_is_wrong_is_one_line_of_json(
    client: httpx.Client, method: str, path: str, status: int, sent: dict[str, Any]
) -> None:
    if "content" in sent:
        sent = sent | {"headers": {"content-type": "application/json"}}
    refused = client.request(method, path, **sent)
    assert refused.status_code == status
    assert list(refused.json()) == ["error"]
    assert refused.json()["error"].startswith("expected")
    assert "\n" not in refused.json()["error"]


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/ask/stream"])
def test_half_a_character_breaks_nothing(client: httpx.Client, path: str) -> None:
    json_type = {"content-type": "application/json"}
    body = b'{"question": "\\ud800 ' + QUESTION.encode() + b'"}'
    answered = client.post(path, content=body, headers=json_type)
    assert answered.status_code == 200
    assert "Narada" in answered.text


def test_a_body_that_does_not_tell_its_size_is_measured(client: httpx.Client) -> None:
    chunks = (b" " * 65_536 for _ in range(MAX_JSON_BYTES // 65_536 + 1))
    refused = client.post(
        "/api/v1/ask", content=chunks, headers={"content-type": "application/json"}
    )
    assert refused.status_code == 413
    assert "at most" in refused.json()["error"]


def test_health_tells_what_is_wrong(writing: httpx.Client, own_index: Index) -> None:
    writing.post("/api/v1/documents", json={"articles": [{"text": "The lake Orla is deep."}]})
    sound = writing.get("/api/v1/health", params={"verify": True})
    assert HealthShape.model_validate(sound.json()).documents == 1
    [vectors] = own_index.path.rglob("*.faiss")
    vectors.write_bytes(b"\0" * vectors.stat().st_size)
    damaged = writing.get("/api/v1/health", params={"verify": True})
    assert damaged.status_code == 503
    found = DamageShape.model_validate(damaged.json())
    assert found.error == found.problems[0]


def test_metrics_count_questions_and_what_is_held(writing: httpx.Client) -> None:
    writing.post("/api/v1/documents", json={"articles": [{"text": "The lake Orla is 30 m deep."}]})
    writing.post("/api/v1/ask", json={"question": "How do I bake bread?"})
    writing.post("/api/v1/ask/stream", json={"question": "How deep is the lake Orla?"})
    lines = dict(
        line.rsplit(" ", 1)
        for line in writing.get("/api/v1/metrics").text.splitlines()
        if not line.startswith("#")
    )
    assert lines["yinju_questions_total"] == "2.0"
    assert lines["yinju_declined_total"] == "1.0"
    assert lines["yinju_answer_seconds_count"] == "2.0"
    assert lines['yinju_answer_seconds_bucket{le="+Inf"}'] == "2.0"
    assert lines["yinju_documents"] == "1.0"
    assert lines['yinju_passages{language="en"}'] == "1.0"


def test_the_description_knows_every_route(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
    } == {
        "POST /api/v1/ask",
        "POST /api/v1/ask/stream",
        "GET /api/v1/search",
        "POST /api/v1/search",
        "GET /api/v1/documents",
        "POST /api/v1/documents",
        "GET /api/v1/documents/{document_id}",
        "DELETE /api/v1/documents/{name}",
        "GET /api/v1/health",
        "GET /api/v1/metrics",
        "POST /v1/chat/completions",
        "GET /v1/models",
        "GET /v1/models/{name}",
    }
    asked = described["paths"]["/api/v1/ask"]["post"]["responses"]
    assert asked["200"]["content"]["application/json"]["schema"]["$ref"].endswith("AnswerShape")
    assert asked["422"]["content"]["application/json"]["schema"]["$ref"].endswith("ProblemShape")
    chat = described["paths"]["/v1/chat/completions"]["post"]["responses"]
    assert chat["422"]["content"]["application/json"]["schema"]["$ref"].endswith("RefusedShape")


def test_the_page_of_the_description_is_this_servers_alone(client: httpx.Client) -> None:
    page = client.get("/api/docs")
    named = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert len(named) == 4
    for address in named:
        assert address.startswith(("/api/docs/", "data:"))
    for address in (each for each in named if each.startswith("/")):
        assert client.get(address).status_code == 200
    assert client.get("/api/docs/core.py").status_code == 404
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_fifty_people_ask_while_articles_come_in(own_index: Index) -> None:
    def lakes(first: int) -> list[dict[str, str]]:
        return [
            {"id": str(number), "text": f"The lake number {number} is {number + 3} metres deep."}
            for number in range(first, first + 200)
        ]

    def ask_once(number: int) -> int:
        question = f"How deep is the lake number {number}?"
        return people.post("/api/v1/ask", json={"question": question}).status_code

    with serving(own_index) as address, httpx.Client(base_url=address, timeout=60) as people:
        people.post("/api/v1/documents", json={"articles": lakes(0)})
        with ThreadPoolExecutor(51) as threads:
            ingest = threads.submit(people.post, "/api/v1/documents", json={"articles": lakes(200)})
            answered = list(threads.map(ask_once, range(50)))
        assert set(answered) == {200}
        assert len(ingest.result().json()["added"]) == 200
        assert people.get("/api/v1/documents").json()["total"] == 400


def test_other_paths_are_the_other_applications(client: httpx.Client) -> None:
    for path in ("/", "/v1x", "/apiary", "/gradio_api/info"):
        assert client.get(path).text == "the page"
