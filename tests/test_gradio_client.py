"""The page as `gradio_client` calls it: the same documents as the command line's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from visits import serving

from rag.answer import ask
from rag.api import Access, Service
from rag.index import Index
from rag.shapes import answer_json
from rag.ui.collection import Collection
from rag.ui.language_model import LanguageModel
from rag.ui.serve import application

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "三祥新材的总经理是谁？"
CALLS = """
import json, sys
from gradio_client import Client
from gradio_client.exceptions import AppError
client = Client(sys.argv[1], verbose=False)
told = [client.view_api(return_format="dict", print_info=False)]
for name, *given in json.loads(sys.argv[2]):
    try:
        told.append(client.predict(*given, api_name=name))
    except AppError as error:
        told.append(str(error))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("client") / "index", create=True) as index:
        index.ingest([SEEDS])
        yield index


def page(index: Index, access: Access) -> Iterator[str]:
    collection, service = Collection(index), Service(index, access=access)
    app = application(collection, collection.history(), LanguageModel(), service=service)
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def address(index: Index) -> Iterator[str]:
    yield from page(index, Access())


@pytest.fixture(scope="module")
def address_with_key(index: Index) -> Iterator[str]:
    yield from page(index, Access(key="secret"))


def told(address: str, *calls: tuple[object, ...]) -> list[Any]:
    """What a page offers, and what it says to some calls of another process."""
    command = [sys.executable, "-c", CALLS, address, json.dumps(calls)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[Any] = json.loads(ran.stdout)
    return found


def test_a_question_and_a_search_are_answered_as_on_the_command_line(
    address: str, index: Index
) -> None:
    offered, answer, two, one, wrong = told(
        address,
        ("/ask", QUESTION),
        ("/search", "宁德", 2),
        ("/search", "宁德", 0),
        ("/ask", " "),
    )
    assert set(offered["named_endpoints"]) == {"/ask", "/search"}
    assert offered["unnamed_endpoints"] == {}
    answer, two, one = map(json.loads, (answer, two, one))
    expected = answer_json(ask(index, QUESTION))
    for name in ("question", "language", "declined", "answer"):
        assert answer[name] == expected[name]
    assert [each["quote"] for each in answer["citations"]] == [
        each["quote"] for each in expected["citations"]
    ]
    assert [len(found["hits"]) for found in (two, one)] == [2, 1]
    assert wrong == "expected a question, found an empty text: ask something"


def test_nothing_is_offered_where_a_key_is_needed(address_with_key: str) -> None:
    (offered,) = told(address_with_key)
    assert offered["named_endpoints"] == {}
