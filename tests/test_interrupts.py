from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from rag import interrupts


@pytest.fixture
def remembered() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    interrupts.remember()
    yield
    interrupts.remember()
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("remembered")
def test_an_interrupt_that_was_swallowed_is_raised_again() -> None:
    interrupts.check()
    with suppress(KeyboardInterrupt):  # as Python itself does inside a callback
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


@pytest.mark.usefixtures("remembered")
def test_an_interrupt_is_forgotten_by_the_next_command() -> None:
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    interrupts.remember()
    interrupts.check()
