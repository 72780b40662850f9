"""How fast the built-in embedder and the late interaction are, and how much memory they take.

The yardstick is a transformer of 12 layers and 384 dimensions with random weights, since its speed
does not depend on what it has learnt, in the same run on the same processors.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

CHARACTERS = 300  # of a passage
PASSAGES = 40_000
CANDIDATES, CANDIDATE_WORDS, QUESTION_WORDS = 200, 200, 12
TRANSFORMER_PASSAGES = 96
RUNS = 5

_FRESH = """
import json, time
import psutil
from rag.embed.static import StaticEmbedder
import safetensors.numpy
started = time.perf_counter()
embedder = StaticEmbedder.load()
loaded = time.perf_counter() - started
embedder.embed_passages(["宁德时代锂离子电池项目投产"])
embedder.embed_passages(["The battery factory started production."])
print(json.dumps([loaded * 1e3, psutil.Process().memory_info().rss / 1e6]))
"""


def measure(news: Path) -> None:
    """Print the embedder's figures; `news` has rows with a `text`."""
    passages = passages_of(news)
    loads, sizes = zip(*(fresh() for _ in range(RUNS)), strict=True)
    print(f"embedder: loaded in {statistics.median(loads):.0f} ms (worst {max(loads):.0f})")
    print(f"a process that has it loaded, with a text of each language: {max(sizes):.0f} MB")
    one, all_of_them = embedder_rates(passages)
    transformer = transformer_rate(passages)
    print(
        f"passages of {CHARACTERS} Chinese characters a second: {all_of_them:.0f} on every core, "
        f"{one:.0f} on one; the transformer {transformer:.1f}: "
        f"{all_of_them / transformer:.0f} times as many"
    )
    best, middle = rerank_times(passages)
    print(
        f"late interaction of {CANDIDATES} candidates of {CANDIDATE_WORDS} words with a question "
        f"of {QUESTION_WORDS}: median {middle:.1f} ms, best {best:.1f} ms"
    )


def passages_of(news: Path) -> list[str]:
    """Passages of the news, all of one length."""
    found: list[str] = []
    with news.open(encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"].replace("\n", "")
            starts = range(0, len(text) - CHARACTERS + 1, CHARACTERS)
            found += [text[start : start + CHARACTERS] for start in starts]
            if len(found) >= PASSAGES:
                break
    return found[:PASSAGES]


def fresh() -> tuple[float, float]:
    """Milliseconds to load the embedder in a new process, and that process's megabytes."""
    done = subprocess.run([sys.executable, "-c", _FRESH], check=True, capture_output=True)
    milliseconds, megabytes = json.loads(done.stdout)
    return milliseconds, megabytes


def best_time(run: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """The best and the median time of some runs, in seconds."""
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        spent.append(time.perf_counter() - started)
    return min(spent), statistics.median(spent)


def embedder_rates(passages: Sequence[str]) -> tuple[float, float]:
    """Passages a second on one core and on all of them, once the processes run."""
    from rag.embed.static import StaticEmbedder

    embedder = StaticEmbedder.load()
    few = passages[: max(1, len(passages) // 8)]
    embedder.embed_here(few)
    one = len(few) / best_time(lambda: embedder.embed_here(few))[0]
    embedder.embed_passages(passages)
    return one, len(passages) / best_time(lambda: embedder.embed_passages(passages), 3)[0]


def transformer_rate(passages: Sequence[str]) -> float:
    """The same for the transformer, a token to each character as Chinese models have it."""
    import torch
    from transformers import BertConfig, BertModel

    shape = BertConfig(
        num_hidden_layers=12, hidden_size=384, num_attention_heads=12, intermediate_size=1536
    )
    model = BertModel(shape)
    model.train(False)
    texts = passages[:TRANSFORMER_PASSAGES]
    tokens = torch.tensor([[ord(char) % shape.vocab_size for char in text] for text in texts])

    def embed() -> None:
        for at in range(0, len(tokens), 32):
            model(input_ids=tokens[at : at + 32]).last_hidden_state.mean(dim=1)

    with torch.inference_mode():
        return len(texts) / best_time(embed, 3)[0]


def rerank_times(passages: Sequence[str]) -> tuple[float, float]:
    """Best and median milliseconds to match a question with candidates."""
    import numpy as np

    from rag.embed.static import StaticEmbedder
    from rag.fold import words
    from rag.rerank import match_words

    lexicon = StaticEmbedder.load()
    flat = np.concatenate(
        [lexicon.token_ids(words(text)) for text in passages[: 2 * CANDIDATES + 1]]
    )
    texts = list(flat[: CANDIDATES * CANDIDATE_WORDS].reshape(CANDIDATES, CANDIDATE_WORDS))
    question = flat[-QUESTION_WORDS:]
    best, middle = best_time(lambda: match_words(lexicon, question, texts), 40)
    return best * 1e3, middle * 1e3
