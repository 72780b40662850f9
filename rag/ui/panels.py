"""What lies over the page as HTML: the top bar's buttons, the conversations and the settings."""

from __future__ import annotations

from html import escape

from rag.questions import LONGEST
from rag.types import Language
from rag.ui.language_model import LanguageModel
from rag.ui.texts import TEXTS, Texts

_FOR_SCRIPTS = (
    "copied", "cancel", "remove", "remove_sure", "remove_what", "rename_to", "trying", "failed",
    "looking", "editing", "lost", "lost_question", "too_long",
)  # fmt: skip
_NEW = "Alt+N"  # the key of a new conversation


def brand_html(language: Language) -> str:
    """The page's head line with the way to other conversations."""
    words = TEXTS[language]
    return (
        f"{_tool('history', words.history)}"
        f'<div class="brand"><h1>{words.name}</h1><p>{words.tagline}</p></div>'
    )


def views_html(language: Language) -> str:
    """The way to the page's views."""
    words = TEXTS[language]
    buttons = "".join(
        f'<button type="button" data-view="{view}">{label}</button>'
        for view, label in (
            ("ask", words.ask_view),
            ("articles", words.articles_view),
            ("look", words.look_view),
        )
    )
    return f'<nav aria-label="{words.views}">{buttons}</nav>'


def tools_html(language: Language) -> str:
    """What stands at the end of the head line."""
    words = TEXTS[language]
    return f"{_tool('fresh', words.new, _NEW)}{_tool('settings', words.settings)}"


def words_html(language: Language) -> str:
    """The words that the page's scripts say."""
    words = TEXTS[language]
    carried = " ".join(
        f'data-{name.replace("_", "-")}="{escape(getattr(words, name))}"' for name in _FOR_SCRIPTS
    )
    return f'<span id="words" lang="{language}" hidden data-longest="{LONGEST}" {carried}></span>'


def history_html(listed: str, language: Language) -> str:
    """The drawer of conversations; `listed` is its list."""
    words = TEXTS[language]
    return (
        f'<header><h2 id="history-title">{words.history}</h2>'
        f'<div>{_tool("fresh", words.new)}<button type="button" class="close" data-dismiss'
        f' aria-label="{words.close_panel}" title="{words.close_panel}">×</button></div></header>'
        f'<div class="find"><input type="search" id="history-search" aria-label="{words.search}"'
        f' placeholder="{words.search}" autocomplete="off"></div>'
        f'<p class="wrong" role="alert"></p>'
        f'<div class="listed" role="region" aria-label="{words.history}">{listed}</div>'
    )


def settings_html(model: LanguageModel, language: Language, *, may_change: bool) -> str:
    """The form of the language model; its key never comes back to the page."""
    words, settings = TEXTS[language], model.settings
    fixed = "" if may_change else " disabled"
    key = words.key_set if settings.llm_api_key else words.key_none
    choices = "".join(
        f'<label class="choice"><input type="radio" name="unproved" value="{value}"{fixed}'
        f"{' checked' if settings.keep_unsupported == shown else ''}> {label}</label>"
        for value, shown, label in (("mark", True, words.mark), ("drop", False, words.drop))
    )
    buttons = (
        f'<button type="button" class="plain" data-does="try">{words.try_it}</button>'
        f'<button type="submit" class="main">{words.save}</button>'
        if may_change
        else ""
    )
    return (
        f'<form autocomplete="off"><header><h2 id="settings-title">{words.settings}</h2>'
        f'<button type="button" class="close" data-dismiss aria-label="{words.close_panel}"'
        f' title="{words.close_panel}">×</button></header>'
        f'<h3>{words.model}</h3><p class="meta">{words.model_what}</p>'
        + ("" if may_change else f'<p class="notice">{words.model_fixed}</p>')
        + _field("address", words.address, model.address, "http://127.0.0.1:11434/v1", fixed)
        + _field("model", words.model_name, settings.llm_model or "", "qwen3:8b", fixed)
        + f'<label class="field"><span>{words.key}</span><input type="password" name="key"'
        f' autocomplete="new-password" placeholder="{key}" maxlength="500"{fixed}></label>'
        f"<fieldset><legend>{words.unproved}</legend>{choices}</fieldset>"
        f'<p class="said" role="status"></p><div class="row">{buttons}</div>'
        f"{_keys_html(words)}</form>"
    )


def _keys_html(words: Texts) -> str:
    """What the page's keys do, folded away."""
    keys = (
        ("Enter", words.ask),
        ("Shift+Enter", words.key_line),
        ("/", words.key_find),
        ("] [", words.key_steps),
        (_NEW, words.new),
        ("Esc", words.key_escape),
    )
    rows = "".join(
        f"<div><dt>{''.join(f'<kbd>{key}</kbd>' for key in pressed.split())}</dt>"
        f"<dd>{does}</dd></div>"
        for pressed, does in keys
    )
    return f'<details class="keys"><summary>{words.keys}</summary><dl>{rows}</dl></details>'


def _field(name: str, label: str, value: str, example: str, fixed: str) -> str:
    return (
        f'<label class="field"><span>{label}</span><input type="text" name="{name}"'
        f' value="{escape(value)}" placeholder="{escape(example)}" maxlength="500"'
        f' spellcheck="false" autocapitalize="off"{fixed}></label>'
    )


def _tool(does: str, label: str, key: str = "") -> str:
    hint, shortcut = (f" ({key})", f' aria-keyshortcuts="{key}"') if key else ("", "")
    return (
        f'<button type="button" class="tool {does}" data-does="{does}" aria-label="{label}"'
        f' title="{label}{hint}"{shortcut}></button>'
    )
