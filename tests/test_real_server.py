"""The client against an inference server that isn't ours: `transformers serve`, models and all.

The models are made here, tiny and random: what they write is garbage, but the protocol is real.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest

from rag.answer import ask
from rag.errors import GeneratorError
from rag.generate import Message
from rag.generate.openai_compatible import OpenAICompatible
from rag.index import Index
from rag.retrieve import search
from rag.written import Piece, write_answer

TALK = (
    Message("system", "Quote."),
    Message("user", "桥是什么时候建成的？"),
    Message("assistant", "1984年。"),
    Message("user", "And the harbour?"),
)
QUESTIONS = {
    "What share of the construction period at the SAIC car base was rainy?": (
        "nothing that the language model wrote could be verified"
    ),
    "宁德汽车城互通动用了多少建设者？": "语言模型写的内容都无法核实",
    "與上汽寧德基地配套的碼頭是幾號泊位？": "語言模型寫的內容都無法核實",
}
LONG = 60.0  # seconds that no test waits unless it fails
END = "</s>"
TEMPLATE = (
    "{% for each in messages %}{{ each['role'] }}: {{ each['content'] }}\n{% endfor %}assistant: "
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, and what it calls its models, which are folders."""

    url: str
    brief: str
    cut: str
    endless: str
    broken: str

    def model(self, name: str, **more: Any) -> OpenAICompatible:
        return OpenAICompatible(self.url, name, **{"timeout": LONG, "retries": 0, **more})


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeds_index: Index) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", "--device", "cpu"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    offline = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1", "OMP_NUM_THREADS": "1"}
    log = folder / "log.txt"
    with ExitStack() as cleanup:
        running = subprocess.Popen(
            command,
            env={**os.environ, **offline, "HF_HOME": str(folder / "hub")},
            stdout=cleanup.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
        )
        cleanup.callback(running.wait)
        cleanup.callback(running.kill)
        # Meanwhile, as models are loaded when they are asked for.
        tokenizer = small_tokenizer(entry.document.text for entry in seeds_index.documents())
        brief = save_tiny_llama(folder / "brief", tokenizer, ends=True)
        cut = save_tiny_llama(folder / "cut", tokenizer)
        endless = save_tiny_llama(folder / "endless", tokenizer, tokens=100_000)
        broken = save_tiny_llama(folder / "broken", tokenizer, vocab_size=1)
        wait_for(f"http://127.0.0.1:{port}/health", running, log)
        yield Server(f"http://127.0.0.1:{port}/v1", brief, cut, endless, broken)


def wait_for(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the address answers. Fails with the server's log when it doesn't."""
    get = build_opener(ProxyHandler({})).open
    deadline = time.monotonic() + LONG
    while running.poll() is None and time.monotonic() < deadline:
        try:
            with get(url, timeout=LONG):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no answer from {url}:\n{log.read_text(encoding='utf-8', errors='replace')}")


def small_tokenizer(texts: Iterable[str]) -> Any:
    """A tokenizer of whole characters and frequent words, so that any token is text."""
    from tokenizers import Tokenizer
    from tokenizers.decoders import Fuse
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import Split
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(BPE(unk_token="?"))
    tokenizer.pre_tokenizer = Split(" ", "merged_with_next")
    tokenizer.decoder = Fuse()
    trainer = BpeTrainer(
        vocab_size=3000,
        special_tokens=["?", END],
        initial_alphabet=[chr(code) for code in range(32, 127)],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def save_tiny_llama(
    folder: Path, tokenizer: Any, *, ends: bool = False, tokens: int = 1024, **further: int
) -> str:
    """Save a chat model of two small layers with random weights.

    It writes until it `ends` after some forty tokens or its server cuts it off after `tokens`,
    which are 1024 at least. `further` settings go to its configuration.
    """
    import torch
    from transformers import (
        GenerationConfig,
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
    )

    made: dict[str, Any] = {"eos_token": END, "chat_template": TEMPLATE}
    chat = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **made)  # type: ignore[no-untyped-call]
    chat.save_pretrained(folder)
    sizes = {
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 200_000,
        **further,
    }
    torch.manual_seed(5)
    model = LlamaForCausalLM(LlamaConfig(**sizes, bos_token_id=None, eos_token_id=None))
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=tokens,
        eos_token_id=tokenizer.token_to_id(END) if ends else None,
        min_new_tokens=20 if ends else None,
        exponential_decay_length_penalty=(20, 1.5) if ends else None,
    )
    model.save_pretrained(folder)
    return str(folder)


def test_an_answer_comes_in_pieces_and_ends(server: Server) -> None:
    model = server.model(server.brief)
    pieces = list(model.stream(TALK))
    assert len(pieces) >= 20
    assert all(pieces)
    other = "".join(model.stream(TALK[:2]))
    assert other != "".join(pieces)  # what was sent is what the model goes on from


def test_an_answer_that_the_server_cuts_off_is_told(server: Server) -> None:
    read = []
    with pytest.raises(GeneratorError, match="finish_reason length") as caught:
        for piece in server.model(server.cut).stream(TALK):
            read.append(piece)
    assert caught.value.kind == "length"
    assert len(read) > 100


@pytest.mark.parametrize(("question", "why"), QUESTIONS.items())
def test_command_line_quotes_where_the_model_writes_garbage(
    server: Server, seeds_index: Index, question: str, why: str
) -> None:
    chosen = {"RAG_LLM_BASE_URL": server.url, "RAG_LLM_MODEL": server.brief}
    done = subprocess.run(
        [sys.executable, "-m", "rag", "ask", question, "--json", "--index", str(seeds_index.path)],
        env={**os.environ, **chosen},
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert why in found["notice"]
    assert "claims" not in found
    assert found["timings_ms"]["write"] > 0
    quoted = ask(seeds_index, question)
    assert found["answer"] == quoted.text
    assert len(found["citations"]) == len(quoted.citations) > 0
    for citation in found["citations"]:
        text = seeds_index.document(citation["document"]["id"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def cancel(server: Server, index: Index) -> None:
    wanted = [True]
    pieces = server.model(server.endless).stream(TALK, cancelled=lambda: not wanted)
    assert next(pieces)
    wanted.clear()
    assert list(pieces) == []


def close(server: Server, index: Index) -> None:
    pieces = server.model(server.endless).stream(TALK)
    assert next(pieces)
    pieces.close()  # type: ignore[attr-defined]


def leave_the_answer(server: Server, index: Index) -> None:
    question = next(iter(QUESTIONS))
    query, hits = search(index, question)
    events = write_answer(server.model(server.endless), question, hits, query.language)
    assert isinstance(next(events), Piece)
    events.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("leave", [cancel, close, leave_the_answer])
def test_server_stops_writing_when_the_reader_leaves(
    server: Server, seeds_index: Index, leave: Callable[[Server, Index], None]
) -> None:
    leave(server, seeds_index)
    # It writes one answer at a time, so another can only begin where the endless one was stopped.
    cancel(server, seeds_index)


def fault_of(model: OpenAICompatible) -> GeneratorError:
    with pytest.raises(GeneratorError, match=r"\Aexpected .+, found .+: .+\Z") as caught:
        list(model.stream(TALK))
    return caught.value


def test_a_model_that_the_server_lacks_is_a_fault_of_one_line(server: Server) -> None:
    fault = fault_of(server.model("nobody/no-such-model"))
    assert (fault.kind, "500: Internal Server Error" in fault.message) == ("server", True)


def test_a_model_that_breaks_is_a_fault_in_the_servers_words(server: Server) -> None:
    fault = fault_of(server.model(server.broken))
    assert (fault.kind, "index out of range" in fault.message) == ("server", True)


def test_an_address_without_its_path_is_refused(server: Server) -> None:
    fault = fault_of(OpenAICompatible(server.url.removesuffix("/v1"), server.brief))
    assert (fault.kind, "404: Not Found" in fault.message) == ("refused", True)
    assert fault.message.endswith("check the model's name and the address")
