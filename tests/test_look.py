"""The figures over a collection, and an evaluation run from the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SEEDS, article

from rag.index import Index
from rag.overview import MapPoint, Overview, overview, passage_map
from rag.types import LANGUAGES, Language
from rag.ui import evaluating
from rag.ui.canvas import DARK, LIGHT, Colours, plot_data
from rag.ui.evaluating import Evaluated, Progressed, Refused, run_evaluation
from rag.ui.look import Pictures, pictures, summary
from rag.ui.look_evaluation import evaluation_pictures
from rag.ui.look_texts import LOOK_TEXTS, LookTexts
from rag.ui.plot_text import in_plot, shortened, wrapped

HOSTILE = '<b>x</b> <a href="https://evil.example">y</a> &lt;i&gt; %{x} <extra>z</extra>'
NAMES = [field.name for field in fields(Pictures)]


def point(n: int, title: str | None = "A title", text: str = "A sentence.") -> MapPoint:
    return MapPoint(n / 100, -n / 100, LANGUAGES[n % 3], f"document-{n}", title, n, n + 11, text)


def sent(figure: Any, language: Language = "en") -> dict[str, Any]:
    """What the page is sent of a figure."""
    found: dict[str, Any] = json.loads(plot_data(figure, language).plot)
    return found


# --- text in figures ---


def test_text_in_a_figure_has_no_markup() -> None:
    assert in_plot("a <b>b</b>\n\t& c\u202e\x07") == "a &lt;b&gt;b&lt;/b&gt; &amp; c"
    assert wrapped("<b>&amp;</b>", 44, 4) == "&lt;b&gt;&amp;amp;&lt;/b&gt;"


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five",
        "水库与桥梁，都在去年建成。",
        "A" * 40,
        "水库 reservoir 于2021年建成",
    ],
)
def test_wrapped_lines_keep_every_word_and_their_width(text: str) -> None:
    lines = wrapped(text, 12, 20).split("<br>")
    assert all(sum(1 + (ord(c) > 0x2E7F) for c in line) <= 12 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_line_does_not_begin_with_a_closing_mark() -> None:
    assert wrapped("一二三四五六，七八", 12, 5) == "一二三四五<br>六，七八"


def test_what_is_too_long_ends_in_dots() -> None:
    assert wrapped("one two three four", 5, 2) == "one<br>two…"
    assert shortened("水库与桥梁与铁路", 10) == "水库与桥…"
    assert shortened("short", 10) == "short"


# --- figures ---


def test_every_language_has_every_word() -> None:
    for field in fields(LookTexts):
        values = [getattr(LOOK_TEXTS[language], field.name) for language in LANGUAGES]
        if isinstance(values[0], str):
            assert all(values)
            assert len({frozenset(holes(value)) for value in values}) <= 2, field.name
    for language in LANGUAGES:
        assert set(LOOK_TEXTS[language].named) == set(LOOK_TEXTS[language].brief) == set(LANGUAGES)


def holes(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_figures_of_the_samples_hold_all_articles(
    seeds_index: Index, language: Language, dark: bool
) -> None:
    found, points = overview(seeds_index), passage_map(seeds_index)
    drawn = pictures(found, points, language, dark=dark)
    words, colours = LOOK_TEXTS[language], DARK if dark else LIGHT
    assert sum(sum(bar.y) for bar in drawn.over_time.data) == found.articles - found.undated
    assert sum(drawn.languages.data[0].x) == found.articles
    assert sum(drawn.sizes.data[0].y) == found.articles
    assert [trace.name for trace in drawn.map.data] == [words.brief[each] for each in LANGUAGES]
    assert [trace.marker.color for trace in drawn.map.data] == list(colours.languages.values())
    assert sum(len(trace.x) for trace in drawn.map.data) == len(points)
    for name in NAMES:
        assert sent(getattr(drawn, name), language)["layout"]["font"]["color"] == colours.ink


def test_a_point_carries_its_document_and_span() -> None:
    points = [point(n) for n in range(9)]
    nothing = Overview(0, 0, {}, "year", (), 0, (), 0, 0, 0, ())
    traces = sent(pictures(nothing, points, "en", dark=False).map)["data"]
    carried = {tuple(each) for trace in traces for each in trace["customdata"]}
    assert carried == {(each.document_id, each.start, each.end) for each in points}


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_nothing_say_so(language: Language) -> None:
    nothing = Overview(0, 0, {}, "year", (), 0, (), 0, 0, 0, ())
    drawn = pictures(nothing, (), language, dark=False)
    for name in NAMES:
        (note,) = sent(getattr(drawn, name), language)["layout"]["annotations"]
        assert note["text"] == LOOK_TEXTS[language].nothing
    assert summary(nothing, 0, language)[0].startswith(("0", "没", "沒"))


def test_articles_without_dates_leave_time_empty(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.ingest_articles([article("a", "The harbour was dug by 400 workers.")])
    found, points = overview(index), passage_map(index)
    drawn = pictures(found, points, "en", dark=True)
    (note,) = drawn.over_time.layout.annotations
    assert note.text == LOOK_TEXTS["en"].nothing_dated
    assert summary(found, len(points), "en") == (
        "1 article",
        "1 passage",
        "1 article without a date",
    )


def test_hostile_titles_and_publishers_are_escaped(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.ingest_articles(
        [article("a", f"The harbour was dug. {HOSTILE}", title=HOSTILE, publisher=HOSTILE)]
    )
    points = [point(0, HOSTILE, HOSTILE), *passage_map(index)]
    drawn = pictures(overview(index), points, "en", dark=False)
    shown = [
        *drawn.publishers.data[0].hovertext,
        *drawn.publishers.layout.yaxis.ticktext,
        *(text for trace in drawn.map.data for text in trace.hovertext),
    ]
    assert any("evil.example" in text for text in shown)
    for text in shown:
        bare = text.replace("<br>", "")
        for tag in ("<b>", "</b>"):  # around a title
            bare = bare.replace(tag, "", 1)
        assert "<" not in bare
    for name in NAMES:  # in a template, %{x} would mean something
        assert "hovertemplate" not in plot_data(getattr(drawn, name), "en").plot


def test_what_the_page_is_sent_names_no_address(seeds_index: Index) -> None:
    drawn = pictures(overview(seeds_index), passage_map(seeds_index), "en", dark=False)
    for name in NAMES:
        whole = sent(getattr(drawn, name))
        assert whole["config"]["displaylogo"] is False
        assert whole["config"]["displayModeBar"] == (name == "map")
        assert "http" not in json.dumps([whole["layout"], whole["config"]])


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize(
    "eyes",
    [  # Machado, Oliveira and Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia
        [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
        [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
        [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9309, 0.1476], [0.0047, 0.6914, 0.3039]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    ],
)
def test_colours_of_languages_differ_for_all_eyes(
    colours: Colours, eyes: list[list[float]]
) -> None:
    seen = [np.array(eyes) @ linear(each) for each in colours.languages.values()]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(lab(one) - lab(other)) > 25
    for each in colours.languages.values():
        lighter, darker = sorted((luminance(each), luminance(colours.paper)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3


def linear(colour: str) -> Any:
    """An sRGB colour `#rrggbb` in linear light."""
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(light: Any) -> Any:
    """Linear sRGB in CIELAB under D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(light, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# --- evaluation ---


@pytest.fixture(scope="module")
def evaluated(
    seeds_index: Index, tmp_path_factory: pytest.TempPathFactory
) -> list[Progressed | Evaluated | Refused]:
    """What an evaluation of a few of the sample questions tells."""
    rows = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:6]
    strange = {"question": "What is it?", "lang": HOSTILE, "documents": ["no-such-article.txt"]}
    file = tmp_path_factory.mktemp("questions") / "upload"
    file.write_text("\n".join([*rows, json.dumps(strange)]), encoding="utf-8")
    return list(run_evaluation(seeds_index, file, "mine.jsonl"))


def test_an_evaluation_tells_its_progress_and_ends_in_a_report(
    evaluated: list[Progressed | Evaluated | Refused],
) -> None:
    *progress, last = evaluated
    done = [each.done for each in progress if isinstance(each, Progressed)]
    assert len(done) == len(progress)
    assert done == sorted(set(done))
    assert (done[0], done[-1]) == (0, 7)
    assert isinstance(last, Evaluated)
    assert last.evaluation.overall.questions == 7
    assert last.missing == ("no-such-article.txt",)
    assert "mine.jsonl" in last.report
    assert last.report.startswith("<!doctype html>")
    assert Progressed(3, 7).text("zh-Hans") == "已完成 3 / 7 题"


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_an_evaluation(
    evaluated: list[Progressed | Evaluated | Refused], language: Language
) -> None:
    result = evaluated[-1]
    assert isinstance(result, Evaluated)
    drawn = evaluation_pictures(result.evaluation, language, dark=True)
    first = drawn.recall.data[0]
    assert first.x[0] == result.evaluation.overall.recall_at_1
    names = [name.strip() for name in drawn.recall.layout.yaxis.ticktext]
    assert names[0] == LOOK_TEXTS[language].overall
    assert not any("<" in name for name in names)
    assert all(0 <= share <= 1 for trace in drawn.refusal.data for share in trace.y)
    assert sent(drawn.recall, language)["config"]["displaylogo"] is False


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "found none"),
        (b"\n \n", "found none"),
        (b"question,answer\n", "mine.jsonl:1: expected one JSON object"),
        (b'{"question": "What?"}\n[1]', "mine.jsonl:2: expected a JSON object"),
        (b'{"question": 5}', "mine.jsonl:1: expected 'question'"),
        (b"\xff\xfe\x00\x01", "UTF-8"),
    ],
)
def test_a_bad_file_gets_one_line(
    seeds_index: Index, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "upload"
    file.write_bytes(content)
    (refused,) = run_evaluation(seeds_index, file, "mine.jsonl")
    assert isinstance(refused, Refused)
    assert says in refused.why
    assert "\n" not in refused.why
    assert str(tmp_path) not in refused.why


def test_a_file_that_is_gone_or_too_large_gets_one_line(
    seeds_index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone,) = run_evaluation(seeds_index, tmp_path / "gone", "gone.jsonl")
    assert gone == Refused("expected a questions file at gone.jsonl, found none: name one")
    monkeypatch.setattr(evaluating, "LARGEST", 10)
    file = tmp_path / "upload"
    file.write_text('{"question": "What is it?"}', encoding="utf-8")
    for language in LANGUAGES:
        (large,) = run_evaluation(seeds_index, file, "large.jsonl", language)
        assert isinstance(large, Refused)
        assert "MB" in large.why


def test_half_a_character_in_a_question_is_no_end_of_the_page(
    seeds_index: Index, tmp_path: Path
) -> None:
    file = tmp_path / "upload"
    file.write_text('{"question": "What is \\ud800 it?"}', encoding="utf-8")
    *_, last = run_evaluation(seeds_index, file, "mine.jsonl")
    assert isinstance(last, Evaluated | Refused)
    if isinstance(last, Evaluated):
        last.report.encode()


def test_an_evaluation_that_nobody_waits_for_stops(seeds_index: Index) -> None:
    events = run_evaluation(seeds_index, SEEDS / "questions.jsonl", "questions.jsonl")
    assert next(events) == Progressed(0, 87)
    second = next(events)
    assert isinstance(second, Progressed)
    assert second.done < 87
    events.close()
    assert list(events) == []
