"""A tiny BERT, built and saved as a hub model is: what tests load instead of a download."""

from __future__ import annotations

import json
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789宁德时代电池产业工业项目投资年月元亿数据"


def save_tiny_transformer(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """Save a sentence-transformers model of two small layers with fixed random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast  # type: ignore[attr-defined]

    torch.manual_seed(5)
    plain = folder / "plain"
    plain.mkdir(parents=True)
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{c}" for c in LETTERS)]
    (plain / "vocab.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
    config = BertConfig(
        vocab_size=len(entries),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(plain)
    BertTokenizerFast(str(plain / "vocab.txt")).save_pretrained(plain)
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
