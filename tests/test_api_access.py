"""Who may ask the server for what."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from api_server import serving

from rag.api.access import Access
from rag.index import Index

LOCAL = Access()
OPEN = Access("0.0.0.0")
KEYED = Access("0.0.0.0", "sesam", frozenset({"yinju.example"}))


@pytest.mark.parametrize(
    ("access", "host", "served"),
    [
        (LOCAL, "127.0.0.1:7860", True),
        (LOCAL, "localhost:7860", True),
        (LOCAL, "[::1]:7860", True),
        (LOCAL, "evil.example", False),
        (LOCAL, "evil.example:7860", False),
        (LOCAL, "localhost.evil.example", False),
        (LOCAL, "192.168.1.5", False),
        (LOCAL, "", False),
        (LOCAL, "[::1", False),
        (OPEN, "192.168.1.5:7860", True),
        (OPEN, "[fe80::1]", True),
        (OPEN, "evil.example", False),
        (KEYED, "yinju.example", True),
        (KEYED, "Yinju.Example:443", True),
        (Access("yinju.lan"), "yinju.lan:80", True),
        (Access("yinju.lan"), "other.lan", False),
    ],
)
def test_only_names_of_the_server_are_served(access: Access, host: str, served: bool) -> None:
    refused = access.refusal("GET", "/api/docs", {"host": host})
    assert (refused is None) == served
    if refused is not None:
        assert refused.status == 421


@pytest.mark.parametrize(
    ("method", "origin", "served"),
    [
        ("POST", "http://localhost:7860", True),
        ("POST", "http://evil.example", False),
        ("POST", "http://localhost:80", False),
        ("POST", "null", False),
        ("DELETE", "http://[", False),
        ("GET", "http://evil.example", True),
    ],
)
def test_pages_elsewhere_can_change_nothing(method: str, origin: str, served: bool) -> None:
    headers = {"host": "localhost:7860", "origin": origin}
    for path in ("/api/v1/documents", "/v1/chat/completions", "/mcp"):
        refused = LOCAL.refusal(method, path, headers)
        assert (refused is None) == served
        if refused is not None:
            assert refused.status == 403


@pytest.mark.parametrize(
    ("access", "method", "path", "key", "status"),
    [
        (LOCAL, "POST", "/api/v1/documents", "", None),
        (OPEN, "POST", "/api/v1/documents", "", 403),
        (OPEN, "DELETE", "/api/v1/documents/a.md", "", 403),
        (OPEN, "GET", "/api/v1/documents", "", None),
        (OPEN, "POST", "/api/v1/ask", "", None),
        (KEYED, "GET", "/api/v1/health", "", 401),
        (KEYED, "POST", "/v1/chat/completions", "", 401),
        (KEYED, "POST", "/mcp", "Bearer other", 401),
        (KEYED, "POST", "/mcp", "Basic sesam", 401),
        (KEYED, "POST", "/mcp", "Bearer sesam", None),
        (KEYED, "POST", "/api/v1/documents", "bearer sesam", None),
        (KEYED, "GET", "/api/docs", "", None),
        (KEYED, "GET", "/api/openapi.json", "", None),
        (KEYED, "GET", "/api/docsx", "", 401),
    ],
)
def test_a_key_is_wanted(
    access: Access, method: str, path: str, key: str, status: int | None
) -> None:
    headers = {"host": "127.0.0.1", "authorization": key}
    refused = access.refusal(method, path, headers)
    assert (refused.status if refused else None) == status


def test_the_environment_names_key_and_hosts() -> None:
    environment = {"RAG_API_KEY": " sesam ", "RAG_API_HOSTS": "Yinju.example, ,b.example"}
    found = Access.from_environment(environment, "0.0.0.0")
    assert found == Access("0.0.0.0", "sesam", frozenset({"yinju.example", "b.example"}))
    assert "sesam" not in repr(found)
    assert Access.from_environment({}, "127.0.0.1") == Access()


@pytest.fixture(scope="module")
def client(seeds_index: Index) -> Iterator[httpx.Client]:
    with (
        serving(seeds_index, access=KEYED) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_a_server_with_a_key_wants_it(client: httpx.Client) -> None:
    refused = client.get("/api/v1/documents")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["error"].startswith("expected the server's key")
    key = {"Authorization": "Bearer sesam"}
    assert client.get("/api/v1/documents", headers=key).status_code == 200
    refused = client.get("/v1/models")
    assert refused.json()["error"]["type"] == "authentication_error"
    assert client.get("/v1/models", headers=key).status_code == 200


def test_a_name_that_is_not_the_servers_reaches_nothing(client: httpx.Client) -> None:
    headers = {"Host": "evil.example", "Authorization": "Bearer sesam"}
    for path in ("/api/v1/health", "/v1/models", "/api/docs"):
        refused = client.get(path, headers=headers)
        assert refused.status_code == 421
        assert "evil.example" in refused.text


def test_the_description_says_that_a_key_is_wanted(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert described["security"] == [{"key": []}]
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
