"""Bylines: lines of nothing but labels, roles and names of people.

All patterns but the English ones are matched on the folded form (half-width, simplified, lower
case), so that one pattern covers both scripts.
"""

from __future__ import annotations

import re
from functools import cache

HAN = r"[\u3400-\u9fff]"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤常温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉"
    "骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏"
    "宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝封谈匡鞠惠荆冀胥储原栗燕楚鄢劳谌"
    "奚皮粟冼蔺楼盘满闻厉伊仝郜阚花强帅屠豆朴练廉禹祖漆巴丰卿狄索宣晋初容敬扈晁芮阙浦戈鹿薄邸雍辜羊乌母裘亓邰赫"
    "杭宿逯茹诺危嵇湛宾茅尉冶束檀阴昝植尧徒萧贡简邸钮竺闾缑岩洪贝覃向"
)
_NAME = (
    rf"(?:(?:欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|司徒|令狐|长孙"
    rf"|宇文|南宫|东方){HAN}{{1,2}}"
    rf"|{HAN}{{2,6}}·{HAN}{{2,8}}"
    rf"|[{_SURNAMES}](?: {HAN}(?!{HAN})|{HAN}{{1,2}}))"
)
NAMES = rf"{_NAME}{{1,2}}(?:[\s、,/?·&和]{{1,3}}{_NAME}{{1,2}}){{0,12}}"
LOOSE_NAMES = rf"{HAN}{{2,4}}(?:[\s、,]{{1,2}}{HAN}{{2,4}}){{0,6}}"
"""Names where the words around leave no doubt: any two to four characters."""
OUTLET = (
    rf"(?:本报|本网|本台|本刊|本社|全媒体|融媒体?|新媒体|特约|特派|见习"
    rf"|实习|首席|主任|高级|资深|驻{HAN}{{1,6}}?"
    rf"|[\u3400-\u9fffa-z]{{1,14}}?(?:社|网|报|报业|台|在线|客户端|中心|频道|新闻|周刊|杂志|之声))"
)
_ROLE = r"(?:记者|通讯员|实习生|见习生|摄影师|特派员|评论员|撰稿人|撰稿|特约作者|摄影)"
_LABEL = (
    r"(?:责任编辑|责任校对|责编|责校|(?:美术|文字|图片|视频|新媒体|网络"
    r"|本期|本文|值班|实习|见习|执行|助理|主)?编辑|美编|编审"
    r"|审核|审校|审读|校对|校审|主编|副主编|总编辑?|值班(?:编委|主任|总编"
    r"|主编)|视觉|版式|版面|美术设计|设计|总?策划|总?统筹"
    r"|总?监制|总?监审|出品人?|制作人?|制图|绘图|摄影|摄像|摄制|剪辑|后期"
    r"|配音|播音|撰文|撰稿|作者|文案|文字|图文|图片"
    r"|视频|供稿|供图|图源|编译|翻译|整理|采写|采访|终审|初审|复审|[一二三]审"
    r"|[一二三]校|核稿|签发|录入|排版|组稿|发稿|来源"
    r"|稿源|图片来源|照片来源|视频来源|记者|通讯员|首席记者|实习生|见习记者"
    r"|文/?图|图/?文|文/?摄|文、图|文|图|摄)"
)
_SURE_LABEL = (
    r"(?:责任编辑|责任校对|责编|责校|(?:值班|实习|见习|执行|本期|本文)?编辑"
    r"|美编|编审|校对|校审|审校|审核|主编|总编|监制|摄影|作者"
    r"|记者|通讯员|实习生|来源|稿源|图源|图片来源|照片来源|视频来源|供图"
    r"|供稿|编译|终审|初审|复审|[一二三]审|[一二三]校)"
)
_COLON = r"\s*[:/|丨]\s*"
_LATIN = r"[a-z][a-z.'-]*(?: [a-z][a-z.'-]*){0,3}"


@cache
def _tokens() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a line of credits is made of. Compiled when needed: the surnames make it slow."""
    return (
        ("gap", re.compile(r"[\s/、,;|丨·&()\[\]【】〔〕\-—]+")),
        (
            "stated",
            re.compile(
                rf"{_LABEL}{_COLON}(?:{NAMES})?(?=$|[^\w]|{_LABEL})"
                rf"|{_SURE_LABEL}{_COLON}(?:[^\s:。!?;|/,、]{{1,16}}|{_LATIN})(?=$|[^\w]|{_LABEL})"
            ),
        ),
        (
            "role",
            re.compile(
                rf"(?:{OUTLET}[\s、]*){{1,4}}{_ROLE}[\s:/]*"
                rf"(?:{NAMES}|(?<=[\s:/]){HAN}{{2,4}}(?=$|[\s/、)]))"
            ),
        ),
        ("role", re.compile(rf"{_ROLE}(?:\s+|[:/]){NAMES}")),
        ("bare", re.compile(rf"{_ROLE}{NAMES}")),
        ("role", re.compile(rf"{_LABEL}\s+{NAMES}(?![\u3400-\u9fff])")),
        (
            "by",
            re.compile(
                rf"{NAMES}\s*/?\s*(?:摄影报[道导]|摄影|摄制|摄|供图|提供|供稿"
                rf"|制图|文/?图|图/?文|撰文|采写)"
            ),
        ),
        (
            "ending",
            re.compile(
                r"(?:摄影报[道导]|综合报[道导]|联合报[道导]|现场报[道导]|采访整理"
                r"|采访报道|报[道导]|供稿|供图|摄影?|发|文/?图|图/?文|文|图)"
                r"(?=$|[\s/、,;)\]】〕])"
            ),
        ),
        ("ending", re.compile(rf"{HAN}{{2,6}}(?:综合)?报[道导](?=$|[\s)\]】〕])")),
        (
            "ending",
            re.compile(
                rf"{HAN}{{2,8}}(?:社|报|网|图库|日报|中国|图片|者|方)(?:发"
                rf"|供图|提供|供稿)(?=$|\s|[)\]】〕])"
            ),
        ),
        ("names", re.compile(rf"{NAMES}(?![\u3400-\u9fff])")),
    )


_MARKS = " \t□■●▲△◆◇○◎☆★※▼▽*-—·•?."
_OPEN, _CLOSE = "([【〔", ")]】〕"
_SENTENCE = re.compile(r"[。!;]")


def is_byline(folded: str) -> bool:
    """Whether a folded line is nothing but credits: labels or roles with names."""
    core = folded.strip(_MARKS + "。")
    if not 2 <= len(core) <= 140 or _SENTENCE.search(core):
        return False
    marked = core != folded.strip() or core[0] in _OPEN
    kinds = _kinds(core)
    if kinds is None:
        return False
    return bool(
        {"stated", "role", "by"} & kinds
        or ("bare" in kinds and (marked or "ending" in kinds))
        or ("ending" in kinds and marked and len(core) <= 24)
    )


def _kinds(core: str) -> set[str] | None:
    """What a line of credits is made of; None when something else is in it."""
    kinds: set[str] = set()
    at = 0
    while at < len(core):
        for kind, pattern in _tokens():
            match = pattern.match(core, at)
            if match and match.end() > at:
                kinds.add(kind)
                at = match.end()
                break
        else:
            return None
    return kinds


@cache
def _names_only() -> re.Pattern[str]:
    return re.compile(rf"{_NAME}(?:[\s、,/?]{{1,3}}{_NAME}){{0,12}}")


def is_names(folded: str) -> bool:
    """Whether a folded text is nothing but people's names."""
    core = folded.strip(_MARKS)
    return 2 <= len(core) <= 60 and bool(_names_only().fullmatch(core))


def is_name_line(folded: str) -> bool:
    """Whether a line is nothing but names: several, or one that is no ordinary short word."""
    core = folded.strip(_MARKS)
    return is_names(core) and (len(core) == 3 or bool(re.search(r"[\s、,/?·]", core)))


_ENGLISH_NAMES = (
    r"(?:[A-Z][\w.'’-]*|de|van|von|al|bin|and|in|of|the|for|with|by|&|/|,|;|\||\(|\)"
    r"|(?:additional )?reporting|editing|writing|correspondents?|writers?|reporters?|text|photos?)"
)
_ENGLISH_BYLINE = re.compile(
    r"\(?(?:(?:[Bb]y|BY|[Ss]tory by|STORY BY)\s+(?:our\s+|[Ss]taff\s+)?[A-Z][\w.'’-]*"
    r"|(?:Additional )?[Rr]eporting by|[Ww]ritten by|[Ee]dit(?:ed|ing) by|[Cc]ompiled by"
    r"|[Tt]ranslated by|Photos?(?:graphs?)? by|Text by"
    r"|(?:(?:Staff |Web |Responsible |Executive |Managing )?(?:Reporter|Editor|Author|Writer"
    r"|Photographer|Correspondent|Proofreader|Photo|Video|Text)s?\s*:))"
    rf"(?:\s*{_ENGLISH_NAMES})*\s*\.?\)?"
)


def is_english_byline(line: str) -> bool:
    """`By Jane Doe and John Smith`: a role and capitalised names, and nothing else."""
    return len(line) <= 160 and len(line.split()) <= 22 and bool(_ENGLISH_BYLINE.fullmatch(line))
