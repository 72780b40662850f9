from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import TEXTS as ARTICLES
from tiny_transformer import save_tiny_transformer

from rag.embed import load_embedder
from rag.embed.static import StaticEmbedder, Vocabulary, save
from rag.errors import EmbedderError
from rag.fold import words
from rag.language import to_script
from rag.types import Language

TEXTS = [
    "宁德时代锂离子电池项目投产",
    "The output value reached 4.2 billion yuan.",
    "產業園區",
    "?!",
]


@pytest.fixture(scope="module")
def built_in() -> StaticEmbedder:
    return StaticEmbedder.load()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    entries = ["电池", "电", "池", "qing", "##tuo", "20", "2", "1"]
    table = np.random.default_rng(1).normal(size=(len(entries), 16)).astype(np.float32)
    save(tmp_path, "small", entries, np.ones(len(entries), np.float32), table)
    return tmp_path


def test_built_in_gives_unit_float32_vectors(built_in: StaticEmbedder) -> None:
    vectors = built_in.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), built_in.dim)
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-5)


def test_text_without_words_gets_the_zero_vector(built_in: StaticEmbedder) -> None:
    assert not built_in.embed_passages(["?!"]).any()


def test_batch_gives_the_vectors_of_each_alone(built_in: StaticEmbedder) -> None:
    alone = np.concatenate([built_in.embed_passages([text]) for text in TEXTS])
    assert np.allclose(built_in.embed_passages(TEXTS), alone, atol=1e-6)


@pytest.mark.parametrize("script", ["en", "zh-Hans", "zh-Hant"])
def test_batch_gives_the_mean_of_each_texts_rows(
    built_in: StaticEmbedder, script: Language
) -> None:
    texts = [to_script(text * repeat, script) for text in ARTICLES.values() for repeat in (1, 2, 9)]
    ids = [built_in.vocabulary.rows(words(text)) for text in texts]
    sums = [
        (built_in._rows[rows].astype(float) * built_in._scales[rows, None]).sum(axis=0)
        for rows in ids
    ]
    expected = [total / np.linalg.norm(total) for total in sums]
    assert np.allclose(built_in.embed_passages(texts), expected, atol=1e-6)


def test_both_scripts_get_one_vector(built_in: StaticEmbedder) -> None:
    simplified, traditional = built_in.embed_queries(["产业园区", "產業園區"])
    assert np.array_equal(simplified, traditional)


def test_translation_is_nearer_than_another_subject(built_in: StaticEmbedder) -> None:
    english, same, other = built_in.embed_passages(
        ["The battery factory started production.", "电池工厂投产了。", "他昨天在家做饭。"]
    )
    assert english @ same > english @ other + 0.2


def test_vector_is_the_mean_of_the_rows_by_hand(small: Path) -> None:
    model = StaticEmbedder.load(small)
    ids = model.token_ids(["电池", "2"])
    rows = model._rows[ids].astype(np.float64) * model._scales[ids].astype(np.float64)[:, None]
    mean = rows.mean(axis=0)
    assert np.allclose(model.embed_ids([ids])[0], mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("电池", ["电池"]),
        ("电池池", ["电池", "池"]),
        ("qingtuo", ["qing", "##tuo"]),
        ("2021", ["20", "2", "1"]),
        ("tuo", []),
        ("龘", []),
    ],
)
def test_word_without_a_row_is_cut_longest_piece_first(word: str, pieces: list[str]) -> None:
    vocabulary = Vocabulary(["电池", "电", "池", "qing", "##tuo", "20", "2", "1"])
    assert [vocabulary.entries[row] for row in vocabulary.rows([word])] == pieces


def test_eight_bit_rows_stay_near_the_trained_ones(small: Path, tmp_path: Path) -> None:
    table = np.random.default_rng(1).normal(size=(8, 16)).astype(np.float32)
    model = StaticEmbedder.load(small)
    stored = model._rows.astype(np.float32) * model._scales[:, None]
    assert np.abs(stored - table).max() < np.abs(table).max() / 100


def test_fingerprint_changes_with_the_weights(small: Path, tmp_path: Path) -> None:
    before = StaticEmbedder.load(small).fingerprint
    entries = ["电池", "电", "池", "qing", "##tuo", "20", "2", "1"]
    ones = np.ones((8, 16), np.float32)
    save(tmp_path, "small", entries, np.ones(8, np.float32), ones)
    assert StaticEmbedder.load(tmp_path).fingerprint != before


@pytest.mark.parametrize("name", ["config.json", "vocabulary.txt", "model.safetensors"])
def test_missing_file_is_one_clear_error(small: Path, name: str) -> None:
    (small / name).unlink()
    with pytest.raises(EmbedderError, match="expected a static model"):
        StaticEmbedder.load(small)


def test_vocabulary_of_another_length_is_refused(small: Path) -> None:
    (small / "vocabulary.txt").write_text("电池\n", encoding="utf-8")
    with pytest.raises(EmbedderError, match="as many rows as words"):
        StaticEmbedder.load(small)


def test_built_in_files_are_small_and_named_in_the_card() -> None:
    folder = Path(__file__).parent.parent / "rag" / "models" / "static"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 25_000_000
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert config["name"] in card
    assert config["fingerprint"] in card


def test_words_are_those_of_the_lexical_index(built_in: StaticEmbedder) -> None:
    text = TEXTS[0]
    by_words = built_in.embed_ids([built_in.token_ids(words(text))])
    assert np.array_equal(built_in.embed_passages([text]), by_words)


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("transformer")
    return save_tiny_transformer(folder, {"query": "查询 ", "passage": "段落 "})


def test_transformer_gives_unit_float32_vectors(transformer: Path) -> None:
    model = load_embedder(str(transformer))
    vectors = model.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert model.embed_queries([]).shape == (0, 32)


def test_transformer_takes_its_prefixes_from_its_own_configuration(transformer: Path) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(transformer), device="cpu")
    model = load_embedder(str(transformer))
    asked = plain.encode(["查询 项目投产"], normalize_embeddings=True, prompt="")
    told = plain.encode(["段落 项目投产"], normalize_embeddings=True, prompt="")
    assert np.allclose(model.embed_queries(["项目投产"]), asked, atol=1e-5)
    assert np.allclose(model.embed_passages(["项目投产"]), told, atol=1e-5)


def test_set_prefixes_win_and_change_the_fingerprint(transformer: Path) -> None:
    own = load_embedder(str(transformer))
    chosen = load_embedder(f"{transformer}|q: |p: ")
    assert chosen.fingerprint != own.fingerprint
    assert not np.allclose(chosen.embed_queries(["a"]), own.embed_queries(["a"]))
    again = load_embedder(chosen.name)
    assert again.fingerprint == chosen.fingerprint


def test_half_a_pair_of_prefixes_is_refused(transformer: Path) -> None:
    with pytest.raises(EmbedderError, match="both prefixes or none"):
        load_embedder(f"{transformer}|q: ")


def test_folder_without_a_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="expected a sentence-transformers model"):
        load_embedder(str(tmp_path))
