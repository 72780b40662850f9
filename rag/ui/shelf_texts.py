"""The words of the view of articles, in the page's three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rag.types import Language


@dataclass(frozen=True, slots=True)
class ShelfTexts:
    """The words of one language. `{...}` marks what is filled in."""

    articles: str
    held: str  # {articles} {passages}
    none: str
    fixed: str

    # adding
    drop: str
    kinds: str
    files: str
    folder: str
    paste: str
    addresses: str
    text: str
    text_title: str
    publisher: str
    date: str
    address: str
    address_what: str
    optional: str
    add: str
    close: str

    # a run
    sending: str  # {done} {total}
    queued: str
    unsent: str  # {names}
    reading: str  # {done} {total}
    writing: str
    cancelling: str
    ended: str
    ended_early: str
    busy: str
    cancel: str
    hide: str
    states: dict[str, str]
    many: str  # {count}
    more: str  # {count}
    retrying: str
    restarted: str
    nothing: str

    # the list
    search: str
    again_all: str
    again: str
    remove: str
    removed: str  # {title}
    was_removed: str  # {title}
    undo: str
    too_late: str
    back: str  # {title}
    columns: dict[str, str]
    sort: str  # {column}
    place: str  # {first} {last} {total}
    before: str
    after: str
    no_match: str
    passages: str  # {count}

    # what changed
    last: str  # {when}
    unchanged_all: str


_EN = ShelfTexts(
    articles="Articles",
    held="{articles} articles · {passages} passages",
    none="There are no articles yet. Add some above: files, a folder, a text or a web address.",
    fixed="Articles can be changed only on the machine that serves the page, when it is served to "
    "that machine alone.",
    drop="Drop files or folders here",
    kinds="Markdown, HTML, text, PDF, Word, JSON Lines",
    files="Choose files",
    folder="Choose a folder",
    paste="Paste text",
    addresses="Web addresses",
    text="Text of the article",
    text_title="Title",
    publisher="Publisher",
    date="Date",
    address="Web address",
    address_what="Web addresses, one a line. The server fetches these pages, and nothing else.",
    optional="optional",
    add="Add",
    close="Close",
    sending="Sending {done} of {total}",
    queued="Sent. They are read after the articles before them.",
    unsent="Your browser could not read or send: {names}",
    reading="Reading {done} of {total}",
    writing="Writing them into the index",
    cancelling="Cancelling: what is being read now is finished first",
    ended="Done",
    ended_early="Cancelled. What was read before is kept.",
    busy="Articles are being read already. Wait until that ends, or cancel it.",
    cancel="Cancel",
    hide="Hide",
    states={
        "waiting": "waiting",
        "reading": "reading",
        "read": "read",
        "added": "added",
        "updated": "updated",
        "unchanged": "unchanged",
        "skipped": "not added",
    },
    many="{count} articles",
    more="and {count} more",
    retrying="The server can’t be reached. Trying again…",
    restarted="The server was restarted while it read. Send again what is missing below.",
    nothing="Nothing here that can be read. These kinds are: {kinds}.",
    search="Search articles",
    again_all="Read changed files again",
    again="Read again",
    remove="Remove",
    removed="“{title}” is removed.",
    was_removed="Removed: {title}",
    undo="Undo",
    too_late="It is too late to undo that: add the article again.",
    back="“{title}” is back.",
    columns={
        "title": "Title",
        "language": "Language",
        "publisher": "Publisher",
        "date": "Date",
        "passages": "Passages",
        "added": "Added",
    },
    sort="Sort by {column}",
    place="{first}–{last} of {total}",
    before="Earlier rows",
    after="Further rows",
    no_match="No article has all of these words in its title, publisher or file name.",
    passages="passages: {count}",
    last="Last change, {when}",
    unchanged_all="nothing new",
)

_HANS = ShelfTexts(
    articles="文章",
    held="{articles} 篇文章 · {passages} 个段落",
    none="还没有文章。可在上方添加：文件、文件夹、文字或网址。",
    fixed="只有当页面仅供本机访问时，才能在本机更改文章。",
    drop="把文件或文件夹拖到这里",
    kinds="Markdown、HTML、纯文本、PDF、Word、JSON Lines",
    files="选择文件",
    folder="选择文件夹",
    paste="粘贴文字",
    addresses="网址",
    text="文章内容",
    text_title="标题",
    publisher="来源",
    date="日期",
    address="网址",
    address_what="网址，每行一个。服务器只抓取这些网页。",
    optional="可不填",
    add="添加",
    close="关闭",
    sending="正在发送 {done} / {total}",
    queued="已发送，等前面的文章读完后就会读取。",
    unsent="浏览器无法读取或发送：{names}",
    reading="正在读取 {done} / {total}",
    writing="正在写入索引",
    cancelling="正在取消：读完当前这一项后停止",
    ended="完成",
    ended_early="已取消。此前读取的会保留。",
    busy="正在读取文章。请等它结束，或将其取消。",
    cancel="取消",
    hide="收起",
    states={
        "waiting": "等待中",
        "reading": "读取中",
        "read": "已读取",
        "added": "已添加",
        "updated": "已更新",
        "unchanged": "无变化",
        "skipped": "未添加",
    },
    many="{count} 篇文章",
    more="另有 {count} 项",
    retrying="无法连接服务器，正在重试…",
    restarted="服务器在读取途中重新启动了。下方缺少的文章请重新发送。",
    nothing="这里没有可读取的内容。支持的格式：{kinds}。",
    search="搜索文章",
    again_all="重新读取有变化的文件",
    again="重新读取",
    remove="移除",
    removed="已移除“{title}”。",
    was_removed="已移除：{title}",
    undo="撤销",
    too_late="已经来不及撤销：请重新添加这篇文章。",
    back="“{title}”已恢复。",
    columns={
        "title": "标题",
        "language": "语言",
        "publisher": "来源",
        "date": "日期",
        "passages": "段落",
        "added": "添加于",
    },
    sort="按{column}排序",
    place="第 {first}–{last} 篇，共 {total} 篇",
    before="上一页",
    after="下一页",
    no_match="没有标题、来源或文件名包含这些词语的文章。",
    passages="{count} 个段落",
    last="上次变动，{when}",
    unchanged_all="没有新内容",
)

_HANT = ShelfTexts(
    articles="文章",
    held="{articles} 篇文章 · {passages} 個段落",
    none="還沒有文章。可在上方加入：檔案、資料夾、文字或網址。",
    fixed="只有當頁面僅供本機存取時，才能在本機更改文章。",
    drop="把檔案或資料夾拖到這裡",
    kinds="Markdown、HTML、純文字、PDF、Word、JSON Lines",
    files="選擇檔案",
    folder="選擇資料夾",
    paste="貼上文字",
    addresses="網址",
    text="文章內容",
    text_title="標題",
    publisher="來源",
    date="日期",
    address="網址",
    address_what="網址，每行一個。伺服器只擷取這些網頁。",
    optional="可不填",
    add="加入",
    close="關閉",
    sending="正在傳送 {done} / {total}",
    queued="已傳送，等前面的文章讀完後就會讀取。",
    unsent="瀏覽器無法讀取或傳送：{names}",
    reading="正在讀取 {done} / {total}",
    writing="正在寫入索引",
    cancelling="正在取消：讀完目前這一項後停止",
    ended="完成",
    ended_early="已取消。此前讀取的會保留。",
    busy="正在讀取文章。請等它結束，或將其取消。",
    cancel="取消",
    hide="收起",
    states={
        "waiting": "等待中",
        "reading": "讀取中",
        "read": "已讀取",
        "added": "已加入",
        "updated": "已更新",
        "unchanged": "無變化",
        "skipped": "未加入",
    },
    many="{count} 篇文章",
    more="另有 {count} 項",
    retrying="無法連線到伺服器，正在重試…",
    restarted="伺服器在讀取途中重新啟動了。下方缺少的文章請重新傳送。",
    nothing="這裡沒有可讀取的內容。支援的格式：{kinds}。",
    search="搜尋文章",
    again_all="重新讀取有變化的檔案",
    again="重新讀取",
    remove="移除",
    removed="已移除「{title}」。",
    was_removed="已移除：{title}",
    undo="復原",
    too_late="已經來不及復原：請重新加入這篇文章。",
    back="「{title}」已恢復。",
    columns={
        "title": "標題",
        "language": "語言",
        "publisher": "來源",
        "date": "日期",
        "passages": "段落",
        "added": "加入於",
    },
    sort="按{column}排序",
    place="第 {first}–{last} 篇，共 {total} 篇",
    before="上一頁",
    after="下一頁",
    no_match="沒有標題、來源或檔名包含這些詞語的文章。",
    passages="{count} 個段落",
    last="上次變動，{when}",
    unchanged_all="沒有新內容",
)

SHELF_TEXTS: Final[dict[Language, ShelfTexts]] = {"en": _EN, "zh-Hans": _HANS, "zh-Hant": _HANT}
