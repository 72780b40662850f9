"""Every word that the page itself says, in its three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rag.types import Language

LANGUAGE_NAMES: Final[dict[Language, str]] = {
    "en": "English",
    "zh-Hans": "简体",
    "zh-Hant": "繁體",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language. `{...}` marks what is filled in."""

    name: str
    tagline: str
    page_language: str
    question: str
    placeholder: str
    ask: str
    answer_language: str
    as_asked: str
    examples: str
    looking: str
    answer: str
    sources: str
    nearest: str
    matched: str
    matched_what: str
    number: str
    open_article: str
    article: str
    nothing_open: str
    close: str
    original: str
    untitled: str
    undated: str
    no_question: str
    no_articles: str
    article_gone: str
    failed: str
    failed_detail: str


TEXTS: Final[dict[Language, Texts]] = {
    "en": Texts(
        name="Yinju 引据",
        tagline="Answers quoted from your own articles",
        page_language="Language of the page",
        question="Your question",
        placeholder="Ask in English, 简体 or 繁體",
        ask="Ask",
        answer_language="Answer in",
        as_asked="As asked",
        examples="For example",
        looking="Reading the articles…",
        answer="Answer",
        sources="Sources",
        nearest="The nearest passages, which don’t answer it",
        matched="Matched",
        matched_what="Words of your question that it met, and how near they are",
        number="Source {number}: {title}",
        open_article="Open {title}",
        article="Article",
        nothing_open="Choose a passage to read its article here.",
        close="Close the article",
        original="Original page",
        untitled="Untitled article",
        undated="no date",
        no_question="Write a question first.",
        no_articles="There are no articles yet. Add some with: rag ingest FOLDER",
        article_gone="This article is no longer in the collection.",
        failed="That didn’t work",
        failed_detail="An unexpected error; the server’s own window says more.",
    ),
    "zh-Hans": Texts(
        name="引据 Yinju",
        tagline="句句引自你自己的文章",
        page_language="页面语言",
        question="你的问题",
        placeholder="用简体、繁體或 English 提问",
        ask="提问",
        answer_language="回答语言",
        as_asked="与提问相同",
        examples="例如",
        looking="正在查阅文章……",
        answer="回答",
        sources="出处",
        nearest="最接近的段落（并不能回答问题）",
        matched="匹配",
        matched_what="与问题相合的词语及其相近程度",
        number="出处 {number}：{title}",
        open_article="打开《{title}》",
        article="文章",
        nothing_open="选一个段落，即可在此阅读全文。",
        close="关闭文章",
        original="原文网页",
        untitled="无标题文章",
        undated="日期不详",
        no_question="请先写下问题。",
        no_articles="还没有文章。请用此命令添加：rag ingest 文件夹",
        article_gone="这篇文章已不在文库中。",
        failed="出错了",
        failed_detail="发生意外错误，详情见服务器窗口。",
    ),
    "zh-Hant": Texts(
        name="引據 Yinju",
        tagline="句句引自你自己的文章",
        page_language="頁面語言",
        question="你的問題",
        placeholder="用繁體、简体或 English 提問",
        ask="提問",
        answer_language="回答語言",
        as_asked="與提問相同",
        examples="例如",
        looking="正在查閱文章……",
        answer="回答",
        sources="出處",
        nearest="最接近的段落（並不能回答問題）",
        matched="匹配",
        matched_what="與問題相合的詞語及其相近程度",
        number="出處 {number}：{title}",
        open_article="開啟《{title}》",
        article="文章",
        nothing_open="選一個段落，即可在此閱讀全文。",
        close="關閉文章",
        original="原文網頁",
        untitled="無標題文章",
        undated="日期不詳",
        no_question="請先寫下問題。",
        no_articles="還沒有文章。請用此指令加入：rag ingest 資料夾",
        article_gone="這篇文章已不在文庫中。",
        failed="出錯了",
        failed_detail="發生意外錯誤，詳情見伺服器視窗。",
    ),
}


def as_language(value: object, default: Language = "en") -> Language:
    """The language that a browser's value names, or the default: what a page sends is not ours."""
    return next((language for language in TEXTS if language == value), default)
