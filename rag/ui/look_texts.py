"""The words on and around the pictures of a collection, in the page's three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rag.types import Language


@dataclass(frozen=True, slots=True)
class LookTexts:
    """The words of one language. `{...}` marks what is filled in."""

    # headings, one for each picture, and the line under the map's
    over_time: str
    languages: str
    publishers: str
    sizes: str
    map: str
    map_note: str

    # within the pictures
    named: dict[Language, str]
    brief: dict[Language, str]
    month: str
    articles: str
    article: str
    passages: str
    one_passage: str
    others: str
    unnamed: str
    untitled: str
    nothing: str
    nothing_dated: str
    undated: str
    sampled: str
    per_article: str

    # the evaluation
    recall: str
    refusal: str
    overall: str
    found: str
    nothing_found: str
    questions: str
    none: str
    unknown: str
    threshold: str
    hallucination: str
    miss: str
    asked: str
    too_large: str

    # what plotly's own buttons say
    buttons: dict[str, str]


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

LOOK_TEXTS: Final[dict[Language, LookTexts]] = {
    "en": LookTexts(
        over_time="Articles over time",
        languages="Languages",
        publishers="Publishers",
        sizes="Length of the articles",
        map="Map of passages",
        map_note="Passages on similar subjects lie near each other, whatever their language. "
        "The directions have no meaning.",
        named={"en": "English", "zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese"},
        brief={"en": "English", "zh-Hans": "Simplified", "zh-Hant": "Traditional"},
        month="{name} {year}",
        articles="{count} articles",
        article="1 article",
        passages="{count} passages",
        one_passage="1 passage",
        others="{count} others",
        unnamed="not named",
        untitled="Untitled article",
        nothing="No articles yet",
        nothing_dated="No article tells its date",
        undated="{articles} without a date",
        sampled="{shown} of {count} passages are shown.",
        per_article="passages per article",
        recall="Articles found",
        refusal="What each threshold would cost",
        overall="all",
        found="top {count}",
        nothing_found="No question names an article",
        questions="{count} questions",
        none="none",
        unknown="unknown",
        threshold="decline below this confidence",
        hallucination="answered without ground",
        miss="declined though answerable",
        asked="{done} of {total} questions",
        too_large="expected a questions file of at most {limit} MB, found {size} MB: split it",
        buttons={},
    ),
    "zh-Hans": LookTexts(
        over_time="各时期的文章",
        languages="语言",
        publishers="发布者",
        sizes="文章篇幅",
        map="段落地图",
        map_note="内容相近的段落彼此靠近，不论语言。方位没有含义。",
        named={"en": "英文", "zh-Hans": "简体中文", "zh-Hant": "繁体中文"},
        brief={"en": "英文", "zh-Hans": "简体", "zh-Hant": "繁体"},
        month="{year}年{month}月",
        articles="{count} 篇文章",
        article="1 篇文章",
        passages="{count} 个段落",
        one_passage="1 个段落",
        others="其余 {count} 家",
        unnamed="未注明",
        untitled="无标题文章",
        nothing="还没有文章",
        nothing_dated="没有注明日期的文章",
        undated="另有 {articles}没有日期",
        sampled="显示 {count} 个段落中的 {shown} 个。",
        per_article="每篇文章的段落数",
        recall="找到的文章",
        refusal="各阈值的代价",
        overall="全部",
        found="前 {count} 名",
        nothing_found="没有问题注明文章",
        questions="{count} 题",
        none="无",
        unknown="未知",
        threshold="置信度低于此值则不回答",
        hallucination="无依据而作答",
        miss="可答而未答",
        asked="已完成 {done} / {total} 题",
        too_large="问题文件最大 {limit} MB，此文件为 {size} MB：请拆分",
        buttons={
            "Zoom in": "放大",
            "Zoom out": "缩小",
            "Pan": "平移",
            "Reset axes": "复原",
        },
    ),
    "zh-Hant": LookTexts(
        over_time="各時期的文章",
        languages="語言",
        publishers="發布者",
        sizes="文章篇幅",
        map="段落地圖",
        map_note="內容相近的段落彼此靠近，不論語言。方位沒有含義。",
        named={"en": "英文", "zh-Hans": "簡體中文", "zh-Hant": "繁體中文"},
        brief={"en": "英文", "zh-Hans": "簡體", "zh-Hant": "繁體"},
        month="{year}年{month}月",
        articles="{count} 篇文章",
        article="1 篇文章",
        passages="{count} 個段落",
        one_passage="1 個段落",
        others="其餘 {count} 家",
        unnamed="未註明",
        untitled="無標題文章",
        nothing="還沒有文章",
        nothing_dated="沒有註明日期的文章",
        undated="另有 {articles}沒有日期",
        sampled="顯示 {count} 個段落中的 {shown} 個。",
        per_article="每篇文章的段落數",
        recall="找到的文章",
        refusal="各門檻的代價",
        overall="全部",
        found="前 {count} 名",
        nothing_found="沒有問題註明文章",
        questions="{count} 題",
        none="無",
        unknown="未知",
        threshold="信心低於此值則不回答",
        hallucination="無依據而作答",
        miss="可答而未答",
        asked="已完成 {done} / {total} 題",
        too_large="問題檔案最大 {limit} MB，此檔案為 {size} MB：請拆分",
        buttons={
            "Zoom in": "放大",
            "Zoom out": "縮小",
            "Pan": "平移",
            "Reset axes": "復原",
        },
    ),
}


def month_text(year: int, month: int | None, words: LookTexts) -> str:
    """A month, or a year, as it is written."""
    if month is None:
        return str(year)
    return words.month.format(year=year, month=month, name=_MONTHS[month - 1])


def articles_text(count: int, words: LookTexts) -> str:
    """A number of articles in words."""
    return words.article if count == 1 else words.articles.format(count=f"{count:,}")


def passages_text(count: int, words: LookTexts) -> str:
    """A number of passages in words."""
    return words.one_passage if count == 1 else words.passages.format(count=f"{count:,}")
