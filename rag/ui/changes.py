"""What has changed of late, as HTML: what the last run did, and what was removed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from rag.types import Language
from rag.ui.intake_run import Report
from rag.ui.reasons import told_reason
from rag.ui.removals import Removed
from rag.ui.shelf import counts_html
from rag.ui.shelf_texts import SHELF_TEXTS, ShelfTexts

_NAMED: Final = 30  # names of what a run changed, beside those with a reason
_OFFERED: Final = 3  # removals that are drawn unfolded


def last_html(report: Report | None, language: Language) -> str:
    """What the last run did, which its heading unfolds."""
    if report is None:
        return ""
    words = SHELF_TEXTS[language]
    when = words.last.format(when=f'<time data-when="{escape(report.when)}"></time>')
    counts = counts_html(report.counts, words) or f" {words.unchanged_all}"
    lists = ""
    for state, names in report.names.items():
        named = [name for at, name in enumerate(names) if at < _NAMED or name in report.why]
        items = "".join(f"<li>{_name(each, report, language)}</li>" for each in named)
        more = report.counts.get(state, 0) - len(named)
        rest = f"<li>{words.more.format(count=f'{more:,}')}</li>" if more > 0 else ""
        lists += f"<h3>{words.states[state]}</h3><ul>{items}{rest}</ul>" if named else ""
    if not lists:
        return f'<p class="meta">{when}:{counts}</p>'
    return f'<details><summary class="meta">{when}:{counts}</summary>{lists}</details>'


def _name(name: str, report: Report, language: Language) -> str:
    reasons = (told_reason(each, language) for each in report.why.get(name, ()))
    return escape(name) + "".join(
        f'<br><span class="why">{escape(each)}</span>' for each in reasons
    )


def removed_html(removed: Sequence[Removed], language: Language) -> str:
    """What was removed and can be had back, the newest first; all but a few are folded."""
    words = SHELF_TEXTS[language]
    shown, folded = removed[:_OFFERED], removed[_OFFERED:]
    html = _undo_list(shown, words)
    if folded:
        more = words.more.format(count=f"{len(folded):,}")
        html += (
            f'<details><summary class="meta">{more}</summary>{_undo_list(folded, words)}</details>'
        )
    return html


def _undo_list(removed: Sequence[Removed], words: ShelfTexts) -> str:
    items = ""
    for each in removed:
        title = escape(each.title)
        items += (
            f'<li><span class="meta">{words.was_removed.format(title=title)}</span>'
            f'<button type="button" data-undo="{escape(each.removal)}"'
            f' data-title="{title}" aria-label="{words.undo}: {title}">{words.undo}</button></li>'
        )
    return f"<ul>{items}</ul>" if items else ""
