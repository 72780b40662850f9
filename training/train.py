"""Two stages of contrastive training on the table of word vectors, the second several times.

1. Mean pooling: symmetric InfoNCE over in-batch negatives (van den Oord et al. 2018), every batch
   from one source.
2. Late interaction inside the loss (ColBERT's MaxSim, Khattab and Zaharia 2020, with each question
   word weighted by its norm), plus the loss of the first stage. It runs several times from the
   table of the first stage, on other batches; the mean of the tables is what is kept (model soups,
   Wortsman et al. 2022).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.corpus import NEWS_WEIGHTS, Pairs

Log = Callable[[str], None]
Keep = Callable[[int, NDArray[np.float32]], None]
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
    match_runs: int = 5
    match_steps: int = 3000
    match_batch: int = 96
    question_length: int = 24
    passage_length: int = 80
    match_rate: float = 0.001
    dropout: float = 0.15
    threads: int = 2


SMOKE = Plan(dim=32, pool_steps=6, pool_batch=64, match_runs=2, match_steps=4, match_batch=16)


@dataclass(frozen=True)
class Texts:
    """Texts laid end to end: row numbers, and how many belong to each text."""

    flat: Ids
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[Ids]) -> Texts:
        """Lay texts end to end."""
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        return cls(np.concatenate(texts), lengths)


Loss = Callable[[torch.Tensor, Texts, Texts], torch.Tensor]


def train(
    sources: Sequence[Pairs],
    news: Sequence[Ids],
    rarity: NDArray[np.float32],
    plan: Plan,
    log: Log,
    keep: Keep,
) -> NDArray[np.float32]:
    """The trained table, shape (vocabulary, dim); `keep` is handed steps and tables on the way."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    table = torch.nn.Parameter(_initial(rarity, plan.dim).to(device))
    sampler = Sampler(sources, news, np.random.default_rng(plan.seed), plan)
    pool = Stage("pool", plan.pool_steps, plan.pool_rate, _pool_loss)
    pool.run(table, lambda: sampler.batch(0, plan.pool_batch, *[plan.pool_length] * 2), log, keep)
    sizes = plan.match_batch, plan.question_length, plan.passage_length
    total = torch.zeros_like(table)
    steps = plan.pool_steps
    for run in range(plan.match_runs):
        own = torch.nn.Parameter(table.detach().clone())
        match = Stage(f"match {run + 1}", plan.match_steps, plan.match_rate, _match_loss, steps)
        match.run(own, lambda: sampler.batch(1, *sizes), log, keep)
        total += own.detach()
        steps += plan.match_steps
    mean: NDArray[np.float32] = (total / plan.match_runs).cpu().numpy()
    keep(steps + 1, mean)
    return mean


def _initial(rarity: NDArray[np.float32], dim: int) -> torch.Tensor:
    """Random directions; rarer words start longer."""
    directions = functional.normalize(torch.randn(len(rarity), dim), dim=1)
    lengths = torch.from_numpy(rarity / rarity.max()).clamp(min=0.1)
    return directions * lengths[:, None]


@dataclass(frozen=True)
class Stage:
    """A number of steps with one loss, the learning rate rising shortly, then falling to 0."""

    name: str
    steps: int
    rate: float
    loss: Loss
    before: int = 0
    """Steps of the stages before it."""

    def run(
        self,
        table: torch.nn.Parameter,
        draw: Callable[[], tuple[Texts, Texts]],
        log: Log,
        keep: Keep,
    ) -> None:
        """Train the table in place."""
        optimizer = torch.optim.Adam([table], lr=self.rate, fused=True)
        table.grad = torch.zeros_like(table)
        warm = max(1, min(100, self.steps // 10))
        started, recent = time.monotonic(), 0.0
        for step in range(self.steps):
            factor = min(1.0, (step + 1) / warm) * (1 - step / self.steps)
            for group in optimizer.param_groups:
                group["lr"] = self.rate * factor
            loss = self._backward(table, *draw())
            optimizer.step()
            recent = loss if step == 0 else 0.98 * recent + 0.02 * loss
            if (step + 1) % 100 == 0 or step + 1 == self.steps:
                seconds = time.monotonic() - started
                log(f"{self.name} step {step + 1}/{self.steps} loss {recent:.4f} {seconds:.0f} s")
            if (step + 1) % 500 == 0 or step + 1 == self.steps:
                keep(self.before + step + 1, table.detach().cpu().numpy())

    def _backward(self, table: torch.nn.Parameter, left: Texts, right: Texts) -> float:
        """The loss; its gradient goes to `table.grad`, by way of the few rows of this batch."""
        there = np.zeros(len(table), dtype=bool)
        there[left.flat] = there[right.flat] = True
        numbers = np.cumsum(there) - 1
        rows = torch.from_numpy(np.flatnonzero(there)).to(table.device)
        few = table.detach()[rows].requires_grad_()
        renumbered = (Texts(numbers[each.flat], each.lengths) for each in (left, right))
        loss = self.loss(few, *renumbered)
        loss.backward()  # type: ignore[no-untyped-call]
        assert table.grad is not None and few.grad is not None
        table.grad.zero_()
        table.grad[rows] = few.grad
        return float(loss.item())


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
    ) -> tuple[Texts, Texts]:
        """Both sides of a batch; which side is the question is drawn too, where both could be."""
        drawn = self.rng.choice(len(self._shares), p=self._shares[:, stage])
        if drawn == len(self.sources):
            left, right = self._cloze(size)
        else:
            left, right = self._pairs(self.sources[drawn], size, passage_length)
        return (
            Texts.of([self._window(ids, question_length) for ids in left]),
            Texts.of([self._window(ids, passage_length) for ids in right]),
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
            if len(texts[near]) <= room and not np.array_equal(texts[near], parts[-1]):
                parts.append(texts[near])
                room -= len(texts[near])
        for near in range(at - 1, max(-1, at - 1 - int(before)), -1):
            if len(texts[near]) <= room and not np.array_equal(texts[near], parts[0]):
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


def _pool_loss(table: torch.Tensor, left: Texts, right: Texts) -> torch.Tensor:
    return _contrast(20 * _pooled(table, left) @ _pooled(table, right).T)


def _match_loss(table: torch.Tensor, left: Texts, right: Texts) -> torch.Tensor:
    return _contrast(30 * _matched(table, left, right)) + _pool_loss(table, left, right)


def _pooled(table: torch.Tensor, texts: Texts) -> torch.Tensor:
    flat = torch.from_numpy(texts.flat.astype(np.int64)).to(table.device)
    starts = torch.from_numpy(np.cumsum(texts.lengths) - texts.lengths).to(table.device)
    return functional.normalize(functional.embedding_bag(flat, table, starts, mode="mean"), dim=1)


def _contrast(scores: torch.Tensor) -> torch.Tensor:
    """InfoNCE both ways: row i belongs to column i."""
    labels = torch.arange(len(scores), device=scores.device)
    return (
        functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)
    ) / 2


def _matched(table: torch.Tensor, left: Texts, right: Texts) -> torch.Tensor:
    """MaxSim of every question with every passage, shape (questions, passages)."""
    (asked, asked_mask), (read, read_mask) = (
        (ids.to(table.device), mask.to(table.device)) for ids, mask in map(_padded, (left, right))
    )
    question, passage = table[asked], table[read]
    weights = question.norm(dim=2) * asked_mask
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
    question = functional.normalize(question, dim=2).flatten(0, 1)
    passage = (functional.normalize(passage, dim=2) * read_mask[:, :, None]).flatten(0, 1)
    best = _MaxSim.apply(question, passage, read.shape[1])  # type: ignore[no-untyped-call]
    return torch.einsum("ij,ijk->ik", weights, best.view(*asked.shape, len(read)))


class _MaxSim(torch.autograd.Function):
    """For each question word and passage the highest cosine; its gradient goes through the one
    passage word that has it, so that the backward pass is two sparse products."""

    @staticmethod
    def forward(
        ctx: Any,
        question: torch.Tensor,
        passage: torch.Tensor,
        length: int,
    ) -> torch.Tensor:
        similar = (question @ passage.T).view(len(question), -1, length)
        best, places = similar.max(dim=2)
        places += torch.arange(similar.shape[1], device=places.device) * length
        ctx.save_for_backward(question, passage, places)
        return best

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        question, passage, places = ctx.saved_tensors
        count = places.shape[1]
        met, weights = places.flatten(), grad.flatten()
        asked = torch.arange(len(question), device=met.device).repeat_interleave(count)
        order = met.argsort()
        return (
            _weighted_sums(passage, met, weights, asked, len(question)),
            _weighted_sums(question, asked[order], weights[order], met[order], len(passage)),
            None,
        )


def _weighted_sums(
    rows: torch.Tensor,
    places: torch.Tensor,
    weights: torch.Tensor,
    targets: torch.Tensor,
    count: int,
) -> torch.Tensor:
    """For each of `count` targets (sorted) the sum of its rows, weighted."""
    starts = torch.searchsorted(targets, torch.arange(count, device=targets.device))
    return functional.embedding_bag(places, rows, starts, mode="sum", per_sample_weights=weights)


def _padded(texts: Texts) -> tuple[torch.Tensor, torch.Tensor]:
    mask = np.arange(max(1, texts.lengths.max())) < texts.lengths[:, None]
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = texts.flat
    return torch.from_numpy(ids), torch.from_numpy(mask)
