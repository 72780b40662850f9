"""Which language model writes the page's answers, and how its reader may change that.

Whoever can send the server to an address can have it ask anything there, so it can be changed only
where the page is served to its own machine alone. The key stays in the server's memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

from rag.api.access import is_loopback
from rag.errors import RagError, UsageError
from rag.generate import Generator, Message
from rag.settings import Settings
from rag.ui.texts import Texts

_PATIENCE = 15.0  # seconds that a server has for its first words when it is tried
_SHOWN = 60  # characters of them


class LanguageModel:
    """The settings of the language model, the environment's until they are changed."""

    def __init__(self, settings: Settings | None = None, *, may_change: bool = False) -> None:
        self._settings = settings or Settings()
        self.may_change = may_change

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return self._settings

    def generator(self) -> Generator | None:
        """The model that writes; None where answers are quoted. Raises UsageError."""
        return self._settings.generator()

    @property
    def name(self) -> str | None:
        """The model's name, as kept with its answers."""
        return self._settings.llm_model if self._settings.llm_base_url else None

    @property
    def address(self) -> str:
        """The server's address, without a user's name or password in it."""
        address = self._settings.llm_base_url or ""
        scheme, found, rest = address.partition("://")
        return scheme + found + rest.rpartition("@")[2] if found else address

    def change(self, form: Mapping[str, str]) -> None:
        """Take over what a form says, unless it can't be: then it raises UsageError."""
        found = self._as_settings(form)
        found.generator()
        self._settings = found

    def tried(self, form: Mapping[str, str], words: Texts) -> str:
        """One line on whether the server of a form answers."""
        try:
            settings = self._as_settings(form)
            generator = settings.generator()
            text = _first_words(generator) if generator else None
        except RagError as error:
            return str(error)
        if text is None:
            return words.no_server
        if not text:
            return words.silent.format(seconds=f"{_PATIENCE:g}")
        return words.answers.format(model=settings.llm_model, text=text)

    def may_be_changed_by(self, headers: Mapping[str, str]) -> bool:
        """Whether a request comes from the page on this machine, which nobody else can reach."""
        return self.may_change and is_own_page(headers)

    def _as_settings(self, form: Mapping[str, str]) -> Settings:
        """The settings that a form asks for.

        An empty key keeps the one that is set, but only for the server that it was set for.
        """
        address = form.get("address", "").strip()
        unchanged = address == self.address
        if unchanged:
            address = self._settings.llm_base_url or ""
        kept = self._settings.llm_api_key if unchanged else ""
        model = form.get("model", "").strip()
        if bool(address) != bool(model):
            raise UsageError(
                "expected a server's address and the name of its model, found only one of them: "
                "fill in both, or leave both empty to have the articles quoted"
            )
        return replace(
            self._settings,
            llm_base_url=address or None,
            llm_model=model or None,
            llm_api_key=form.get("key", "").strip() or kept,
            keep_unsupported=form.get("unproved") != "drop",
        )


def _first_words(generator: Generator) -> str:
    """What a model answers to a greeting, cut short."""
    ends = monotonic() + _PATIENCE
    text = ""
    asked = [Message("user", "Say hello in one word.")]
    pieces = generator.stream(asked, cancelled=lambda: len(text) >= _SHOWN or monotonic() > ends)
    for piece in pieces:
        text += piece
    return " ".join(text.split())[:_SHOWN]


def is_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a page of this server, asked for as of this very machine.

    A page elsewhere can have its reader's browser send requests here, or give its own name this
    machine's address: `Origin` tells of the one and `Host` of the other.
    """
    host = str(headers.get("host", ""))
    origin = str(headers.get("origin", ""))
    return is_loopback(urlsplit(f"//{host}").hostname or "") and urlsplit(origin).netloc == host
