from __future__ import annotations

import io
import sys

import pytest

from rag.ingest import Progress
from rag.render import ingest_progress, pace


def test_pace_is_said_in_passages_a_second_and_time_left() -> None:
    assert pace(Progress(25, 100, 3100, "a", 100.0)) == "31 passages/s, 0:05:00 left"
    assert pace(Progress(25, None, 3100, "a", 100.0)) == "31 passages/s"
    assert pace(Progress(0, 100, 0, "a", 0.0)) == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    drawn = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", drawn)
    with ingest_progress() as moved:
        assert (moved is not None) == terminal
        if moved is not None:
            moved(Progress(25, 100, 3100, "a", 100.0))
    if terminal:
        assert "25/100" in drawn.getvalue()
        assert "31 passages/s, 0:05:00 left" in drawn.getvalue()
    else:
        assert drawn.getvalue() == ""
