from __future__ import annotations

from xml.etree import ElementTree

import pytest

from training.plot import Point, line_plot

SVG = "{http://www.w3.org/2000/svg}"
RISING: list[Point] = [(0, 0.2), (500, 0.4), (1000, 0.8)]


def drawn(lines: dict[str, list[Point]], **options: object) -> ElementTree.Element:
    """The plot, as a parser of XML reads it."""
    named = {"title": "Title", "x_title": "steps", "y_title": "share", **options}
    return ElementTree.fromstring(line_plot(lines, **named))  # type: ignore[arg-type]


def points(line: ElementTree.Element) -> list[Point]:
    pairs = (pair.split(",") for pair in line.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def test_plot_has_a_line_for_each_name_and_says_what_it_shows() -> None:
    plot = drawn({"one": RISING, "two": [(0, 0.1), (1000, 0.3)]})
    assert plot.tag == f"{SVG}svg"
    assert {"Title", "steps", "share", "one", "two"} <= set(plot.itertext())
    lines = [points(each) for each in plot.iter(f"{SVG}polyline")]
    assert [len(line) for line in lines] == [3, 2]
    (x0, y0), (x1, y1), (x2, y2) = lines[0]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y1 - y2 == pytest.approx(2 * (y0 - y1), abs=0.3)  # up is less, in an SVG


def test_every_line_stays_within_the_picture() -> None:
    plot = drawn({"one": RISING, "flat": [(3, 0.5)]})
    width, height = map(float, plot.attrib["viewBox"].split()[2:])
    for line in plot.iter(f"{SVG}polyline"):
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points(line))


def test_words_that_mean_something_in_xml_are_shown_as_they_are() -> None:
    odd = "a < b & \"c\" 'd' </svg>"
    plot = drawn({odd: RISING}, title=odd, x_title=odd, y_title=odd)
    assert list(plot.itertext()).count(odd) == 4


def test_diagonal_runs_from_corner_to_corner() -> None:
    plain, crossed = (
        list(
            drawn({"one": [(0.0, 1.0), (1.0, 0.0)]}, y_range=(0, 1), diagonal=each).iter(
                f"{SVG}polyline"
            )
        )
        for each in (False, True)
    )
    assert len(plain) == 1
    assert len(crossed) == 2
    (left, top), (right, bottom) = points(crossed[1])
    assert points(crossed[0]) == [(left, bottom), (right, top)]


def test_range_that_is_given_is_kept() -> None:
    half = {"one": [(0.0, 0.5), (1.0, 0.5)]}
    found = {
        ys: points(next(drawn(half, y_range=ys).iter(f"{SVG}polyline")))[0][1]
        for ys in ((0.0, 1.0), (0.5, 1.0))
    }
    assert found[0.0, 1.0] < found[0.5, 1.0]
