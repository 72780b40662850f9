"""Words of which one excludes the others: countries, languages, seasons, days of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rag.reasons import Reason
from rag.support.clauses import Reading
from rag.support.mismatch import Mismatch

# A class: its members, each as its English words, then its Chinese words in folded text.
_CLASSES = {
    "country": """
china,chinese:中国,中方,中文,汉语,我国,中美
america,american,americans,us,usa,united_states:美国,美军,美方,英美,中美,美籍
britain,british,uk,united_kingdom,england,english:英国,英军,英格兰,英语,英文,英美,英籍,英属
france,french:法国,法军,法语,法文,法籍
germany,german,germans:德国,德军,德语,德文,德意志,德籍,西德,东德
japan,japanese:日本,日军,日语,日文,日方
russia,russian,russians,soviet,ussr:俄国,俄罗斯,俄军,俄语,俄文,苏联,苏军,苏俄
italy,italian,italians:意大利,意军,义大利 spain,spanish,spaniards:西班牙
portugal,portuguese:葡萄牙 netherlands,dutch,holland:荷兰 belgium,belgian:比利时
switzerland,swiss:瑞士 austria,austrian:奥地利,奥国 sweden,swedish,swede,swedes:瑞典
norway,norwegian,norwegians:挪威
denmark,danish,danes:丹麦 finland,finnish,finns:芬兰 iceland,icelandic:冰岛 ireland,irish:爱尔兰
scotland,scottish,scots:苏格兰 wales,welsh:威尔士,威尔斯 poland,polish,poles:波兰
hungary,hungarian:匈牙利 romania,romanian:罗马尼亚 bulgaria,bulgarian,bulgarians,bulgars:保加利亚
greece,greek,greeks:希腊 turkey,turkish,turks,ottoman:土耳其,奥斯曼,鄂图曼
ukraine,ukrainian:乌克兰 czech,czechs:捷克 slovakia,slovak:斯洛伐克 serbia,serbian:塞尔维亚
croatia,croatian:克罗地亚 india,indian,indians:印度(?!尼|洋|支) pakistan,pakistani:巴基斯坦
bangladesh,bangladeshi:孟加拉 iran,iranian,persia,persian:伊朗,波斯 iraq,iraqi:伊拉克
israel,israeli:以色列 egypt,egyptian:埃及 syria,syrian:叙利亚 lebanon,lebanese:黎巴嫩
saudi,saudis:沙特,沙乌地 ethiopia,ethiopian:埃塞俄比亚,衣索比亚 kenya,kenyan:肯尼亚,肯亚
nigeria,nigerian:尼日利亚,奈及利亚 australia,australian:澳大利亚,澳洲 canada,canadian:加拿大
mexico,mexican:墨西哥 brazil,brazilian:巴西 argentina,argentine:阿根廷 chile,chilean:智利
peru,peruvian:秘鲁 cuba,cuban:古巴 colombia,colombian:哥伦比亚 venezuela,venezuelan:委内瑞拉
vietnam,vietnamese:越南 thailand,thai:泰国,泰语 indonesia,indonesian:印度尼西亚,印尼
malaysia,malaysian:马来西亚 philippines,philippine,filipino:菲律宾 singapore,singaporean:新加坡
mongolia,mongolian,mongol,mongols:蒙古 south_korea,south_korean:韩国,南韩,韩方,韩语
north_korea,north_korean:朝鲜(?!半岛|战争|王朝),北韩
""",
    "continent": """
asia,asian:亚洲 europe,european:欧洲,欧盟 africa,african:非洲 oceania:大洋洲 antarctica:南极洲
north_america,north_american:北美 south_america,south_american:南美
""",
    "ocean": "pacific:太平洋 atlantic:大西洋 arctic:北冰洋,北极 caribbean:加勒比"
    " mediterranean:地中海",
    "war": """
world_war_i,first_world_war,world_war_one,wwi:第一次世界大战,一战(?!成名)
world_war_ii,second_world_war,world_war_two,wwii:第二次世界大战,二战
""",
    "season": "spring:春季,春天,春 summer:夏季,夏天,夏 autumn,fall_season:秋季,秋天,秋"
    " winter:冬季,冬天,冬",
    "weekday": """
monday:周一,星期一,礼拜一 tuesday:周二,星期二,礼拜二 wednesday:周三,星期三,礼拜三
thursday:周四,星期四,礼拜四 friday:周五,星期五,礼拜五 saturday:周六,星期六,礼拜六
sunday:周日,星期日,星期天,周天,礼拜日,礼拜天
""",
    "colour": """
red:红色 blue:蓝色 green:绿色 yellow:黄色 black:黑色 white:白色 purple:紫色 orange:橙色,橘色
brown:棕色,褐色 pink:粉色,粉红 grey,gray:灰色
""",
    "metal": "gold:金(?=矿|牌|币|质) silver:银(?=矿|牌|币|质) bronze:铜(?=矿|牌|质) platinum:铂金 ",
    "faith": """
catholic,catholics:天主教 protestant,protestants:新教(?!育|师|学) orthodox:东正教,正教
muslim,muslims,islam,islamic:伊斯兰,穆斯林,回教 jewish,jews,jew:犹太
buddhist,buddhism,buddhists:佛教 hindu,hinduism,hindus:印度教 taoist,taoism:道教
""",
    "school": """
elementary_school,primary_school:小学 middle_school:初中,国中 secondary_school,high_school:高中
kindergarten:幼儿园,幼稚园
""",
}


@cache
def _finders() -> dict[str, tuple[re.Pattern[str], list[tuple[str, re.Pattern[str]]]]]:
    """For each class what finds any of its members, and what finds each of them."""
    found = {}
    for name, listed in _CLASSES.items():
        patterns = {}
        for member in listed.split():
            english, _, chinese = member.partition(":")
            forms = "|".join(word.replace("_", "[ -]") for word in english.split(","))
            patterns[english.split(",")[0]] = rf"\b(?:{forms})\b|{chinese.replace(',', '|')}"
        each = [(member, re.compile(pattern)) for member, pattern in patterns.items()]
        found[name] = re.compile("|".join(patterns.values())), each
    return found


@lru_cache(512)
def members_at(text: str) -> tuple[tuple[str, str, int, int], ...]:
    """Class, member, start and end of each word of a folded text that names a member."""
    return tuple(
        (name, member, *match.span())
        for name, (hint, listed) in _finders().items()
        if hint.search(text)
        for member, form in listed
        for match in form.finditer(text)
    )


def members(text: str) -> dict[str, dict[str, str]]:
    """For each class the members that a folded text names, with the words that it has for them."""
    found: dict[str, dict[str, str]] = {}
    for name, member, start, end in members_at(text):
        found.setdefault(name, {})[member] = text[start:end]
    return found


def excluded(claim: Reading, quote: Reading) -> Iterator[Mismatch]:
    """Members that a claim names of a class of which the quote names none but others."""
    told = members(quote.text)
    for name, said in members(claim.text).items():
        for member, word in said.items():
            if name in told and member not in told[name] and not told[name].keys() <= said.keys():
                yield Mismatch("name", Reason("unstated", word))
