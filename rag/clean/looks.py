"""What a style makes of text: gone from the page, too small to see, or as its background."""

from __future__ import annotations

import re

from rag.clean.styles import Style

Colour = tuple[int, int, int]

_SIZES = ("width", "height", "max-width", "max-height")
WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "snow": (255, 250, 250),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245),
    "ivory": (255, 255, 240),
    "floralwhite": (255, 250, 240),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "navy": (0, 0, 128),
}
_NUMBER = r"-?\d*\.?\d+"
_LENGTH = re.compile(rf"({_NUMBER})\s*(px|pt|em|rem|ex|ch|%|vw|vh)?")
_RGB = re.compile(rf"rgba?\(\s*({_NUMBER}%?)[\s,]+({_NUMBER}%?)[\s,]+({_NUMBER}%?)[^)]*\)")
_WHITE_HSL = re.compile(r"hsla?\([^)]*[\s,]100%[^)]*\)")
_SEE_THROUGH = re.compile(
    r"transparent|(?:rgb|hsl)a\(.*,\s*0?\.?0+%?\s*\)|(?:rgb|hsl)a?\(.*/\s*0?\.?0+%?\s*\)"
)
_SHORTHAND = re.compile(rf"(?:^|\s)({_NUMBER}(?:px|pt|em|rem|%)?)(?:\s*/\s*\S+)?\s+\S")
_NOTHING = re.compile(
    r"inset\(\s*(?:[5-9]\d|\d{3,})(?:\.\d+)?%|circle\(\s*0|ellipse\(\s*0"
    r"|polygon\(\s*(0\w*%?)\s+(0\w*%?)(?:\s*,\s*0\w*%?\s+0\w*%?)*\s*\)"
)
_NO_SCALE = re.compile(r"scale(?:[xy3]d?)?\(\s*0*\.?0*\s*[,)]")


def is_gone(style: Style) -> bool:
    """Whether a style takes an element and all that is in it from sight."""
    return (
        style.get("display") == "none"
        or style.get("content-visibility") == "hidden"
        or _is_faint(style.get("opacity", ""))
        or _is_off_page(style)
        or _is_clipped(style)
        or bool(_NO_SCALE.search(style.get("transform", "")))
    )


def _is_faint(opacity: str) -> bool:
    match = re.fullmatch(rf"({_NUMBER})(%?)", opacity)
    return match is not None and float(match[1]) < (2 if match[2] else 0.02)


def _pixels(value: str) -> float | None:
    """A length in pixels, a percentage as a tenth of a page of 1,000; None for anything else."""
    match = _LENGTH.fullmatch(value)
    if not match:
        return None
    factor = {"pt": 4 / 3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "%": 10, "vw": 10, "vh": 10}
    return float(match[1]) * factor.get(match[2] or "px", 1)


def _is_off_page(style: Style) -> bool:
    places = ["text-indent", "margin-left", "margin-top"]
    if style.get("position", "absolute") in {"absolute", "fixed"}:
        places += ["left", "top", "right", "bottom"]
    found = (_pixels(style[place]) for place in places if place in style)
    return any(pixels is not None and pixels <= -999 for pixels in found)


def _is_clipped(style: Style) -> bool:
    clip = re.fullmatch(r"rect\((.*)\)", style.get("clip", ""))
    sides = [_pixels(each) for each in re.split(r"[\s,]+", clip[1].strip())] if clip else []
    if len(sides) == 4:
        top, right, bottom, left = sides
        if None not in sides and (bottom <= top or right <= left):  # type: ignore[operator]
            return True
    if _NOTHING.match(style.get("clip-path", "")):
        return True
    cut = (style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    if not any("hidden" in value or "clip" in value for value in cut):
        return False
    if any("%" in value for name, value in style.items() if name.startswith("padding")):
        return False  # a box of no height that keeps its proportions
    sizes = (_pixels(style.get(name, "")) for name in _SIZES)
    return any(pixels is not None and pixels <= 1 for pixels in sizes)


def is_tiny(style: Style) -> bool | None:
    """Whether a style sets a size that nobody can read; None where it leaves the size alone."""
    size = style.get("font-size")
    if size is None and "font" in style:
        match = _SHORTHAND.search(style["font"])
        size = match[1] if match else None
    if size is None:
        return None
    match = _LENGTH.fullmatch(size)
    if not match:
        return None if size in {"inherit", "smaller", "larger"} else False
    number, unit = float(match[1]), match[2]
    if unit in {"em", "%", "ex"}:
        return True if number < (10 if unit == "%" else 0.1) else None
    return number < (0.1 if unit == "rem" else 2)


def ink_of(style: Style) -> Colour | str | None:
    """The colour of text: "" where it is see-through, None where it isn't set or can't be told."""
    value = style.get("color")
    if value is None:
        return None
    if _SEE_THROUGH.fullmatch(value):
        shown = any("clip" in name or name in {"text-shadow"} for name in style)
        return None if shown or "text" in style.get("background", "") else ""
    return colour(value)


def paper_of(style: Style) -> Colour | str | None:
    """The colour behind text: "" where it can't be told, None where the style leaves it alone."""
    image = style.get("background-image", "none")
    if image not in {"none", "initial"}:
        return ""
    value = style.get("background-color") or style.get("background")
    if value is None or value in {"none", "inherit", "initial"} or _SEE_THROUGH.fullmatch(value):
        return None
    if "(" in re.sub(r"(?:rgb|hsl)a?\(", "", value):
        return ""
    first = re.match(r"(?:rgb|hsl)a?\([^)]*\)|\S+", value)
    return (colour(first[0]) if first else None) or ""


def colour(value: str) -> Colour | None:
    """A CSS colour by name, hexadecimal or rgb(); None for others."""
    value = value.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3,4}", value):
        return _hex("".join(char * 2 for char in value[1:4]))
    if re.fullmatch(r"#?(?:[0-9a-f]{6}|[0-9a-f]{8})", value):
        return _hex(value.lstrip("#")[:6])
    match = _RGB.fullmatch(value)
    if match:
        red, green, blue = (
            round(float(each.rstrip("%")) * (2.55 if each.endswith("%") else 1))
            for each in match.groups()
        )
        return red, green, blue
    return WHITE if _WHITE_HSL.fullmatch(value) else _NAMED.get(value)


def _hex(digits: str) -> Colour:
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def are_alike(ink: Colour, paper: Colour) -> bool:
    """Whether nobody can tell two colours apart."""
    return all(abs(one - other) <= 16 for one, other in zip(ink, paper, strict=True))
