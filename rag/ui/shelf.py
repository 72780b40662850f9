"""The view of articles as HTML: what adds them, how far that is, and the table of them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from rag.load import SUFFIXES
from rag.store.listing import Row
from rag.types import Language
from rag.ui.article import written_date
from rag.ui.intake_run import Item, State, Status
from rag.ui.listing import COLUMNS, PAGE, Column, Shown
from rag.ui.reasons import told_reason
from rag.ui.shelf_texts import SHELF_TEXTS, ShelfTexts
from rag.ui.texts import LANGUAGE_NAMES, TEXTS

_DRAWN: Final = 60  # things of a run that are drawn, those that failed first;
_FAILED: Final = 500  # so many of those once it has ended
_SAID: Final = (
    "sending", "queued", "unsent", "busy", "retrying", "restarted", "removed", "back",
    "nothing", "kinds",
)  # fmt: skip
_ACCEPTED: Final = ",".join(SUFFIXES)


def shelf_html(language: Language, *, may_change: bool) -> str:
    """The view but for what changes while one looks at it."""
    words = SHELF_TEXTS[language]
    adding = _adding_html(words) if may_change else f'<p class="notice">{words.fixed}</p>'
    again = (
        f'<button type="button" class="plain" data-reread>{words.again_all}</button>'
        if may_change
        else ""
    )
    said = " ".join(
        f'data-{name.replace("_", "-")}="{escape(getattr(words, name))}"' for name in _SAID
    )
    return (
        f'<section class="shelf" aria-labelledby="shelf-title" {said}>'
        f'<header><h2 id="shelf-title">{words.articles}</h2><p class="meta held"></p></header>'
        f'{adding}<div class="run" role="region" aria-label="{words.add}"></div>'
        f'<div class="last"></div>'
        f'<div class="find"><input type="search" id="shelf-search" autocomplete="off"'
        f' aria-label="{words.search}" placeholder="{words.search}">{again}</div>'
        f'<p class="gone" role="status"></p><div class="removed"></div>'
        f'<div class="listed"></div></section>'
    )


def _adding_html(words: ShelfTexts) -> str:
    def field(name: str, label: str, kind: str = "text") -> str:
        return (
            f'<label class="field"><span>{label} <small>({words.optional})</small></span>'
            f'<input type="{kind}" name="{name}" maxlength="500"></label>'
        )

    fields = (
        field("title", words.text_title)
        + field("publisher", words.publisher)
        + field("date", words.date, "date")
        + field("url", words.address, "url")
    )
    row = (
        f'<div class="row"><button type="button" class="plain" data-fold>{words.close}</button>'
        f'<button type="submit" class="main">{words.add}</button></div>'
    )
    return (
        f'<div class="adding"><p class="drop">{words.drop}<small>{words.kinds}</small></p>'
        f'<div class="row"><button type="button" class="plain" data-pick="files">{words.files}'
        f'</button><button type="button" class="plain" data-pick="folder">{words.folder}</button>'
        f'<button type="button" class="plain" data-unfold="paste" aria-expanded="false">'
        f"{words.paste}</button>"
        f'<button type="button" class="plain" data-unfold="addresses" aria-expanded="false">'
        f"{words.addresses}</button></div>"
        f'<input type="file" data-files multiple accept="{_ACCEPTED}" hidden>'
        f'<input type="file" data-folder multiple webkitdirectory hidden></div>'
        f'<form class="paste" hidden><label class="field"><span>{words.text}</span>'
        f'<textarea name="text" rows="8" required></textarea></label>'
        f'<div class="fields">{fields}</div>{row}</form>'
        f'<form class="addresses" hidden><label class="field"><span>{words.address_what}</span>'
        f'<textarea name="addresses" rows="3" required spellcheck="false"'
        f' placeholder="https://"></textarea></label>{row}</form>'
    )


def run_html(status: Status | None, language: Language) -> str:
    """How far a run is, thing by thing; empty before the first."""
    if status is None:
        return ""
    words, total = SHELF_TEXTS[language], len(status.items)
    if status.error:
        why = escape(told_reason(status.error, language))
        head = f'<p class="state wrong" role="alert">{why}</p>'
    elif status.ended:
        said = words.ended if status.is_all_read else words.ended_early
        head = f'<p class="state" role="status">{said}{counts_html(status.counts, words)}</p>'
    elif status.is_all_read:
        head = f'<p class="state busy">{words.writing}</p>'
    elif status.cancelled:
        head = f'<p class="state busy" role="status">{words.cancelling}</p>'
    else:
        said = words.reading.format(done=f"{status.done:,}", total=f"{total:,}")
        head = f'<p class="state busy">{said}</p>'
    does, label = ("hide", words.hide) if status.ended else ("stop-run", words.cancel)
    is_late = status.cancelled or status.is_all_read
    off = ' aria-disabled="true"' if is_late and not status.ended else ""
    act = f'<button type="button" class="plain" data-{does}{off}>{label}</button>'
    bar = "" if status.ended else _bar(status, words)
    drawn = _worth_drawing(status)
    more = total - len(drawn)
    items = "".join(_item(item, words, language) for item in drawn)
    rest = f'<p class="meta">{words.more.format(count=f"{more:,}")}</p>' if more else ""
    return (
        f'<div class="head" data-ended="{"yes" if status.ended else "no"}">{head}{act}</div>{bar}'
        f"<ul>{items}</ul>{rest}"
    )


def _bar(status: Status, words: ShelfTexts) -> str:
    """How far it is, where that is known: not within the first thing, nor while it is written."""
    total = len(status.items)
    known = f' max="{total}" value="{status.done}"' if 0 < status.done < total else ""
    return f'<progress{known} aria-label="{words.articles}"></progress>'


def counts_html(counts: Mapping[State, int], words: ShelfTexts) -> str:
    """How many things came to what, as ` 3 added 1 not added`."""
    return "".join(
        f' <span class="count">{count:,} {words.states[state]}</span>'
        for state, count in counts.items()
        if count
    )


def _worth_drawing(status: Status) -> list[Item]:
    """All of a few things; of many what failed, then what was done last, then what comes next."""
    items = status.items
    if len(items) <= _DRAWN:
        return list(items)
    failed = [item for item in items if item.reasons][: _FAILED if status.ended else _DRAWN]
    room = max(0, _DRAWN - len(failed))
    around = items[max(0, status.done - room) :]
    return [*failed, *[item for item in around if not item.reasons][:room]]


def _item(item: Item, words: ShelfTexts, language: Language) -> str:
    told = _recognised(item.found, words, language) if item.found else ""
    if item.articles > 1:
        told = f'<p class="meta">{words.many.format(count=f"{item.articles:,}")}</p>'
    reasons = "".join(
        f'<p class="why">{escape(told_reason(each, language))}</p>' for each in item.reasons
    )
    return (
        f'<li class="{item.state}"><span class="badge">{words.states[item.state]}</span>'
        f'<div><p class="name">{escape(item.name)}</p>{told}{reasons}</div></li>'
    )


def _recognised(found: Row, words: ShelfTexts, language: Language) -> str:
    """What an article was recognised as: its title, which opens it, and what it is known by."""
    title = escape(found.title or TEXTS[language].untitled)
    known = [
        LANGUAGE_NAMES[found.language],
        escape(found.publisher or ""),
        escape(written_date(found.date, language)) or TEXTS[language].undated,
        words.passages.format(count=f"{found.passages:,}"),
    ]
    meta = '<span class="dot"> · </span>'.join(filter(None, known))
    return (
        f'<p class="title"><button type="button" lang="{found.language}"'
        f' data-document="{escape(found.id)}" data-start="0" data-end="0">{title}</button></p>'
        f'<p class="meta">{meta}</p>'
    )


# --- the table ---


def held_html(shown: Shown, language: Language) -> str:
    """How much there is."""
    words = SHELF_TEXTS[language]
    if not shown.total:
        return ""
    return words.held.format(articles=f"{shown.total:,}", passages=f"{shown.passages:,}")


def listed_html(shown: Shown, language: Language, *, may_change: bool) -> str:
    """A page of the table, with the way to the others."""
    words = SHELF_TEXTS[language]
    if not shown.rows:
        return f'<p class="hint">{words.no_match if shown.total else words.none}</p>'
    heads = "".join(_head(column, shown, words) for column in COLUMNS)
    acts = f'<th class="acts"><span class="sr">{words.again}, {words.remove}</span></th>'
    rows = "".join(_row(row, words, language, may_change=may_change) for row in shown.rows)
    return (
        f"<table><caption class='sr'>{words.articles}</caption>"
        f"<thead><tr>{heads}{acts if may_change else ''}</tr></thead><tbody>{rows}</tbody></table>"
        + _pager(shown, words)
    )


def _head(column: Column, shown: Shown, words: ShelfTexts) -> str:
    name = words.columns[column]
    own = shown.view.column == column
    order = ("descending" if shown.view.descending else "ascending") if own else "none"
    first = "down" if column in ("date", "passages", "added") else "up"
    to = ("up" if shown.view.descending else "down") if own else first
    return (
        f'<th class="{column}" aria-sort="{order}"><button type="button" data-column="{column}"'
        f' data-order="{to}" title="{words.sort.format(column=name)}">{name}</button></th>'
    )


def _row(row: Row, words: ShelfTexts, language: Language, *, may_change: bool) -> str:
    title = escape(row.title or row.name)
    acts = ""
    if may_change:
        acts = (
            '<td class="acts"><div>'
            + "".join(
                f'<button type="button" class="act {kind}" data-{does}="{escape(row.id)}"'
                f' aria-label="{label}: {title}" title="{label}"></button>'
                for kind, does, label in (
                    ("again", "reread", words.again),
                    ("remove", "discard", words.remove),
                )
            )
            + "</div></td>"
        )
    publisher = escape(row.publisher or "")
    return (
        f'<tr data-title="{title}"><th scope="row" class="title">'
        f'<button type="button" lang="{row.language}" data-document="{escape(row.id)}"'
        f' data-start="0" data-end="0" title="{escape(row.source)}">{title}</button></th>'
        f'<td class="language">{LANGUAGE_NAMES[row.language]}</td>'
        f'<td class="publisher" lang="{row.language}">{publisher}</td>'
        f'<td class="date">{escape(row.date or "")}</td>'
        f'<td class="passages" data-label="{words.columns["passages"]}">{row.passages:,}</td>'
        f'<td class="added" data-label="{words.columns["added"]}">'
        f'<time data-when="{escape(row.added)}"></time></td>{acts}</tr>'
    )


def _pager(shown: Shown, words: ShelfTexts) -> str:
    if shown.found <= PAGE:
        return ""
    start = shown.view.start
    place = words.place.format(
        first=f"{start + 1:,}", last=f"{start + len(shown.rows):,}", total=f"{shown.found:,}"
    )

    def way(kind: str, label: str, to: int) -> str:
        off = "" if 0 <= to < shown.found else " disabled"
        return (
            f'<button type="button" class="step {kind}" data-from="{max(0, to)}"'
            f' aria-label="{label}" title="{label}"{off}></button>'
        )

    before, after = (
        way("previous", words.before, start - PAGE),
        way("next", words.after, start + PAGE),
    )
    return f'<div class="pager">{before}<span class="place">{place}</span>{after}</div>'
