"""The words around the pictures and the evaluation, in the page's three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rag.types import Language


@dataclass(frozen=True, slots=True)
class GalleryTexts:
    """The words of one language. `{...}` marks what is filled in."""

    evaluation: str
    what: str
    choose: str
    stop: str
    save: str
    fixed: str
    failed: str
    questions: str
    first: str
    ten: str
    answers: str
    declined: str
    quotes: str
    missing: str  # {names}


GALLERY_TEXTS: Final[dict[Language, GalleryTexts]] = {
    "en": GalleryTexts(
        evaluation="Evaluation",
        what="Asks every question of a questions file and measures the answers. A file has one "
        "question a line: {“id”, “question”, “lang”, “documents”, “answers”, “answerable”}.",
        choose="Choose a questions file",
        stop="Stop",
        save="Save the whole report",
        fixed="Evaluations can be run only on the machine that serves the page, when it is served "
        "to that machine alone, or with: rag eval QUESTIONS.jsonl",
        failed="The evaluation was ended by an unexpected error; the server’s own window says "
        "more.",
        questions="questions",
        first="article first",
        ten="article among ten",
        answers="right answer quoted",
        declined="declined",
        quotes="quotes verbatim",
        missing="No article answers to: {names}",
    ),
    "zh-Hans": GalleryTexts(
        evaluation="评测",
        what="逐一提出问题文件中的问题，并评估回答。文件每行一个问题："
        "{“id”, “question”, “lang”, “documents”, “answers”, “answerable”}。",
        choose="选择问题文件",
        stop="停止",
        save="保存完整报告",
        fixed="只有当页面仅供本机访问时，才能在本机运行评测；也可用命令：rag eval 问题.jsonl",
        failed="评测因意外错误而中止，详情见服务器窗口。",
        questions="个问题",
        first="文章居首",
        ten="文章在前十",
        answers="引出正确答案",
        declined="未作回答",
        quotes="引文一字不差",
        missing="没有与此对应的文章：{names}",
    ),
    "zh-Hant": GalleryTexts(
        evaluation="評測",
        what="逐一提出問題檔案中的問題，並評估回答。檔案每行一個問題："
        "{“id”, “question”, “lang”, “documents”, “answers”, “answerable”}。",
        choose="選擇問題檔案",
        stop="停止",
        save="儲存完整報告",
        fixed="只有當頁面僅供本機存取時，才能在本機執行評測；也可用指令：rag eval 問題.jsonl",
        failed="評測因意外錯誤而中止，詳情見伺服器視窗。",
        questions="個問題",
        first="文章居首",
        ten="文章在前十",
        answers="引出正確答案",
        declined="未作回答",
        quotes="引文一字不差",
        missing="沒有與此對應的文章：{names}",
    ),
}
