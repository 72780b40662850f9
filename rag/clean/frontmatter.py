"""Front matter of Markdown posts: YAML between `---` lines, TOML between `+++` lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from rag.clean.facts import Facts

_FENCED = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<matter>.{0,20000}?)\n(?P=fence)[ \t]*(?:\n|$)", re.DOTALL
)
_ROW = re.compile(r"^([\w-]{1,40})[ \t]*[:=][ \t]*(.*)$", re.MULTILINE)
_TITLE = ("title", "headline", "name")
_DATE = (
    "date",
    "published",
    "pubdate",
    "publishdate",
    "publish_date",
    "published_at",
    "published_time",
    "date_published",
    "datepublished",
    "pubtime",
    "time",
    "created",
    "lastmod",
    "updated",
)
_PUBLISHER = (
    "publisher",
    "source",
    "site",
    "site_name",
    "sitename",
    "media",
    "newspaper",
    "outlet",
    "origin",
    "from",
    "来源",
    "來源",
)
_URL = ("url", "original_url", "source_url", "canonical", "canonical_url", "link", "permalink")
_LANGUAGE = ("lang", "language", "locale")


def split_front_matter(text: str) -> tuple[Facts, str]:
    """The facts of a leading front matter and the text behind it; empty facts without one."""
    match = _FENCED.match(text)
    if not match or not _ROW.search(match["matter"]):
        return Facts(), text
    read = _toml if match["fence"] == "+++" else _yaml
    rows = {str(key).strip().lower(): value for key, value in read(match["matter"]).items()}
    source = _pick(rows, _PUBLISHER)
    address = _pick(rows, _URL)
    if source and "://" in source:
        address, source = address or source, None
    return Facts(
        title=_pick(rows, _TITLE),
        publisher=source,
        date=_pick(rows, _DATE),
        url=address if address and "://" in address else None,
        language=_pick(rows, _LANGUAGE),
    ), text[match.end() :]


def _pick(rows: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = rows.get(name)
        if isinstance(value, Mapping):
            value = value.get("name")
        if value is not None and not isinstance(value, (list, Mapping)) and str(value).strip():
            return str(value).strip()
    return None


def _yaml(matter: str) -> Mapping[str, object]:
    """All values as text: a YAML date would lose its time zone, and with it perhaps a day."""
    import yaml

    try:
        rows = yaml.load(matter, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        rows = None
    return rows if isinstance(rows, Mapping) else _rows(matter)


def _toml(matter: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(matter)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return _rows(matter)


def _rows(matter: str) -> Mapping[str, object]:
    """`key: value` lines of a front matter that is not quite YAML (a colon in the title)."""
    return {key: value.strip().strip("\"'") for key, value in _ROW.findall(matter)}
