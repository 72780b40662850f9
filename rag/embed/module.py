"""The built-in model as a module of sentence-transformers.

`modules.json` in a static model's folder names the class here, so that
`SentenceTransformer(folder, trust_remote_code=True)` gives the vectors of `StaticEmbedder`. It has
to be told to trust, since words are cut by code of this project, which no tokenizer file can say.
Nothing else imports this file: it loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule

from rag.embed import static
from rag.embed.static import StaticEmbedder
from rag.fold import words


class StaticModule(InputModule):
    """A table of word vectors; a text's vector is the sum of its words' rows, of unit length."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._embedder = embedder
        rows = np.arange(len(embedder.vocabulary), dtype=np.int32)
        table = embedder.word_vectors(rows) * embedder.weights(rows)[:, None]
        self.table = torch.nn.EmbeddingBag.from_pretrained(
            torch.from_numpy(table), freeze=False, mode="sum"
        )

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Row numbers of all the texts' words end to end, and where each text begins."""
        ids = [self._embedder.token_ids(words((prompt or "") + text)) for text in inputs]
        starts = np.cumsum([0, *map(len, ids)])[:-1]
        joined = np.concatenate([np.empty(0, np.int32), *ids]).astype(np.int64)
        return {"input_ids": torch.from_numpy(joined), "offsets": torch.from_numpy(starts)}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Unit vectors, shape (texts, dim); that of a text without words is zero."""
        sums = self.table(features["input_ids"], features["offsets"])
        features["sentence_embedding"] = torch.nn.functional.normalize(sums, dim=1)
        return features

    def get_embedding_dimension(self) -> int:
        """The length of a vector."""
        return self._embedder.dim

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Write a static model's files, which `StaticEmbedder.load` reads too."""
        static.save(
            Path(output_path),
            self._embedder.name,
            self._embedder.vocabulary.entries,
            self._embedder.rarity,
            self.table.weight.detach().cpu().numpy(),
        )

    @classmethod
    def load(  # type: ignore[override]
        cls, model_name_or_path: str, subfolder: str = "", **found_by: Any
    ) -> StaticModule:
        """Load a static model's folder, or a repository of a hub that holds one."""
        where = {
            name: found_by.get(name)
            for name in ("token", "cache_folder", "revision", "local_files_only")
        }
        folder = cls.load_dir_path(model_name_or_path, subfolder, **where)  # type: ignore[arg-type]
        return cls(StaticEmbedder.load(Path(str(folder))))
