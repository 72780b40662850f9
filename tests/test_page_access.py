"""The page answers to its own names, and to no page of another server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rag.api import Access, Service
from rag.index import Index
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Index.open(tmp_path_factory.mktemp("access") / "index", create=True) as index:
        collection = Collection(index)
        service = Service(index, access=Access(names=frozenset({"articles.example"})))
        app = application(collection, collection.history(), LanguageModel(), service=service)
        yield TestClient(app)


QUESTION = {"question": "Who?"}


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "[::1]:7860", "articles.example"])
def test_its_own_names_reach_it(page: TestClient, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code == 200
    own = {"host": host, "origin": f"https://{host}"}
    assert page.post("/asked", json=QUESTION, headers=own).status_code == 200


PATHS = ["/", "/config", "/asked", "/gradio_api/queue/join", "/api/v1/ask"]


@pytest.mark.parametrize("path", PATHS)
def test_a_name_that_somebody_gave_this_address_does_not(page: TestClient, path: str) -> None:
    told = page.request(
        "GET" if path in ("/", "/config") else "POST", path, headers={"host": "evil.example"}
    )
    assert told.status_code == 421
    error = told.json()["error"]
    assert "RAG_API_HOSTS" in error


@pytest.mark.parametrize("path", ["/asked", "/gradio_api/component_server", "/api/v1/ask"])
def test_a_page_of_another_server_asks_nothing(page: TestClient, path: str) -> None:
    strange = {"host": "127.0.0.1:7860", "origin": "https://evil.example"}
    assert page.post(path, json=QUESTION, headers=strange).status_code == 403


def test_a_name_of_a_proxy_changes_no_articles(page: TestClient) -> None:
    through = {"host": "articles.example"}
    rows = {"articles": [{"text": "Planted."}]}
    assert page.post("/api/v1/documents", json=rows, headers=through).status_code == 403
    assert page.delete("/api/v1/documents/any", headers=through).status_code == 403
    own = {"host": "127.0.0.1:7860"}
    assert page.post("/api/v1/documents", json=rows, headers=own).status_code == 200
    assert page.delete("/api/v1/documents/any", headers=own).status_code == 404


def test_a_page_that_a_proxy_serves_may_ask(page: TestClient) -> None:
    rewritten = {"host": "127.0.0.1:7860", "origin": "https://articles.example"}
    assert page.post("/asked", json=QUESTION, headers=rewritten).status_code == 200


def test_a_picture_on_another_site_makes_the_server_work_for_nobody(page: TestClient) -> None:
    sent = {"host": "127.0.0.1:7860", "sec-fetch-site": "cross-site"}
    assert page.get("/api/v1/health?verify=true", headers=sent).status_code == 403
    assert page.get("/", headers=sent).status_code == 200  # a link leads here


def test_the_disk_is_not_for_everybody_to_fill(page: TestClient) -> None:
    own = {"host": "127.0.0.1:7860"}
    sent = page.post("/gradio_api/upload", files={"files": b"x" * 100}, headers=own)
    assert sent.status_code == 404
    large = page.post("/gradio_api/queue/join", content=b" " * 5_000_000, headers=own)
    assert large.status_code == 413
