"""What an answer must not carry out: the model's orders, and addresses that nobody gave.

An article can order a model to repeat what it was told, or to put what it knows into an address
that somebody then follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

RUN = 20
"""Characters in a row, white space counted once, that nobody writes by chance."""

_AT_ONCE = RUN // 2  # of a run, so many characters are shown before it is over
_LONGEST = 10 * RUN  # a run with so much white space in it says nothing

_ADDRESS = re.compile(
    r"(?:(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}:)?//[^\s<>\"'，。；、（）《》“”]+"
    r"|(?<![a-z0-9])(?:data|javascript|vbscript|mailto|blob|file|tel):[^\s，。]+"
    r"|(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}/[^\s，。]*|(?<![a-z0-9])www\.[^\s，。]+"
    r"|[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)|</?[a-z!][^<>]*>?", re.IGNORECASE)


class Guard:
    """Lets text through as it comes, but no run of it that stands in a secret text.

    What may yet become such a run is held back; once there is one, nothing more is let through.
    """

    def __init__(self, secret: str) -> None:
        self._secret = _even(secret)
        self._run = ""  # the longest end of the text that stands in the secret
        self._shown = 0  # characters of the run that have been let through
        self.leaked = False

    def feed(self, text: str) -> str:
        """What may be shown now."""
        shown: list[str] = []
        for character in "" if self.leaked else text:
            self._run += character
            while self._run and not self._may_go_on():
                shown += self._let_through(1)
                self._run, self._shown = self._run[1:], self._shown - 1
            if len(_even(self._run)) >= RUN:
                self.leaked, self._run = True, ""
                break
            shown += self._let_through(_AT_ONCE)
        return "".join(shown)

    def close(self) -> str:
        """What was held back, now that nothing more comes."""
        return "".join(self._let_through(len(self._run)))

    def _may_go_on(self) -> bool:
        return len(self._run) <= _LONGEST and _even(self._run) in self._secret

    def _let_through(self, end: int) -> str:
        text = self._run[self._shown : end]
        self._shown += len(text)
        return text


def leaks(text: str, secret: str) -> bool:
    """Whether a text repeats a run of a secret one; case and white space don't count."""
    guard = Guard(secret)
    guard.feed(text)
    return guard.leaked


def addresses(text: str) -> list[str]:
    """The addresses, links, images and tags of a text, as they stand there."""
    found = [match.group().rstrip(".,:;!?)]}") for match in _ADDRESS.finditer(text)]
    return found + [match.group() for match in _MARKUP.finditer(text)]


def carries(text: str, given: Iterable[str]) -> bool:
    """Whether a text holds an address or markup that none of the given texts has."""
    known = list(given)
    return any(not any(address in each for each in known) for address in addresses(text))


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold())
