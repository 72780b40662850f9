"""Cleaning: facts found, chrome and credits gone, nothing of the article lost."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.clean import clean
from rag.clean.characters import drop_pinyin_remains, normalise
from rag.clean.dates import date_in_url, find_date
from rag.clean.facts import clean_title
from rag.errors import ArticleError
from rag.load import load
from rag.types import Document, Kind, RawArticle

ARTICLES = Path(__file__).parent / "data" / "articles"
OTHERS = os.environ.get("RAG_ARTICLES")


@dataclass(frozen=True)
class Expected:
    """What a file must become. `kept` are pieces of its text, `gone` of what surrounded it."""

    file: str
    title: str | None
    publisher: str | None
    date: str | None
    language: str
    start: str
    end: str
    kept: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    paragraphs: int | None = None


OWN = (
    Expected(
        "agency_page.html",
        "青阳湾大桥主跨合龙 两岸通勤缩短四十分钟",
        "江海网",
        "2023-09-14",
        "zh-Hans",
        "江海日报青阳9月13日电 13日上午10时许",
        "从一小时缩短到二十分钟。",
        kept=(
            "图为合龙后的青阳湾大桥。",
            "主跨 · 1088米",
            "造价与工期",
            "来源于一线的故事写满了三本笔记",
        ),
        gone=(
            "何晓梅",
            "陈立秋",
            "首页",
            "字体",
            "分享",
            "隐藏",
            "广告",
            "孙小北",
            "相关阅读",
            "ICP",
            "（完）",
        ),
        paragraphs=10,
    ),
    Expected(
        "portal_lines.txt",
        "湖州新能源船舶下水 续航三百公里",
        "江海网－湖州日报",
        "2023-05-08",
        "zh-Hans",
        "本报湖州5月7日电 5月7日，我国首艘",
        "投资可在六年内收回。",
        kept=("“分享经验不难，难的是坚持。”",),
        gone=(
            "周敬文",
            "02 版",
            "钱婷",
            "分享到",
            "更多人",
            "公众号",
            "上一篇",
            "推荐阅读",
            "矿山",
            "返回",
        ),
        paragraphs=4,
    ),
    Expected(
        "repost.txt",
        "云岭咖啡的第二次生长",
        "山城晚报",
        "2024-01-15",
        "zh-Hans",
        "清晨六点，云岭县的咖农",
        "每季度出一期。",
        kept=("“Published in 2019”，合作社的墙上", "责任编辑就在隔壁办公——"),
        gone=("段小鹏", "高敏", "原标题", "声明", "APP", "扫一扫", "相关新闻", "微博"),
        paragraphs=5,
    ),
    Expected(
        "notice_page.txt",
        "临江市人民政府办公室关于做好2024年春季造林绿化工作的通知",
        "临江市人民政府办公室",
        "2024-02-19",
        "zh-Hans",
        "各县（区）人民政府",
        "（此件主动公开）",
        kept=("栽植时间：3月1日至4月15日", "联系电话：0599-1234567", "2024年2月19日"),
        gone=("索引号", "{{", "字号", "打印", "ICP", "技术支持", "附件下载", "位置", "公安"),
        paragraphs=8,
    ),
    Expected(
        "taiwan_news.txt",
        "離岸風場今年併網 發電量可供四十萬戶",
        None,
        "2023-11-02",
        "zh-Hant",
        "〔台中報導〕中部外海",
        "希望補償金能在民國113年3月底前發放。",
        kept=("640百萬瓦", "新台幣1,120億元"),
        gone=("林佳慧", "請繼續", "APP", "相關新聞", "港口擴建"),
        paragraphs=4,
    ),
    Expected(
        "wire_tw.html",
        "高鐵延伸線環評通過 最快2030年動工",
        "島嶼通訊社",
        "2024-01-05",
        "zh-Hant",
        "（島嶼通訊社台北5日電）環境部今天",
        "過於樂觀。",
        kept=("總經費新台幣3,521億元",),
        gone=("王小明", "李淑芬", "1130105", "更新", "分享", "颱風", "版權"),
        paragraphs=3,
    ),
    Expected(
        "hongkong.txt",
        "維港渡輪轉用電動船 首航載客三百",
        None,
        "2023-06-18",
        "zh-Hant",
        "由本地船廠建造的",
        "返工舒服好多。」",
        kept=("每年可節省燃料費300萬元",),
        gone=("本報訊", "黃偉明", "陳家欣", "下載", "版權", "分享", "副刊"),
        paragraphs=4,
    ),
    Expected(
        "wire_en.html",
        "Copper smelter restarts after two-year halt",
        "Meridian Wire",
        "2023-03-21",
        "en",
        "VALPARAISO, March 21 (Meridian) - The Las Palmas",
        "$8,790 a tonne in London.",
        kept=(
            '"We share the concerns of our neighbours," Medel said. "Published figures from 2019',
            "captures 98.5%".replace("captures", "capture"),
        ),
        gone=(
            "Marlow",
            "cookies",
            "newsletter",
            "Read more",
            "Standards",
            "lithium",
            "Privacy",
            "Updated",
        ),
        paragraphs=4,
    ),
    Expected(
        "portal_en.txt",
        "Harbour library reopens with 40,000 rescued books",
        None,
        "2023-05-08",
        "en",
        "The harbour library, flooded",
        "9pm on Thursdays from June.",
        kept=('"Editors, teachers, dockers: everybody', "over 14 months."),
        gone=(
            "Penrose",
            "Share",
            "Getty",
            "Advertisement",
            "Colin",
            "More on",
            "Copyright",
            "How to dry",
        ),
        paragraphs=4,
    ),
    Expected(
        "gov_en.txt",
        "Jiangxin port handles record cargo",
        "Jiangxin Daily",
        "2021-03-03",
        "en",
        "In the first two months of this year",
        "were respected.",
        kept=("1.9 billion yuan",),
        gone=("Portal", "Home", "{{", "font", "Lin Xiaohua", "download", "share to", "Spring"),
        paragraphs=3,
    ),
    Expected(
        "2022-11-05-post.md",
        "“一颗茶”撬动山乡：白云镇的账本",
        "山乡报",
        "2022-11-05",
        "zh-Hans",
        "白云镇有茶园3.8万亩",
        "从4家增加到29家。",
        kept=("产值3.2亿元。", "全镇已有17家企业通过", "（一）品牌先行"),
        gone=("周小满", "陈光", "文章来源", "返回", "http", "tea"),
        paragraphs=4,
    ),
    Expected(
        "toml_post.md",
        "A Night Train Returns to the Valley",
        "Valley Courier",
        "2023-12-09",
        "en",
        "The night train to the valley, cut in 2009, will",
        "said the mayor, Elena Ruiz.",
        kept=("1. A berth costs 45 pesos.", "2. Children under 12", "Quarry · 01:15", "Tickets"),
        gone=("*", "](", "keyword", "draft", "|"),
    ),
    Expected(
        "converter.txt",
        "山海市場監管局:讓老字號煥發新活力",
        "山海網",
        None,
        "zh-Hant",
        "日前,山海市市場監管局",
        "一天也不能少。”",
        kept=("會議提出,到2025年", "實現營業收入38.6億元"),
        gone=("吳越", "何曉燕", "hào", "(", "?"),
        paragraphs=4,
    ),
    Expected(
        "captions.txt",
        "戈壁灘上建起智慧溫室",
        "河西日報",
        "2023-08-21",
        "zh-Hant",
        "河西現代農業產業園的智慧溫室內",
        "人均月收入4200元。",
        kept=("智慧溫室的水肥一體化控制室。", "水往高處走"),
        gone=("馬曉玲", "冶成義", "點擊", "312", "?"),
        paragraphs=8,
    ),
    Expected(
        "wrapped.txt",
        "THE LIGHTHOUSE THAT MOVED",
        None,
        None,
        "en",
        "The lighthouse at Skerry Point stood",
        "nearest to the point.",
        kept=("one hundred and twelve years before", "raised by subscription in the"),
        paragraphs=3,
    ),
    Expected(
        "ruby.html",
        "古橋修復記",
        "河岸月刊",
        "2022-10-03",
        "zh-Hant",
        "清光緒年間建成的甪溪古橋，",
        "2. 再以糯米灰漿填補。",
        kept=("藏在鎮上的祠堂裡。\n修復費用", "1. 先測量"),
        gone=("lù", "來源"),
        paragraphs=5,
    ),
)

KNOWN = (
    Expected(
        "000_0b3658769527dc0a.txt",
        "全力打响“宁德服务” 厚植产业发展沃土",
        "闽东日报",
        "2022-01-29",
        "zh-Hans",
        "近年来，我市始终牢记",
        "市发改委相关负责人说道。",
        kept=("政策有力度", "2021年12月21日，福鼎时代"),
        gone=("<p", "张文奎", "文章来源", "返回", "http", "layout"),
        paragraphs=26,
    ),
    Expected(
        "001_b16a34bcf3903bf3.txt",
        "抱好“金娃娃” 发展大产业",
        "人民论坛网·国家治理网",
        None,
        "zh-Hans",
        "——推进县域经济高质量发展的蕉城实践",
        "【本文作者为中共宁德市蕉城区委书记】",
        kept=("聚力项目提速,筑牢现代化产业发展硬支撑", "不到17个月时间"),
        gone=("网站首页", "前沿理论>", "责编", "石 玉", "张宏莉"),
        paragraphs=28,
    ),
    Expected(
        "002_3463b4b9caf4547b.txt",
        "立足五個突出,邁進萬億工業時代——訪市工信局黨組書記韋芝富",
        "寧德網",
        None,
        "zh-Hant",
        "市第五次黨代會報告提出,未來五年",
        "切實增強服務企業發展實效。",
        kept=("記者日前專訪了市工信局黨組書記韋芝富。", "(含21個片區)", "高質量發展"),
        gone=("yè", "張文奎", "林華春", "陳秋鳳", "責任編輯"),
        paragraphs=7,
    ),
    Expected(
        "003_adfb0228808a06f6.txt",
        None,
        "甘肅日報",
        "2024-04-16",
        "zh-Hant",
        "歐昊新能源電力(甘肅)有限責任公司",
        "譜寫新時代高質量發展的酒泉新篇章。",
        kept=("工人正將風電主機裝車運輸。\n", "奏出項目建設強音"),
        gone=("謝沛宏", "董文龍", "郭軍", "點擊", "?", "時間:"),
        paragraphs=34,
    ),
    Expected(
        "004_e41bc69fbba60ba8.txt",
        'Ningde "accelerated running" towards "trillion industrial era"',
        "Mindong Daily",
        "2019-12-26",
        "en",
        "Mechanism innovation promotes high-quality development",
        'towards the "trillion-industrial era" ".',
        kept=("is thriving;\n", "130.4%"),
        gone=(
            "{{",
            "Homepage",
            "Views",
            "font:",
            "Wang Zhiling",
            "share to",
            "Related Links",
            "attachment",
        ),
        paragraphs=12,
    ),
)


def document_of(path: Path) -> Document:
    raw = next(iter(load(path)))
    assert isinstance(raw, RawArticle), raw
    return clean(raw)


def check(folder: Path, expected: Expected) -> None:
    document = document_of(folder / expected.file)
    facts = (document.title, document.publisher, document.date, document.language)
    assert facts == (expected.title, expected.publisher, expected.date, expected.language)
    assert document.text.startswith(expected.start)
    assert document.text.endswith(expected.end)
    for piece in expected.kept:
        assert piece in document.text
    for piece in expected.gone:
        assert piece not in document.text
    if expected.paragraphs:
        assert document.text.count("\n") + 1 == expected.paragraphs


@pytest.mark.parametrize("expected", OWN, ids=lambda e: e.file)
def test_clean_own_article_gives_facts_and_body(expected: Expected) -> None:
    check(ARTICLES, expected)


@pytest.mark.skipif(not OTHERS, reason="RAG_ARTICLES names no folder of other articles")
@pytest.mark.parametrize("expected", KNOWN, ids=lambda e: e.file)
def test_clean_known_article_gives_facts_and_body(expected: Expected) -> None:
    folder = Path(OTHERS or "")
    if not (folder / expected.file).exists():
        pytest.skip(f"{expected.file} is not in {folder}")
    check(folder, expected)


JUNK = re.compile(
    r"\{\{|\}\}|</?(?:p|div|br|span|a)\b|&nbsp;|责任编辑[:：]|責任編輯[:：]"
    r"|责编[:：]|美编[:：]|分享到[:：]?$|扫一扫"
    r"|share to:|当前位置[:：]|網?站首页$|字号[:：]"
    r"|[(（][a-zü]{0,4}[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ][a-zü]{0,3}[)）]"
    r"|[\u200b-\u200f\ufeff\u00ad]|^layout:|^---$|All rights reserved|^版权所有",
    re.MULTILINE,
)


def others() -> list[Path]:
    return sorted(p for p in Path(OTHERS).rglob("*") if p.is_file()) if OTHERS else []


@pytest.mark.skipif(not OTHERS, reason="RAG_ARTICLES names no folder of other articles")
def test_clean_other_articles_leaves_no_junk_and_loses_no_paragraph() -> None:
    checked = 0
    for path in others():
        for raw in load(path):
            if not isinstance(raw, RawArticle):
                continue
            document = clean(raw)
            checked += 1
            assert not JUNK.search(document.text), (path, JUNK.search(document.text))
            assert document.title is None or document.title not in document.text.split("\n")
            assert document.date is None or re.fullmatch(r"\d{4}-\d\d-\d\d", document.date)
            plain = drop_pinyin_remains(re.sub(r"<[^>]*>|\s+", "", raw.content))
            assert len(document.text) > 0.6 * len(plain)
            if raw.kind in {"text", "markdown"}:
                assert_long_lines_kept(raw.content, document)
    assert checked


def assert_long_lines_kept(content: str, document: Document) -> None:
    """Every long line of the raw file that ends as a sentence is in the text, but for its ends."""
    text = squeezed(document.text)
    plain = drop_pinyin_remains(normalise(re.sub(r"<[^>]*>", "\n", content)))
    for line in plain.split("\n"):
        if len(line) > 120 and re.search(r"[。.!?！？]\W*$", line):
            inner = squeezed(line)
            assert inner[40:-60] in text, line[:80]


def squeezed(text: str) -> str:
    return "".join(text.split())


def text_of(content: str, kind: Kind = "text") -> str:
    return clean(raw_of(content, kind)).text


def raw_of(content: str, kind: Kind = "text") -> RawArticle:
    return RawArticle("a", "a", kind, content)


BODY = "　　市统计局昨天公布的数据显示，去年全市生产总值达到三千八百亿元，比上年增长百分之五点二。"


@pytest.mark.parametrize(
    "line",
    [
        "编辑部的灯一直亮到凌晨三点，来源各异的稿件堆满了桌子。",
        "他把照片分享到朋友圈，收获了三百多个赞。",
        "记者在现场看到，十二条生产线正在满负荷运转。",
        "“责任编辑：这三个字的分量很重。”老社长说。",
        "版权所有者有权要求停止侵害，并可以索赔损失。",
        "未经许可不得擅自进入景区核心区，违者处以五百元罚款。",
        "上述行为不构成犯罪，检察机关决定不予起诉。",
        "时间：5月3日上午9点；地点：市民广场南门。",
        "来源于群众，服务于群众，这是他们的工作方法。",
        "Share prices in the region fell by 2.3 percent on Tuesday.",
        "Published studies disagree about the source of the leak.",
        "By Monday, the water had reached the second floor of the school.",
        "Copyright law has changed three times since the act of 1911.",
        "Related companies must report such loans within thirty days.",
        "张三说，今年的收成比去年好了两成。",
        "本报记者深入一线，记录下了这个难忘的时刻。",
        "图：表示数量的多少；文：表示说明。",
        "上一篇论文发表之后，他沉默了整整三年。",
        "首页 > 正文这样的写法，他在书里批评过。",
    ],
)
def test_clean_sentence_with_a_tell_tale_word_is_kept(line: str) -> None:
    for content in (f"{BODY}\n{line}\n{BODY}", f"{BODY}\n{line}", f"{line}\n{BODY}"):
        found = clean(raw_of(content))
        assert line in found.text.split("\n") or found.title == line


@pytest.mark.parametrize(
    "line",
    [
        "责编：王 克/美编：石 玉",
        "責任編輯:陳秋鳳",
        "□ 本报记者张文奎",
        "（记者 李四 通讯员 王五）",
        "编辑：张三　校对：李四　审核：王五六",
        "分享到：微信 微博 QQ空间",
        "扫一扫在手机打开当前页",
        "【打印本页】【关闭窗口】",
        "{{pvCount}}",
        "字号：大 中 小",
        "点击：78",
        "Advertisement",
        "share to:",
        "版权所有 未经授权不得转载",
        "© 2023 Harbour Gazette",
        "返回首页",
        "本文来源：新华网 责任编辑：张三",
        "免责声明：本文仅代表作者个人观点，与本站无关。",
        "(Reporter Wang Zhiling Text / Photo)",
    ],
)
def test_clean_line_of_the_page_goes(line: str) -> None:
    assert text_of(f"标题在这里并不长\n{BODY}\n{BODY[:-1]}左右。\n{line}").count("\n") == 1


@pytest.mark.parametrize(
    ("lead", "kept"),
    [
        ("寧德網消息(記者 張文奎 通訊員 林華春)市第五次黨代會報告提出,", "市第五次黨代會報告提出,"),
        ("新华社北京1月5日电（记者张三、李四）国家统计局", "新华社北京1月5日电 国家统计局"),
        ("本报讯（记者 张三）昨天，", "昨天，"),
        ("〔記者王小明／台北報導〕台積電今天", "〔台北報導〕台積電今天"),
        ("（中央社記者王小明台北5日電）行政院今天", "（中央社台北5日電）行政院今天"),
        ("资深媒体人王芳（前新华社记者）表示", "资深媒体人王芳（前新华社记者）表示"),
        ("BEIJING, Jan. 5 (Xinhua) -- China's", "BEIJING, Jan. 5 (Xinhua) -- China's"),
    ],
)
def test_clean_lead_loses_its_reporters_and_keeps_its_place(lead: str, kept: str) -> None:
    rest = "公布的数据显示，去年全市生产总值达到三千八百亿元。"
    assert text_of(f"{lead}{rest}\n{BODY}").startswith(f"{kept}{rest}")


def test_clean_row_keeps_its_given_facts() -> None:
    raw = RawArticle(
        "a.jsonl#7",
        "a.jsonl",
        "jsonl",
        "正文只有这一句话。",
        source_id="7",
        title="题目",
        publisher="某报",
        date="2023-08-16T10:00:00Z",
        url="https://example.com/1",
        language="zh-Hant",
    )
    document = clean(raw)
    assert (document.title, document.publisher, document.date) == ("题目", "某报", "2023-08-16")
    assert (document.source_id, document.language) == ("7", "zh-Hant")
    assert (document.url, document.text) == ("https://example.com/1", "正文只有这一句话。")


def test_clean_row_of_several_lines_keeps_its_first_line() -> None:
    assert text_of(
        "第一行很短\n第二行也不长，但它有一个句号，所以是正文的一部分。", "jsonl"
    ).startswith("第一行")


def test_clean_page_keeps_a_sentence_in_an_oddly_named_section() -> None:
    page = (
        "<html><head><title>江畔小城的灯会</title></head><body>"
        "<nav><a href='/'>首页</a></nav><article>"
        "<h1>江畔小城的灯会</h1><section><p>元宵节当晚，小城点亮了三万盏花灯，吸引游客12万人次。</p></section>"
        "<section class='related-info'><p>值得一提的是，灯会的门票收入全部用于古城修缮。</p>"
        "<p><a href='/x'>老街翻新记</a></p></section>"
        "<figure><figcaption>灯会现场。陈小江摄</figcaption>"
        "</figure></article><div class='comments'><p>网友甲说，太美了，我明年还要来看。</p></div>"
        "</body></html>"
    )
    assert text_of(page, "html").split("\n") == [
        "元宵节当晚，小城点亮了三万盏花灯，吸引游客12万人次。",
        "值得一提的是，灯会的门票收入全部用于古城修缮。",
        "灯会现场。",
    ]


def test_clean_page_laid_out_in_tables_keeps_its_lines() -> None:
    page = (
        "<html><head><title>Home</title></head><body><table><tr><td><a href='1'>Home</a></td>"
        "<td><a href='2'>News</a></td></tr><tr><td><b>Village mill grinds again</b></td></tr>"
        "<tr><td>Date: 2019-05-02 Source: Mill Post</td></tr>"
        "<tr><td>The mill at Harrow Bridge ground"
        " its first flour in sixty years on Thursday.<br><br>It took 4,000 hours.</td></tr>"
        "<tr><td>Copyright 2019 Mill Post</td></tr></table></body></html>"
    )
    document = clean(raw_of(page, "html"))
    assert (document.title, document.publisher) == ("Village mill grinds again", "Mill Post")
    assert document.text.split("\n") == [
        "The mill at Harrow Bridge ground its first flour in sixty years on Thursday.",
        "It took 4,000 hours.",
    ]


def test_clean_form_around_a_whole_page_keeps_its_article_and_others_go() -> None:
    page = (
        "<html><head><title>The mill reopens</title></head><body><form method='post'>"
        "<input type='hidden' name='__VIEWSTATE' value='x'>"
        "<form><label>Your e-mail for our letter</label><input name='mail'></form>"
        "<h1>The mill reopens</h1><p>The old paper mill at Lind opened its doors again on Monday, "
        "twelve years after the last roll left it.</p><p>Some 240 people will work in it.</p>"
        "</form><form><p>Log in to comment</p><input type='password'></form></body></html>"
    )
    text = text_of(page, "html")
    assert "twelve years after" in text
    assert "240 people" in text
    assert "Log in" not in text


def test_clean_nothing_left_raises_article_error() -> None:
    for content in ("\u200b\n \n", "<script>var a=1</script><p></p>", "---\ntitle: x\n---\n"):
        with pytest.raises(ArticleError, match="expected an article"):
            clean(raw_of(content))


@pytest.mark.parametrize(
    ("text", "clean_text"),
    [
        ("工業(yè)和質(zhì)量", "工業和質量"),
        ("科學（xué）、科學（xué）", "科學、科學"),
        ("彘（zhì）是猪", "彘（zhì）是猪"),
        ("龟兹（qiū cí）", "龟兹（qiū cí）"),
        ("函数 f(x)", "函数 f(x)"),
    ],
)
def test_pinyin_remains_go_and_glosses_stay(text: str, clean_text: str) -> None:
    assert drop_pinyin_remains(text) == clean_text


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("“十四五”开局_新华网", "“十四五”开局"),
        ("Dam fails - BBC News", "Dam fails"),
        ("Rates rise | Reuters", "Rates rise"),
        ("通车了--时政--人民网", "通车了"),
        ("「高鐵延伸線」", "高鐵延伸線"),
        ("中国经济 - 2024年回顾", "中国经济 - 2024年回顾"),
        ('"Yes," she said, "now"', '"Yes," she said, "now"'),
        ("  a\u200b  b ", "a b"),
    ],
)
def test_clean_title_drops_quotes_and_sites(title: str, cleaned: str) -> None:
    assert clean_title(title) == cleaned


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("December 26, 2019 09:33", "2019-12-26"),
        ("26 Dec. 2019", "2019-12-26"),
        ("2022-01-29 13:10:21", "2022-01-29"),
        ("2024年4月16日", "2024-04-16"),
        ("二〇二四年四月十六日", "2024-04-16"),
        ("民國110年12月21日", "2021-12-21"),
        ("2023/5/6", "2023-05-06"),
        ("20240416", "2024-04-16"),
        ("5/6/2023", None),
        ("26/12/2019", "2019-12-26"),
        ("2024年2月30日", None),
        ("1月19日", None),
        ("3.6公里", None),
    ],
)
def test_find_date_reads_every_form(text: str, date: str | None) -> None:
    assert find_date(text) == date


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("http://a.cn/NewsShare.html?infoCode=NW202201292266738280", "2022-01-29"),
        ("http://a.cn/n1/2023/0508/c1.html", "2023-05-08"),
        ("https://a.com/2022/1/9/x", "2022-01-09"),
        ("http://a.cn/t20240416_1.htm", "2024-04-16"),
        ("http://a.cn/123456789", None),
    ],
)
def test_date_in_url_reads_every_form(url: str, date: str | None) -> None:
    assert date_in_url(url) == date


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div style='display:none'>",
        "---\n",
        "title: [",
        "+++",
        "](",
        "**",
        "&#x",
        "&nbsp;",
        "{{a}}",
        "责任编辑：",
        "记者 张三",
        "（",
        "）",
        "来源：",
        "2024-04-16",
        "|",
        ">",
        "首页",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\x00",
        "# ",
        "```",
        "<ruby>",
        "(yè)",
        "業(yè)",
        BODY,
        "Share",
        "By John",
        "Source: ",
        "\u2028",
        "\r",
        "。",
        "?",
        "·",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=40), st.just("\n")), max_size=30),
    st.sampled_from(["text", "markdown", "html", "jsonl", "pdf", "docx"]),
)
def test_clean_any_text_gives_tidy_text_or_article_error(parts: list[str], kind: Kind) -> None:
    try:
        document = clean(raw_of("".join(parts), kind))
    except ArticleError:
        return
    assert document.text
    assert unicodedata.is_normalized("NFC", document.text)
    for line in document.text.split("\n"):
        assert line == " ".join(line.split(" ")).strip() and line
    forbidden = {unicodedata.category(char) for char in document.text} & {
        "Cc",
        "Cs",
        "Co",
        "Zl",
        "Zp",
    }
    assert not forbidden - {"Cc"} and not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f]", document.text
    )


SENTENCES = st.lists(
    st.text(
        alphabet="春江潮水连海平月共生滟随波千万里何处无明产业公司项目", min_size=24, max_size=80
    ).map(lambda t: t + "。"),
    min_size=1,
    max_size=8,
    unique=True,
)


@settings(max_examples=60, deadline=None)
@given(SENTENCES)
def test_clean_twice_keeps_every_paragraph(sentences: list[str]) -> None:
    once = text_of("\n".join(sentences))
    assert once.split("\n") == sentences
    assert text_of(once) == once


@pytest.mark.parametrize("expected", OWN, ids=lambda e: e.file)
def test_clean_cleaned_article_keeps_every_paragraph(expected: Expected) -> None:
    document = document_of(ARTICLES / expected.file)
    again = clean(raw_of(f"{document.title or ''}\n{document.text}"))
    assert set(document.text.split("\n")) <= {*again.text.split("\n"), again.title}


ENGLISH_BODY = (
    "The bridge over the river opened in March after four years of work, and it cost forty million "
    "euros in all, the council said."
)


@pytest.mark.parametrize(
    "byline",
    [
        "By Karin Holt, 3 March 2023",
        "By Karin Holt and John Smith | March 3, 2023",
        "Published 3 March 2023 by Karin Holt",
        "by karin holt, 3 March 2023",
        "By Karin Holt Published: 3 March 2023",
        "本报记者 王小明 2023年3月3日",
    ],
)
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_clean_byline_gives_its_date_and_no_publisher(byline: str, kind: Kind) -> None:
    document = clean(raw_of(f"# A new bridge\n\n{byline}\n\n{ENGLISH_BODY}", kind))
    facts = (document.title, document.publisher, document.date)
    assert facts == ("A new bridge", None, "2023-03-03")
    assert document.text == ENGLISH_BODY


def test_clean_outlet_beside_a_date_stays_the_publisher() -> None:
    document = clean(raw_of(f"# A new bridge\n\nDelta Post, 3 March 2023\n\n{ENGLISH_BODY}"))
    assert (document.publisher, document.date) == ("Delta Post", "2023-03-03")


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("A new bridge | The Delta Post", "The Delta Post"),
        ("A new bridge - World - BBC News", "BBC News"),
        ("A new bridge — Delta Times", "Delta Times"),
        ("A new bridge_国际频道_江海网", "江海网"),
        ("A new bridge-江海新闻网", "江海新闻网"),
        ("A new bridge", None),
        ("A new bridge | World News", None),
        ("A new bridge | Sport", None),
        ("A new bridge | what we know", None),
        ("A new bridge_新闻中心", None),
        ("A newer bridge | The Delta Post", None),
    ],
)
def test_clean_page_names_its_site_behind_its_headline(title: str, publisher: str | None) -> None:
    assert clean(raw_of(_headed(f"<title>{title}</title>"), "html")).publisher == publisher


def test_clean_page_that_states_its_site_is_believed_before_its_title() -> None:
    head = '<title>A new bridge | BBC News</title><meta property="og:site_name" content="River">'
    assert clean(raw_of(_headed(head), "html")).publisher == "River"


def _headed(head: str) -> str:
    body = f"<h1>A new bridge</h1><p>{ENGLISH_BODY}</p>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ('<a href="javascript:share()">Share</a>', ""),
        ('<a href="#">分享到微信</a>', ""),
        ('<a href="https://www.facebook.com/sharer/sharer.php?u=x">Share on Facebook</a>', ""),
        ('<a href="#">Share</a> this with a friend.', " Share this with a friend."),
        ('<a href="https://example.com/share-prices">Share prices</a>', " Share prices"),
    ],
)
def test_clean_page_drops_a_link_that_only_shares_it(link: str, kept: str) -> None:
    page = _headed("<title>A new bridge</title>").replace(
        "</p>", f"</p><p>{ENGLISH_BODY} {link}</p>"
    )
    assert text_of(page, "html") == f"{ENGLISH_BODY}\n{ENGLISH_BODY}{kept}"
