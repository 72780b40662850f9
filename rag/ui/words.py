"""What the page has words for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language. `{...}` marks what is filled in."""

    name: str
    tagline: str
    page_language: str
    views: str
    ask_view: str
    articles_view: str
    look_view: str

    # asking
    question: str
    placeholder: str
    ask: str
    stop: str
    answer_language: str
    as_asked: str
    examples: str
    looking: str
    earlier: str
    later: str
    went_on: str
    lost: str
    lost_question: str
    too_long: str
    writing: str
    no_question: str
    no_articles: str
    failed: str
    failed_detail: str
    try_again: str
    editing: str
    cancel: str

    # the conversation
    conversation: str
    understood: str
    edit: str
    again: str
    copy: str
    copied: str
    good: str
    bad: str
    reason: str
    send: str
    thanks: str
    stopped: str
    not_kept: str

    # the answer
    answer: str
    sources: str
    nearest: str
    matched: str
    matched_what: str
    why: str
    same_word: str
    near_meaning: str
    same_value: str
    same_name: str
    unmatched: str
    number: str
    disagree: str
    found: str
    not_found: str
    supports: str
    no_support: str
    no_proof: str
    verified: str
    repaired: str
    repaired_what: str
    unsupported: str
    checked: str
    moved: str
    changed: str
    gone: str

    # the article
    article: str
    nothing_open: str
    close: str
    previous: str
    next: str
    place: str
    original: str
    also: str
    untitled: str
    undated: str
    article_gone: str

    # conversations
    history: str
    new: str
    search: str
    no_conversations: str
    no_match: str
    rename: str
    rename_to: str
    remove: str
    remove_sure: str
    remove_what: str
    save: str
    as_markdown: str
    as_json: str
    messages: str
    conversation_gone: str

    # settings
    settings: str
    close_panel: str
    model: str
    model_what: str
    model_fixed: str
    address: str
    model_name: str
    key: str
    key_set: str
    key_none: str
    unproved: str
    mark: str
    drop: str
    try_it: str
    trying: str
    answers: str
    no_server: str
    silent: str
    saved: str
    refused: str
    keys: str
    key_line: str
    key_find: str
    key_steps: str
    key_escape: str
