"""An interrupt that isn't lost: Python drops its exception where it strikes inside a callback or
while a library that swallows exceptions is at work."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_pressed = threading.Event()


def remember() -> None:
    """From now on an interrupt is remembered beside being raised; in the main thread alone."""
    _pressed.clear()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _interrupted)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    _pressed.set()
    raise KeyboardInterrupt


def check() -> None:
    """Raise KeyboardInterrupt if there was one: for long work, between its steps."""
    if _pressed.is_set():
        raise KeyboardInterrupt
