"""What may go wrong between us and a language model's server, told in one line each."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from rag.errors import GeneratorFault

if TYPE_CHECKING:
    from openai import APIError

_SHOWN: Final = 200  # characters of a server's own message
MESSAGES: Final[dict[GeneratorFault, str]] = {
    "unreachable": "expected a server at {server}, found none ({found}): "
    "start it, or check the address",
    "timeout": "expected {server} to go on within {seconds}, found silence ({found}): "
    "ask again, or allow more time",
    "quota": "expected quota left at {server}, found its limit reached ({found}): "
    "wait a while, or look at your plan",
    "refused": "expected {server} to answer with the model {model}, found a refusal ({found}): "
    "{remedy}",
    "server": "expected an answer from {server}, found a fault of the server's ({found}): "
    "ask again later, or look at its log",
    "cut": "expected a whole answer from {server}, found it cut off ({found}): ask again",
    "length": "expected a whole answer from {server}, found it cut off at the longest that the "
    "server allows ({found}): let it write longer answers",
    "garbage": "expected chat completions from {server}, found {found}: "
    "check that the address is that of an OpenAI-compatible API (most end in /v1)",
    "empty": "expected text from the model {model}, found none ({found}): "
    "ask again, or take another model",
}
REMEDIES: Final = {
    401: "check the key",
    403: "check the key and what it allows",
    404: "check the model's name and the address",
}


def kind_of(status: int | None) -> GeneratorFault:
    """What an HTTP status, or none at all, means."""
    match status:
        case 402 | 429:
            return "quota"
        case int() if status < 500:
            return "refused"
        case _:
            return "server"


def status_of(error: APIError) -> int | None:
    """The HTTP status of an error; one within a stream has it as its code, if at all."""
    status = str(getattr(error, "status_code", None) or error.code)
    return int(status) if status.isdecimal() else None


def pause_before_next(error: Exception, otherwise: float) -> float:
    """The seconds to wait before asking again, infinite where that is of no use."""
    if getattr(error, "code", None) == "insufficient_quota" or at(error, "status_code") == 402:
        return math.inf
    said = at(error, "response", "headers")
    after = said.get("retry-after") if said is not None else None  # type: ignore[attr-defined]
    if after is None:
        return otherwise
    with suppress(ValueError):
        return max(float(after), 0.0)
    with suppress(ValueError):
        return max((parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds(), 0.0)
    return otherwise


def said_by_server(error: APIError) -> str:
    """The server's own short message."""
    body, response = error.body, getattr(error, "response", None)
    if response is not None and response.is_redirect:
        return f"a redirect to {response.headers.get('location')}"
    for said in (body, *(at(body, each) for each in ("message", "detail"))):
        if isinstance(said, str) and said and not said.lstrip().startswith("<"):
            return said
    return getattr(response, "reason_phrase", None) or error.message


def root_of(error: BaseException) -> str:
    """What the innermost of an error's causes says."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__


def one_line(text: str) -> str:
    """A text on one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def at(found: object, *path: str | int) -> object:
    """What stands at a path through attributes, keys and rows; None when it leads nowhere."""
    for step in path:
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else getattr(found, step, None)
    return found
