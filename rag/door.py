"""Where the command line meets the world: encodings, errors as one line, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import typer

from rag import interrupts
from rag.errors import RagError, UsageError
from rag.printable import printable


def spare_threads() -> None:
    """One thread for each product of matrices; call it before numpy is imported.

    Those of a question are small: a second thread costs as much again and saves nothing. FAISS has
    threads of its own. Who sets OPENBLAS_NUM_THREADS is obeyed.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def run_at_door(app: typer.Typer, words: Sequence[str]) -> int:
    """Run a command line; returns the exit code. Every error becomes one line here."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # UTF-8 whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    spare_threads()
    interrupts.remember()
    options = [*takewhile(lambda word: word != "--", words)]
    debug, as_json = "--debug" in options, "--json" in options
    words = [word for word in options if word != "--debug"] + list(words[len(options) :])
    try:
        code = app(args=words, prog_name="rag", standalone_mode=False) or 0
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        code = 130
    except typer.TyperException as error:
        return _fail(_usage(error), error.exit_code, debug, as_json)
    except UsageError as error:
        return _fail(str(error), 2, debug, as_json)
    except RagError as error:
        return _fail(str(error), 1, debug, as_json)
    except OSError as error:
        return _fail(f"expected to read and write files, found: {error}", 1, debug, as_json)
    except Exception as error:  # noqa: BLE001  this is the door
        found = f"unexpected {type(error).__name__}: {error}: --debug shows where"
        return _fail(found, 1, debug, as_json)
    if code == 130:
        print("rag: interrupted", file=sys.stderr)
    return int(code)


def _fail(message: str, code: int, debug: bool, as_json: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    line = printable(" ".join(message.split()))
    print(f"rag: {line}", file=sys.stderr)
    if as_json:
        print_json({"error": line})
    return code


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "rag"
    return f"{error.format_message().rstrip('.')}: see '{command} --help'"


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on standard output, readable, Chinese as it is."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")
