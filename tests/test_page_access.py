"""The page answers to its own names, and to no page of another server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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


@pytest.mark.parametrize("path", ["/", "/config", "/asked", "/gradio_api/queue/join", "/api/v1/ask"])
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
