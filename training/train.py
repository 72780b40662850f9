"""Two stages of contrastive training on the table of word vectors.

1. Mean pooling: symmetric InfoNCE over in-batch negatives (van den Oord et al. 2018), every batch
   from one source.
2. Late interaction inside the loss (ColBERT's MaxSim, Khattab and Zaharia 2020, with each question
   word weighted by its norm), plus the loss of the first stage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.corpus import NEWS_WEIGHTS, Pairs

Log = Callable[[str], None]
Keep = Callable[[NDArray[np.float32]], None]
Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Plan:
    """Sizes of a run; lengths in words."""

    dim: int = 256
    seed: int = 7
    pool_steps: int = 1100
    pool_batch: int = 2048
    pool_length: int = 96
    pool_rate: float = 0.01
    match_steps: int = 2400
    match_batch: int = 96
    question_length: int = 24
    passage_length: int = 80
    match_rate: float = 0.002
    dropout: float = 0.15
    threads: int = 2


SMOKE = Plan(dim=32, pool_steps=6, pool_batch=64, match_steps=4, match_batch=16)


def train(
    sources: Sequence[Pairs],
    news: Sequence[Ids],
    rarity: NDArray[np.float32],
    plan: Plan,
    log: Log,
    keep: Keep,
) -> NDArray[np.float32]:
    """The trained table, shape (vocabulary, dim); `keep` is handed the table as it grows."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    rng = np.random.default_rng(plan.seed)
    table = torch.nn.Parameter(_initial(rarity, plan.dim))
    sampler = Sampler(sources, news, rng, plan)
    for name, steps, rate, loss in (
        ("pool", plan.pool_steps, plan.pool_rate, _pool_step),
        ("match", plan.match_steps, plan.match_rate, _match_step),
    ):
        _stage(table, steps, rate, partial(loss, table, sampler), name, log, keep)
    return table.detach().numpy()


def _initial(rarity: NDArray[np.float32], dim: int) -> torch.Tensor:
    """Random directions; rarer words start longer."""
    directions = functional.normalize(torch.randn(len(rarity), dim), dim=1)
    lengths = torch.from_numpy(rarity / rarity.max()).clamp(min=0.1)
    return directions * lengths[:, None]


def _stage(
    table: torch.nn.Parameter,
    steps: int,
    rate: float,
    loss_of_batch: Callable[[], torch.Tensor],
    name: str,
    log: Log,
    keep: Keep,
) -> None:
    optimizer = torch.optim.Adam([table], lr=rate, fused=True)
    warm = max(1, min(100, steps // 10))
    started, recent = time.monotonic(), 0.0
    for step in range(steps):
        factor = min(1.0, (step + 1) / warm) * (1 - step / steps)
        for group in optimizer.param_groups:
            group["lr"] = rate * factor
        loss = loss_of_batch()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        recent = loss.item() if step == 0 else 0.98 * recent + 0.02 * loss.item()
        if (step + 1) % 100 == 0 or step + 1 == steps:
            seconds = time.monotonic() - started
            log(f"{name} step {step + 1}/{steps} loss {recent:.4f} {seconds:.0f} s")
        if (step + 1) % 500 == 0 or step + 1 == steps:
            keep(table.detach().numpy())


class Sampler:
    """Draws batches of (question, passage) row numbers, every batch from one source."""

    def __init__(
        self, sources: Sequence[Pairs], news: Sequence[Ids], rng: np.random.Generator, plan: Plan
    ) -> None:
        self.sources, self.news, self.rng, self.plan = sources, news, rng, plan
        weights = np.array([pairs.weights for pairs in sources] + [NEWS_WEIGHTS])
        self._shares = weights / weights.sum(axis=0)

    def batch(
        self, stage: int, size: int, question_length: int, passage_length: int
    ) -> tuple[list[Ids], list[Ids]]:
        """Both sides of a batch; which side is the question is drawn too, where both could be."""
        drawn = self.rng.choice(len(self._shares), p=self._shares[:, stage])
        if drawn == len(self.sources):
            left, right = self._cloze(size)
        else:
            left, right = self._pairs(self.sources[drawn], size, passage_length)
        return (
            [self._window(ids, question_length) for ids in left],
            [self._window(ids, passage_length) for ids in right],
        )

    def _pairs(self, pairs: Pairs, size: int, length: int) -> tuple[list[Ids], list[Ids]]:
        chosen = self.rng.choice(len(pairs), size=min(size, len(pairs)), replace=False)
        for keys in pairs.keys:  # two rows with one text would be each other's false negatives
            chosen = chosen[np.unique(keys[chosen], return_index=True)[1]]
        question, passage = pairs.a, pairs.b
        if not pairs.name.startswith(("questions", "titles")) and self.rng.random() < 0.5:
            question, passage = passage, question
        if pairs.ordered and self.rng.random() < 0.6:
            return [question[i] for i in chosen], [self._around(passage, i, length) for i in chosen]
        return [question[i] for i in chosen], [passage[i] for i in chosen]

    def _around(self, texts: list[Ids], at: int, length: int) -> Ids:
        """The text with its neighbours in the document, up to `length` words."""
        before, after = self.rng.integers(0, 4, size=2)
        parts, room = [texts[at]], length - len(texts[at])
        for near in range(at + 1, min(len(texts), at + 1 + int(after))):
            if len(texts[near]) <= room:
                parts.append(texts[near])
                room -= len(texts[near])
        for near in range(at - 1, max(-1, at - 1 - int(before)), -1):
            if len(texts[near]) <= room:
                parts.insert(0, texts[near])
                room -= len(texts[near])
        return np.concatenate(parts)

    def _cloze(self, size: int) -> tuple[list[Ids], list[Ids]]:
        """Inverse cloze (Lee et al. 2019): a stretch of an article against what surrounds it."""
        left: list[Ids] = []
        right: list[Ids] = []
        for i in self.rng.choice(len(self.news), size=min(size, len(self.news)), replace=False):
            article = self.news[i]
            count = int(self.rng.integers(5, 20))
            start = int(self.rng.integers(0, max(1, len(article) - count)))
            low, high = max(0, start - 60), start + count + 60
            left.append(article[start : start + count])
            around = np.concatenate([article[low:start], article[start + count : high]])
            kept = self.rng.random() < 0.3
            right.append(article[low:high] if kept else around)
        return left, right

    def _window(self, ids: Ids, length: int) -> Ids:
        """At most `length` words, some of them dropped."""
        if len(ids) > length:
            start = int(self.rng.integers(0, len(ids) - length + 1))
            ids = ids[start : start + length]
        if len(ids) > 3:
            ids = ids[self.rng.random(len(ids)) >= self.plan.dropout]
        return ids


def _pool_step(table: torch.nn.Parameter, sampler: Sampler) -> torch.Tensor:
    plan = sampler.plan
    left, right = sampler.batch(0, plan.pool_batch, plan.pool_length, plan.pool_length)
    return _contrast(20 * _pooled(table, left) @ _pooled(table, right).T)


def _pooled(table: torch.nn.Parameter, texts: Sequence[Ids]) -> torch.Tensor:
    flat = torch.from_numpy(np.concatenate(texts).astype(np.int64))
    offsets = torch.from_numpy(np.cumsum([0] + [len(text) for text in texts[:-1]]))
    return functional.normalize(functional.embedding_bag(flat, table, offsets, mode="mean"), dim=1)


def _contrast(scores: torch.Tensor) -> torch.Tensor:
    """InfoNCE both ways: row i belongs to column i."""
    labels = torch.arange(len(scores))
    return (
        functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)
    ) / 2


def _match_step(table: torch.nn.Parameter, sampler: Sampler) -> torch.Tensor:
    plan = sampler.plan
    left, right = sampler.batch(1, plan.match_batch, plan.question_length, plan.passage_length)
    pooled = _contrast(20 * _pooled(table, left) @ _pooled(table, right).T)
    return _contrast(30 * _matched(table, left, right)) + pooled


def _matched(table: torch.nn.Parameter, left: list[Ids], right: list[Ids]) -> torch.Tensor:
    """MaxSim of every question with every passage, shape (questions, passages)."""
    asked, asked_mask = _padded(left)
    read, read_mask = _padded(right)
    question, passage = table[asked], table[read]
    weights = question.norm(dim=2) * asked_mask
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
    question = functional.normalize(question, dim=2).flatten(0, 1)
    passage = functional.normalize(passage, dim=2).flatten(0, 1)
    similar = (question @ passage.T).view(*asked.shape, *read.shape)
    best = similar.masked_fill(~read_mask, -1.0).amax(dim=3)
    return torch.einsum("ij,ijk->ik", weights, best)


def _padded(texts: list[Ids]) -> tuple[torch.Tensor, torch.Tensor]:
    length = max(1, *(len(text) for text in texts))
    ids = torch.zeros(len(texts), length, dtype=torch.int64)
    mask = torch.zeros(len(texts), length, dtype=torch.bool)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.from_numpy(text.astype(np.int64))
        mask[row, : len(text)] = True
    return ids, mask
