"""Answers in threads: who waits for whom, and what happens when nobody listens any more."""

from __future__ import annotations

import threading
from collections.abc import Generator

import anyio

from rag.api.threads import answered, each_answered


def test_an_answer_waits_for_the_one_before_though_its_reader_has_left() -> None:
    entered, may_end = threading.Event(), threading.Event()
    over: list[str] = []

    def steps() -> Generator[str]:
        entered.set()
        may_end.wait(10)
        over.append("first")
        yield "an answer"

    async def leave() -> None:
        with anyio.CancelScope() as reader:
            async with anyio.create_task_group() as group:
                group.start_soon(_hear, steps())
                await anyio.to_thread.run_sync(entered.wait, 10)
                group.start_soon(_let_go, reader, may_end)

    async def both() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(leave)
            await anyio.to_thread.run_sync(entered.wait, 10)
            await answered(lambda: over.append("second"))

    anyio.run(both)
    assert over == ["first", "second"]


def test_who_leaves_a_written_answer_waits_for_no_model() -> None:
    entered, gone, closed = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Generator[str]:
        entered.set()
        try:
            gone.wait(10)
            yield "a piece"
        finally:
            closed.set()

    async def leave() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(_hear, steps(), gone, True)
            await anyio.to_thread.run_sync(entered.wait, 10)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(closed.wait, 10)

    anyio.run(leave)
    assert gone.is_set()
    assert closed.is_set()


async def _hear(
    steps: Generator[str], gone: threading.Event | None = None, written: bool = False
) -> None:
    async for _ in each_answered(steps, gone or threading.Event(), written=written):
        pass


async def _let_go(reader: anyio.CancelScope, may_end: threading.Event) -> None:
    reader.cancel()
    may_end.set()
