"""Tiny BERTs, built and saved as hub models are: what tests load instead of a download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789宁德时代电池产业工项目投资年月元亿数据"


def save_tiny_transformer(
    folder: Path, prompts: dict[str, str] | None = None, seed: int = 5
) -> Path:
    """Save a sentence-transformers model of two small layers with random weights of that seed."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    plain = _save_plain(BertModel, folder / "plain", seed)
    model = SentenceTransformer(
        modules=[Transformer(str(plain), max_seq_length=128), Pooling(32)], device="cpu"
    )
    saved = folder / "model"
    model.save(str(saved))
    if prompts:
        path = saved / "config_sentence_transformers.json"
        stored = json.loads(path.read_text(encoding="utf-8"))
        stored["prompts"] = prompts
        path.write_text(json.dumps(stored), encoding="utf-8")
    return saved


def save_tiny_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Save a cross-encoder of the same size; it scores a pair with one number, or several."""
    from transformers import BertForSequenceClassification

    return _save_plain(BertForSequenceClassification, folder, 6, num_labels=labels)


def _save_plain(kind: Any, folder: Path, seed: int, **further: int) -> Path:
    import torch
    from transformers import BertConfig, BertTokenizerFast  # type: ignore[attr-defined]

    torch.manual_seed(seed)
    folder.mkdir(parents=True)
    letters = [*LETTERS, *(f"##{letter}" for letter in LETTERS)]
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (folder / "vocab.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
    config = BertConfig(
        vocab_size=len(entries),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        initializer_range=0.3,
        **further,
    )
    kind(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
