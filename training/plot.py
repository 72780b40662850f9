"""Plots as SVG files, small enough to stand beside what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 56, 200, 36, 44
COLOURS = ("#1f6f8b", "#c8553d", "#588b3a", "#7b5ea7", "#b8860b", "#5c6770", "#c23b8f")
TICKS = 5


def line_plot(
    lines: Mapping[str, Sequence[Point]],
    *,
    title: str,
    x_title: str,
    y_title: str,
    y_range: tuple[float, float] | None = None,
    diagonal: bool = False,
) -> str:
    """Named lines of (x, y) points as an SVG document; `diagonal` adds the line x = y."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    low, high = y_range or (min(ys), max(ys))
    left, right = (0.0, 1.0) if diagonal else (min(xs), max(xs))

    def place(point: Point) -> Point:
        across = (point[0] - left) / ((right - left) or 1)
        up = (point[1] - low) / ((high - low) or 1)
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )

    parts = _frame(title, x_title, y_title)
    for tick in range(TICKS + 1):
        x, y = left + (right - left) * tick / TICKS, low + (high - low) * tick / TICKS
        parts += _ticks(place((x, low)), f"{x:.6g}", place((left, y)), f"{y:.3g}")
    if diagonal:
        parts.append(
            _line([place((0.0, 0.0)), place((1.0, 1.0))], "#9aa3a8", "stroke-dasharray='4'")
        )
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_line([place(point) for point in points], colour))
        at = WIDTH - RIGHT + 14, TOP + 16 + 20 * number
        parts.append(f"<rect x='{at[0]}' y='{at[1] - 9}' width='12' height='4' fill='{colour}'/>")
        parts.append(f"<text x='{at[0] + 18}' y='{at[1] - 3}'>{escape(name)}</text>")
    return "\n".join([*parts, "</svg>", ""])


def _frame(title: str, x_title: str, y_title: str) -> list[str]:
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' "
        "font-family='sans-serif' font-size='11' fill='#333'>",
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='white'/>",
        f"<text x='{LEFT}' y='20' font-size='14'>{escape(title)}</text>",
        f"<text x='{middle}' y='{HEIGHT - 8}' text-anchor='middle'>{escape(x_title)}</text>",
        f"<text transform='translate(14 {HEIGHT / 2}) rotate(-90)' "
        f"text-anchor='middle'>{escape(y_title)}</text>",
    ]


def _ticks(below: Point, x: str, beside: Point, y: str) -> list[str]:
    end = WIDTH - RIGHT
    return [
        f"<text x='{below[0]:.1f}' y='{below[1] + 16:.1f}' text-anchor='middle'>{x}</text>",
        f"<text x='{LEFT - 6}' y='{beside[1] + 4:.1f}' text-anchor='end'>{y}</text>",
        f"<line x1='{LEFT}' x2='{end}' y1='{beside[1]:.1f}' y2='{beside[1]:.1f}' "
        "stroke='#e3e7e9'/>",
    ]


def _line(points: Sequence[Point], colour: str, further: str = "") -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"<polyline points='{joined}' fill='none' stroke='{colour}' stroke-width='2' {further}/>"
