"""The commands that ask: for an answer, and for passages."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rag.cli.options import (
    IndexOption,
    JsonOption,
    RerankerOption,
    open_index,
    settings_of,
    worded,
)
from rag.door import print_json


def ask(
    question: Annotated[str, typer.Argument(help="In English, 简体中文 or 繁體中文.")],
    index: IndexOption = None,
    language: Annotated[
        Literal["auto", "en", "zh-Hans", "zh-Hant"],
        typer.Option(help="The language of the answer's own words; auto: the question's."),
    ] = "auto",
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question in sentences quoted from the articles, or written by the language model
    that $RAG_LLM_BASE_URL and $RAG_LLM_MODEL name."""
    question = worded(question, "a question")

    from rag.answer import ask as answer_to

    settings = settings_of(index, reranker)
    spoken = None if language == "auto" else language
    with open_index(settings) as opened:
        answer = answer_to(
            opened,
            question,
            language=spoken,
            generator=settings.generator(),
            keep_unsupported=settings.keep_unsupported,
        )
        if as_json:
            from rag.explain import explain_answer

            answer = explain_answer(opened, answer)
    if as_json:
        from rag.shapes import answer_json

        print_json(answer_json(answer))
    else:
        from rag.render import show_answer

        show_answer(answer)


def search(
    query: Annotated[str, typer.Argument(help="In English, 简体中文 or 繁體中文.")],
    top_k: Annotated[int, typer.Option(min=1, max=1000, help="Passages at most.")] = 10,
    index: IndexOption = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that fit best."""
    query = worded(query, "a query")

    from rag.explain import explain
    from rag.retrieve import search as find

    with open_index(settings_of(index, reranker)) as opened:
        read, found = find(opened, query, top_k=top_k)
        hits = explain(opened, query, found)
    if as_json:
        from rag.shapes import search_json

        print_json(search_json(read, hits))
    else:
        from rag.render import show_hits

        show_hits(hits, read.language)
