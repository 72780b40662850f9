"""One index through its life: ingest, change, remove, damage, repair."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from conftest import TEXTS, article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag.index
from rag import indexing, ingest, prepare, workers
from rag.embed import static
from rag.errors import EmbedderError, StoreError, UsageError
from rag.fold import lexical_terms, words
from rag.index import Index
from rag.ingest import Progress
from rag.store.transaction import Transaction
from rag.types import Family, RawArticle, Skipped, Vectors

MakeIndex = Callable[[], Index]
EVEN = np.full(16, 0.25, np.float32)


def contents(index: Index) -> list[tuple[object, ...]]:
    """Everything that an index says about its documents."""
    return [
        (entry.document, entry.sources, entry.passages, entry.added) for entry in index.documents()
    ]


def rows_of(index: Index) -> list[int]:
    return [row for family in index.families() for row in index._store.rows(family).tolist()]


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def only_source(index: Index, source: str) -> str:
    """The id of the document of a source."""
    return next(e.document.id for e in index.documents() if source in e.sources)


# --- ingest ---


def test_every_passage_is_its_documents_own_words_and_all_of_them(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    report = index.ingest_articles(articles)
    assert report.added == tuple(each.source for each in articles)
    assert sorted(index.families()) == ["en", "zh"]
    for passage, document in index.passages(rows_of(index)):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.document_id == document.id
    for entry in index.documents():
        found = [p for p, d in index.passages(rows_of(index)) if d.id == entry.document.id]
        covered = {at for p in found for at in range(p.start, p.end)}
        text = entry.document.text
        assert all(at in covered or char.isspace() for at, char in enumerate(text))
    assert index.verify() == ()


def test_ingesting_the_same_again_changes_nothing_not_even_the_generation(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    before, generation = contents(index), index.stats().generation
    files = files_of(tmp_path / "index" / "generations")
    report = index.ingest_articles(articles)
    assert report.unchanged == tuple(each.source for each in articles)
    assert (report.added, report.updated, report.passages) == ((), (), 0)
    assert contents(index) == before
    assert index.stats().generation == generation
    assert files_of(tmp_path / "index" / "generations") == files


def test_a_changed_article_replaces_its_passages(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    old = only_source(index, "en/bridge.txt")
    report = index.ingest_articles([article("en/bridge.txt", "The bridge fell into the river.")])
    assert report.updated == ("en/bridge.txt",)
    assert only_source(index, "en/bridge.txt") != old
    assert len(index.lexical(words("mill"), "en", 9)[0]) == 0
    rows, _ = index.lexical(words("fell"), "en", 9)
    assert [p.text for p, _ in index.passages(rows.tolist())] == ["The bridge fell into the river."]
    with pytest.raises(StoreError, match="rag list"):
        index.document(old)
    assert index.verify() == ()


def test_the_same_text_elsewhere_is_one_document_with_two_sources(new_index: MakeIndex) -> None:
    index = new_index()
    text = TEXTS["zh/law"]
    first = index.ingest_articles([article("a.txt", text)])
    second = index.ingest_articles([article("b.txt", text)])
    assert (second.added, second.passages) == (("b.txt",), 0)
    (entry,) = index.documents()
    assert entry.sources == ("a.txt", "b.txt")
    assert entry.passages == first.passages == index.stats().passages["zh"]
    assert index.remove(["a.txt"]) == ("a.txt",)
    (entry,) = index.documents()
    assert (entry.sources, entry.document.path) == (("b.txt",), "b.txt")
    index.remove(["b.txt"])
    assert list(index.documents()) == []
    assert index.families() == {}
    assert index.verify() == ()


def test_duplicates_within_one_ingest_are_found_too(new_index: MakeIndex) -> None:
    index = new_index()
    text = TEXTS["zh/law"]
    again = article("a.txt", text)
    report = index.ingest_articles([again, article("b.txt", text), again])
    assert (report.added, report.unchanged) == (("a.txt", "b.txt"), ("a.txt",))
    assert index.stats().documents == 1
    assert index.verify() == ()


def test_two_articles_that_go_by_one_name_are_told_apart_by_a_reason_not_by_chance(
    new_index: MakeIndex,
) -> None:
    index = new_index()
    pair = [article("news.jsonl#7", TEXTS["zh/law"]), article("news.jsonl#7", TEXTS["zh/rail"])]
    for expected in ("added", "unchanged"):
        report = index.ingest_articles(pair)
        assert getattr(report, expected) == ("news.jsonl#7",)
        assert [each.source for each in report.skipped] == ["news.jsonl#7"]
        assert report.updated == ()
    assert index.document(only_source(index, "news.jsonl#7")).text == TEXTS["zh/law"]


def test_a_change_of_what_the_source_says_beside_the_text_is_an_update(
    new_index: MakeIndex,
) -> None:
    index = new_index()
    index.ingest_articles([article("a.txt", TEXTS["en/bridge"], date="2020-05-05")])
    assert len(index.lexical(["2020"], "en", 9)[0])
    report = index.ingest_articles(
        [article("a.txt", TEXTS["en/bridge"], date="2021-06-06", publisher="The Mill")]
    )
    assert report.updated == ("a.txt",)
    (entry,) = index.documents()
    assert (entry.document.date, entry.document.publisher) == ("2021-06-06", "The Mill")
    assert not len(index.lexical(["2020"], "en", 9)[0])
    assert len(index.lexical(["2021"], "en", 9)[0])
    assert index.verify() == ()


def test_articles_are_prepared_anew_when_preparing_has_changed(
    new_index: MakeIndex, articles: list[RawArticle], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    before = rows_of(index)
    monkeypatch.setattr("rag.ingest.VERSION", prepare.VERSION + 1)
    report = index.ingest_articles(articles)
    assert report.updated == tuple(each.source for each in articles)
    assert set(rows_of(index)).isdisjoint(before)
    assert index.ingest_articles(articles).updated == ()
    assert index.verify() == ()


def test_articles_that_cannot_be_used_are_skipped_with_a_reason_and_the_rest_goes_on(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    bad = Skipped("bad.pdf", "expected a PDF, found none: look at it")
    seen: list[Progress] = []
    report = index.ingest_articles(
        [bad, article("empty.txt", " \n "), *articles], progress=seen.append
    )
    assert [each.source for each in report.skipped] == ["bad.pdf", "empty.txt"]
    assert all(each.reason for each in report.skipped)
    assert len(report.added) == len(articles)
    assert [each.done for each in seen] == list(range(1, len(articles) + 3))


@pytest.mark.parametrize("name", ["broken-\udcff.txt", "id-\ud800"])
def test_names_that_are_not_text_are_skipped_and_said_in_text(
    new_index: MakeIndex, articles: list[RawArticle], name: str
) -> None:
    index = new_index()
    report = index.ingest_articles([article(name, "A bridge."), *articles])
    ((source, reason),) = [(each.source, each.reason) for each in report.skipped]
    assert source.encode() and "rename" in reason
    assert len(report.added) == len(articles)


@given(text=st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_prepares_to_passages_of_its_document(text: str) -> None:
    found = prepare.prepare(article("a", text, title=text[:20] or None))
    if isinstance(found, Skipped):
        return
    document = found.document
    assert found.passages
    for passage, each in zip(found.passages, found.words, strict=True):
        assert document.text[passage.start : passage.end] == passage.text != ""
        heading = words(document.title or "")
        assert each.words[: len(heading)] == heading
        assert each.joined.split(" ")[: each.count] == each.words or not each.count
    assert prepare.words_of(document, found.passages) == list(found.words)


def test_files_and_folders_are_known_by_their_absolute_path(
    new_index: MakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXTS["en/bridge"], encoding="utf-8")
    rows = [{"id": "r1", "text": TEXTS["zh/law"]}, {"id": "r2", "text": TEXTS["zh/rail"]}]
    (folder / "rows.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    index = new_index()
    assert len(index.ingest([folder]).added) == 3
    monkeypatch.chdir(tmp_path)
    assert len(index.ingest([Path("articles")]).unchanged) == 3
    assert [e.document.source_id for e in index.documents()] == [None, "r1", "r2"]
    assert len(index.ingest([Path("articles/one.txt"), folder]).unchanged) == 4


def test_enough_articles_are_prepared_by_several_processes_with_the_same_result(
    new_index: MakeIndex, built_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        article(f"{n}.txt", f"Report {n}. {text}", title=f"Title {n}", date="2020-01-01")
        for n, text in enumerate(list(TEXTS.values()) * 20)
    ]
    many.insert(50, article("empty.txt", ""))
    alone = new_index()
    expected = alone.ingest_articles(many)
    monkeypatch.setattr(workers, "ALONE", 5)
    with Index.open(tmp_path / "other", create=True) as together:
        found = together.ingest_articles(many)
        assert replace(found, seconds=0) == replace(expected, seconds=0)
        assert [c[:3] for c in contents(together)] == [c[:3] for c in contents(alone)]
        rows = rows_of(alone)
        assert rows_of(together) == rows
        assert np.array_equal(together.vectors(rows), alone.vectors(rows))
        assert together.verify() == ()


def test_an_ingest_in_several_commits_ends_like_one_in_one(
    new_index: MakeIndex, articles: list[RawArticle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "COMMIT_AT", 1)
    monkeypatch.setattr(indexing, "_EMBED_AT", 1)
    index = new_index()
    index.ingest_articles(articles)
    assert index.stats().generation == len(articles)
    assert index.stats().documents == len(articles)
    assert index.verify() == ()


def test_a_slow_ingest_commits_before_its_passages_are_many(
    new_index: MakeIndex, articles: list[RawArticle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "COMMIT_AFTER", 0.0)
    monkeypatch.setattr(indexing, "_EMBED_AT", 1)
    index = new_index()
    index.ingest_articles(articles)
    assert index.stats().generation == len(articles)


def test_progress_knows_the_whole_before_the_end(new_index: MakeIndex, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("The harbour was dug in 1908.")
    rows = "".join(f'{{"text": "Ship {number} came in."}}\n' for number in range(4))
    (tmp_path / "articles" / "rows.jsonl").write_text(rows)
    seen: list[Progress] = []
    report = new_index().ingest([tmp_path / "articles"], progress=seen.append)
    assert [each.done for each in seen] == [1, 2, 3, 4, 5]
    assert {each.total for each in seen} == {5}
    assert seen[-1].passages == report.passages
    assert seen[-1].seconds_left == 0


def test_progress_tells_pace_and_time_left_as_they_were_so_far() -> None:
    half = Progress(done=25, total=100, passages=300, source="a", seconds=10.0)
    assert half.passages_per_second == 30
    assert half.seconds_left == 30
    assert Progress(3, None, 9, "a", 1.0).seconds_left is None
    assert Progress(0, 9, 0, "a", 0.0).passages_per_second == 0
    assert Progress(12, 10, 9, "a", 1.0).seconds_left == 0


# --- what retrieval reads ---


def test_dense_search_is_brute_force_over_the_stored_vectors(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    query = index.embedder.embed_queries(["数据安全法什么时候施行"])[0]
    for family in index.families():
        own = index._store.rows(family)
        cosines = index.vectors(own.tolist()) @ query
        rows, found = index.dense(query, family, 100)
        assert rows.tolist() == own[np.argsort(-cosines, kind="stable")].tolist()
        np.testing.assert_allclose(found, np.sort(cosines)[::-1], atol=1e-5)


def test_words_of_title_year_and_text_find_a_passage_in_its_own_family_only(
    new_index: MakeIndex,
) -> None:
    index = new_index()
    index.ingest_articles(
        [
            article("a.txt", TEXTS["zh/rail"], title="京沪高铁", date="2019-12-01"),
            article("b.txt", TEXTS["en/bridge"], title="Mill bridge"),
        ]
    )
    for question in ("京沪高铁", "2019", "高速铁路", "高速鐵路"):
        assert len(index.lexical(lexical_terms(words(question)), "zh", 5)[0])
        assert not len(index.lexical(lexical_terms(words(question)), "en", 5)[0])
    (row, *_) = index._store.rows("zh").tolist()
    (tokens,) = index.tokens([row])
    entries = index.lexicon.vocabulary.entries
    assert {"高铁", "2019", "公里"} & {entries[token] for token in tokens}


def test_a_family_without_passages_finds_nothing(new_index: MakeIndex) -> None:
    index = new_index()
    families: tuple[Family, ...] = ("en", "zh")
    for family in families:
        assert len(index.dense(EVEN, family, 5)[0]) == 0
        assert len(index.lexical(["a"], family, 5)[0]) == 0
    assert (index.families(), index.verify()) == ({}, ())


# --- remove ---


@pytest.mark.parametrize(
    "name", ["{folder}/en/harbour.txt", "harbour.txt", "the-id", "{document}", "{folder}/en"]
)
def test_remove_understands_every_name_of_a_source(
    new_index: MakeIndex, tmp_path: Path, name: str
) -> None:
    index = new_index()
    source = f"{tmp_path}/en/harbour.txt"
    index.ingest_articles(
        [
            article(source, TEXTS["en/harbour"], source_id="the-id"),
            article(f"{tmp_path}/zh/law.txt", TEXTS["zh/law"]),
        ]
    )
    document = only_source(index, source)
    assert index.remove([name.format(folder=tmp_path, document=document)]) == (source,)
    assert index.stats().documents == 1
    assert not len(index.lexical(words("harbour"), "en", 9)[0])
    assert len(index.dense(EVEN, "en", 9)[0]) == 0
    assert index.verify() == ()


def test_remove_by_the_file_of_many_rows_removes_them_all(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles(
        [
            replace(article(f"/d/news.jsonl#{n}", text), path="/d/news.jsonl")
            for n, text in enumerate(TEXTS.values())
        ]
    )
    assert len(index.remove(["news.jsonl"])) == 4
    assert index.stats().documents == 0


def test_a_name_that_means_nothing_or_too_much_removes_nothing(new_index: MakeIndex) -> None:
    index = new_index()
    index.ingest_articles(
        [
            article("/x/index.md", TEXTS["en/harbour"]),
            article("/y/index.md", TEXTS["en/bridge"]),
        ]
    )
    with pytest.raises(UsageError, match="found 2 called index"):
        index.remove(["index.md"])
    with pytest.raises(UsageError, match="nothing was removed"):
        index.remove(["/x/index.md", "absent.txt"])
    with pytest.raises(UsageError):
        index.remove(["%"])
    assert index.stats().documents == 2


# --- opening ---


def test_a_folder_without_an_index_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="rag ingest"):
        Index.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="rag ingest"):
        Index.open(tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_index_is_never_made_among_other_files(built_in: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(StoreError, match=r"found thesis\.docx"):
        Index.open(tmp_path, create=True)
    with pytest.raises(StoreError, match="found a file"):
        Index.open(tmp_path / "thesis.docx", create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_index_made_by_another_embedder_is_refused(
    new_index: MakeIndex,
    articles: list[RawArticle],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    new_index().ingest_articles(articles)

    class Other:
        name, dim, fingerprint = "other", 16, "0123"

    monkeypatch.setattr(rag.index, "load_embedder", lambda name, backend: Other())
    with pytest.raises(EmbedderError, match="built-in, found other"):
        Index.open(tmp_path / "index", embedder="other")
    with Index.open(tmp_path / "index", embedder="built-in") as index:
        assert index.embedder.name == "small"


def test_a_model_that_has_changed_since_is_refused_until_the_index_is_rebuilt(
    new_index: MakeIndex,
    articles: list[RawArticle],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    new_index().ingest_articles(articles)
    entries = sorted({word for text in TEXTS.values() for word in words(text)}, reverse=True)
    table = np.random.default_rng(1).standard_normal((len(entries), 8)).astype(np.float32)
    static.save(tmp_path / "new", "newer", entries, np.ones(len(entries), np.float32), table)
    monkeypatch.setattr(static, "BUILT_IN", tmp_path / "new")
    with Index.open(tmp_path / "index") as index:
        with pytest.raises(EmbedderError, match="rag doctor --repair"):
            _ = index.embedder
        index.rebuild()
        assert index.embedder.dim == 8
        rows = rows_of(index)
        assert index.vectors(rows).shape == (len(rows), 8)
        np.testing.assert_allclose(
            index.vectors(rows), index.lexicon.embed_ids(index.tokens(rows)), atol=1e-3
        )
        assert index.verify() == ()


class Transformer:
    """Stands in for a model that embeds texts, not words."""

    name, dim, fingerprint = "acme/transformer", 8, "t1"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed_passages(self, texts: list[str]) -> Vectors:
        self.seen += texts
        return np.array([np.roll(np.eye(1, 8)[0], len(text)) for text in texts], np.float32)

    def embed_queries(self, texts: list[str]) -> Vectors:
        return self.embed_passages(texts)


def test_another_embedder_gets_title_and_text_and_is_remembered(
    built_in: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = Transformer()
    monkeypatch.setattr(rag.index, "load_embedder", lambda name, backend: model)
    with Index.open(tmp_path / "i", create=True, embedder="acme/transformer") as index:
        index.ingest_articles(
            [article("a.txt", "A bridge.", title="News"), article("b.txt", "A mill.")]
        )
    assert model.seen == ["News\nA bridge.", "A mill."]
    with Index.open(tmp_path / "i") as index:
        assert index.embedder.name == model.name
        assert index.stats().embedder == "acme/transformer"
        assert index.dense(np.roll(np.eye(1, 8, dtype=np.float32)[0], 7), "en", 1)[1][0] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the rights of POSIX")
def test_an_index_in_a_read_only_folder_can_be_searched(
    built_in: Path, articles: list[RawArticle]
) -> None:
    above = Path(tempfile.mkdtemp())  # tmp_path lies where only its owner may go
    above.chmod(0o755)
    folder = above / "index"
    with Index.open(folder, create=True) as index:
        index.ingest_articles(articles)
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        found = _as_another_user(folder, "print(len(index.lexical(['bridg'], 'en', 5)[0]))")
        assert found.stdout.split() == ["1"], found.stderr
        refused = _as_another_user(folder, "index.remove(['en/bridge.txt'])")
        assert "StoreError: expected to write in" in refused.stderr
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.rmtree(above)


def _as_another_user(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that file rights apply to (they don't apply to root)."""
    script = (
        "import os, sys; from pathlib import Path; from rag.index import Index\n"
        "from rag.embed import static; static.BUILT_IN = Path(sys.argv[2])\n"
        "import rag.ingest, rag.store.names, rag.store.transaction, filelock, tantivy, json\n"
        "os.geteuid() or os.setuid(65534)\n"
        f"index = Index.open(Path(sys.argv[1])); {code}"
    )
    return subprocess.run(
        [sys.executable, "-c", script, str(folder), str(static.BUILT_IN)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


# --- readers and writers ---


def test_a_second_writer_is_told_that_there_is_another(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    index = new_index()
    with Transaction(tmp_path / "index"), pytest.raises(StoreError, match="another at work"):
        index.ingest_articles(articles)
    assert len(index.ingest_articles(articles).added) == len(articles)


def test_a_reader_goes_on_with_its_generation_until_it_moves_on(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    writer, reader = new_index(), new_index()
    writer.ingest_articles(articles)
    with reader.pinned():
        rows = rows_of(reader)
        for n in range(3):  # more generations than are kept for nobody
            writer.ingest_articles([article("en/bridge.txt", f"Rust {n}.")])
        writer.remove(["zh/law.txt", "zh/rail.txt"])
        assert len(reader.lexical(words("mill"), "en", 5)[0]) == 1
        assert sorted(reader.families()) == ["en", "zh"]
        assert len(reader.passages(rows)) == len(rows)
        assert reader.verify() == ()
        assert not reader.refresh()
    with reader.pinned():
        assert contents(reader) == contents(writer)
        assert not len(reader.lexical(words("mill"), "en", 5)[0])
        assert sorted(reader.families()) == ["en"]


def test_a_reader_between_questions_keeps_nothing_from_the_writer(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    writer, reader = new_index(), new_index()
    with reader.pinned():
        pass
    writer.ingest_articles(articles)
    assert (tmp_path / "index" / "documents.sqlite-wal").stat().st_size == 0
    assert contents(reader) == contents(writer)


def test_threads_go_on_searching_while_another_writes(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    index.dense(EVEN, "en", 1)  # load FAISS before the threads do
    done = Event()

    def read() -> int:
        rounds = 0
        while not done.is_set():
            with index.pinned():
                for family in index.families():
                    near, _ = index.dense(EVEN, family, 50)
                    named, _ = index.lexical(["ship", "数据"], family, 50)
                    rows = [*near.tolist(), *named.tolist()]
                    assert len(index.tokens(rows)) == len(rows)
                    for passage, document in index.passages(rows):
                        assert document.text[passage.start : passage.end] == passage.text
            rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _ in range(4)]
        try:
            for n in range(6):
                index.ingest_articles(
                    [
                        article("en/bridge.txt", f"Ship {n} came in."),
                        article("zh/0.txt", f"数据第{n}号。"),
                    ]
                )
                index.remove(["zh/0.txt"])
        finally:
            done.set()
        assert all(reader.result() for reader in readers)
    assert index.verify() == ()


def test_two_processes_that_make_one_index_make_one(built_in: Path, tmp_path: Path) -> None:
    def make(_: int) -> str:
        with Index.open(tmp_path / "index", create=True) as index:
            return index.stats().embedder

    def attempt(n: int) -> str:
        try:
            return make(n)
        except StoreError as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(attempt, range(4)))
    assert "built-in" in found
    assert all(each == "built-in" or "another at work" in each for each in found)


def test_old_generations_go_when_nobody_reads_them(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    index = new_index()
    for each in articles:
        index.ingest_articles([each])
    index.ingest_articles([article("last.txt", "The end.")])
    index.refresh()
    left = sorted(path.name for path in (tmp_path / "index" / "generations").iterdir())
    assert left[-1] == "000005"
    assert len(left) <= 2


# --- damage ---


def the_file(index_folder: Path, pattern: str) -> Path:
    return sorted((index_folder / "generations").rglob(pattern))[0]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "pattern", ["vectors-en.faiss", "vectors-zh.faiss", "*.store", "*.term", "meta.json"]
)
@pytest.mark.parametrize("damage", [cut_short, flip_a_bit, Path.unlink])
def test_a_damaged_file_is_one_clear_error_and_rebuilding_mends_it(
    new_index: MakeIndex,
    articles: list[RawArticle],
    tmp_path: Path,
    pattern: str,
    damage: Callable[[Path], None],
) -> None:
    folder = tmp_path / "index"
    index = new_index()
    index.ingest_articles(articles)
    index.close()
    damage(the_file(folder, pattern))
    with pytest.raises(StoreError, match="run `rag doctor --repair`") as caught:
        Index.open(folder)
    assert len(str(caught.value).splitlines()) == 1
    with Index.open(folder, check=False) as damaged:
        assert damaged.verify()
        damaged.rebuild()
        assert damaged.verify() == ()
    with Index.open(folder) as mended:
        assert mended.verify() == ()
        assert len(mended.lexical(words("mill"), "en", 5)[0]) == 1
        query = mended.embedder.embed_queries(["mill bridge"])[0]
        assert len(mended.dense(query, "en", 5)[0]) == 2
        assert len(mended.ingest_articles(articles).unchanged) == len(articles)


def test_a_whole_generation_lost_is_rebuilt_from_the_documents(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    before = contents(index)
    index.close()
    shutil.rmtree(tmp_path / "index" / "generations")
    with Index.open(tmp_path / "index", check=False) as damaged:
        damaged.rebuild()
    with Index.open(tmp_path / "index") as mended:
        assert (contents(mended), mended.verify()) == (before, ())


def test_stored_numbers_that_changed_by_themselves_are_found_and_mended(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    rows = rows_of(index)
    expected = index.vectors(rows)
    with Transaction(index.path) as transaction:
        transaction.documents.query(
            "UPDATE passages SET vector = zeroblob(32) WHERE row = ?", rows[0]
        )
        transaction.documents.commit()
    index._store.snapshot()
    (problem,) = index.verify()
    assert "stored tokens and vector" in problem
    index.rebuild()
    assert index.verify() == ()
    assert np.array_equal(index.vectors(rows), expected)


def test_documents_that_changed_by_themselves_are_found(
    new_index: MakeIndex, articles: list[RawArticle]
) -> None:
    index = new_index()
    index.ingest_articles(articles)
    with Transaction(index.path) as transaction:
        transaction.documents.query("UPDATE documents SET text = replace(text, '3.2', '3.3')")
        transaction.documents.commit()
    index._store.snapshot()
    assert any("found other text" in problem for problem in index.verify())


def test_an_index_holds_nothing_pickled(
    new_index: MakeIndex, articles: list[RawArticle], tmp_path: Path
) -> None:
    import pickletools

    new_index().ingest_articles(articles)
    for name, content in files_of(tmp_path / "index").items():
        if content[:1] != b"\x80":  # how every pickle since protocol 2 begins
            continue
        with pytest.raises(ValueError):
            list(pickletools.genops(content))
        raise AssertionError(name)


# --- the sample articles, with the built-in model ---


def test_the_sample_articles_make_a_sound_index(seeds_index: Index) -> None:
    assert seeds_index.verify() == ()
    assert sorted(seeds_index.families()) == ["en", "zh"]
    for passage, document in seeds_index.passages(rows_of(seeds_index)):
        assert document.text[passage.start : passage.end] == passage.text


def test_an_index_of_some_articles_opens_within_50_ms(seeds_index: Index) -> None:
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        with Index.open(seeds_index.path):
            taken.append(time.perf_counter() - began)
    assert min(taken) < 0.05


# --- whatever happens, in whatever order ---

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ingest", "ingest", "ingest", "remove", "rebuild"]),
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.sampled_from(sorted(TEXTS))),
            min_size=1,
            max_size=3,
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_an_index_always_holds_just_what_its_sources_say(
    built_in: Path,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, list[tuple[str, str]]]],
) -> None:
    said: dict[str, str] = {}
    with Index.open(tmp_path_factory.mktemp("steps") / "index", create=True) as index:
        for step, pairs in steps:
            if step == "ingest":
                index.ingest_articles([article(name, TEXTS[text]) for name, text in pairs])
                said.update((name, TEXTS[text]) for name, text in reversed(pairs))
            elif step == "remove":
                names = sorted({name for name, _ in pairs} & set(said))
                assert set(index.remove(names)) == set(names)
                for name in names:
                    del said[name]
            else:
                index.rebuild()
            found = {s: e.document.text for e in index.documents() for s in e.sources}
            assert found == said
            assert index.stats().documents == len(set(said.values()))
            assert index.verify() == ()


def test_readers_who_overlap_see_what_is_new_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.reader._OVERLAP", 0.0)
    monkeypatch.setattr("rag.store.reader._PATIENCE", 10.0)
    seen: list[int] = []

    def read(index: Index) -> None:
        with index.pinned(), index.pinned():
            seen.append(index.generation)

    with Index.open(tmp_path / "index", create=True) as index:
        reader = Thread(target=read, args=[index])
        with index.pinned():
            before = index.generation
            with Index.open(tmp_path / "index") as other:
                other.ingest_articles([article("new.txt", "What is new.")])
            with index.pinned():  # whoever reads already isn't held up
                assert index.generation == before
            reader.start()
            reader.join(0.2)
            assert seen == []  # it waits for this one
        reader.join()
        assert seen == [before + 1]


def test_a_reader_who_takes_long_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.reader._OVERLAP", 0.0)
    monkeypatch.setattr("rag.store.reader._PATIENCE", 0.01)
    seen: list[int] = []
    with Index.open(tmp_path / "index", create=True) as index, index.pinned():
        before = index.generation
        with Index.open(tmp_path / "index") as other:
            other.ingest_articles([article("new.txt", "What is new.")])
        reader = Thread(target=lambda: seen.append(index.generation))
        reader.start()
        reader.join(10)
        assert seen == [before]


def test_many_readers_see_what_is_new_soon(tmp_path: Path) -> None:
    seen: list[int] = []
    with Index.open(tmp_path / "index", create=True) as index:
        before, over = index.generation, Event()

        def read() -> None:
            while not over.is_set() and before + 1 not in seen:
                with index.pinned():
                    time.sleep(0.003)
                    seen.append(index.generation)

        readers = [Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        with Index.open(tmp_path / "index") as other:
            other.ingest_articles([article("new.txt", "What is new.")])
        for reader in readers:
            reader.join(20)
        over.set()
        assert before + 1 in seen


def test_an_index_in_the_place_of_another_is_not_taken_for_it(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        shutil.move(tmp_path / "index", tmp_path / "before")
        with Index.open(tmp_path / "index", create=True) as other:
            other.ingest_articles([article("new.txt", "What is new.")])
        with pytest.raises(StoreError, match=r"found another .* open it anew"), index.pinned():
            pass


def test_an_open_index_that_is_made_anew_by_another_model_mixes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(tmp_path / "index", create=True) as index:
        index.ingest_articles([article("new.txt", "What is new.")])
        assert index.embedder.fingerprint
        own, load = static.StaticEmbedder.load(), static.StaticEmbedder.load
        own.fingerprint = "0123456789abcdef"
        monkeypatch.setattr(static.StaticEmbedder, "load", lambda: own)
        with Index.open(tmp_path / "index") as other:
            other.rebuild()
        monkeypatch.setattr(static.StaticEmbedder, "load", load)
        with pytest.raises(EmbedderError), index.pinned():
            index.embedder.embed_queries(["new"])
