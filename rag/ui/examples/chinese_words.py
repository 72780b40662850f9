"""The words that Chinese sentences are read by to make questions of them, folded."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELSEWHERE: Final = _words(
    """
本 我 我们 我市 我省 我国 我县 我区 你 你们 您 咱们 自己 双方 两者 前者 后者 二者 三者 上述
以上 以下 如下 两人 两国 两地 两队 二人 三人 四人 也 还 又 却 便 就 仍 仍然 再 更 才 甚至 而 而且
并 并且 且 都 均 皆 但 但是 然而 不过 因此 因而 于是 所以 从而 因为 由于 故 虽然 尽管 如果 若 假如
只要 只有 即使 无论 不管 随着 为了 除了 除 根据 按照 依照 依据 当 每当 经过 通过 自从 对于 关于
至于 以及 及 和 与 或 或者 以便 以致 使 使得 令 让 导致 另 另外 另一 另一个 同样 相同 相比 比 比起
包括 例如 如 即 仅 只 仅仅 者 何 谁 什么 哪 哪些 多少 几 怎么 如何 为什么 是否 据 将 被 把 不 没有
没 未 无 共同 一起 分别 到处 全市 全省 全县 全国 全区 今 今年 去年 前年 明年 后年 当年 同年 次年
翌年 隔年 今天 昨天 明天 昨日 今日 明日 日前 近日 此前 当日 当天 当时 现时 同期 近年 近年来 上年
上月 本月 当月 年初 年底 年末 刚刚 刚 届时 各 各地 每 每个 每次 每年 某 某些 有些 有的 一些 许多
很多 大量 不少 部分 多数 大多数 其余 随后 之后 然后 接着 最后 最终 目前 现在 如今 至今 迄今 以来
之前 以前 以后 时候 期间 时期 同时 前 后 之一 说 称 表示 认为 指出 显示 写道 声称 宣称 透露 可能
预计 估计 似乎 号称 希望 想 想要 要 提出 建议 打算 准备 已经 早已 正好 恰好 大约 左右 记者 通讯员
摄 摄影 图 图为 作者 主角 网友 编辑
"""
)
"""What leans on words that stand elsewhere, or says a thing for others."""

POINTING: Final = "[这该他她它您此最遂]|(?<!土耳)其|那(?![不拉曲霸波])|则(?!维)"
"""A regular expression of the same, where the cutter has joined it to another word."""

LEADS: Final = (
    "据(?:悉|了解|介绍|统计|报道|说)|目前|截至目前|其中|同时|此外|另外|然而|不过|但是?|因此|所以"
    "|最终|最后|后来|随后|之后|当时|事实上|实际上|一般来说|一般而言|通常|总的来说|例如|比如|数据显示"
    r"|新华社\w{2,8}电|本报讯"
)
"""A regular expression of what may stand before a clause and be left out."""

OPEN_END: Final = (
    "(?<![公海英华])里|[前后时起中内上下的和与及由在为是以于至到从了被将并把给对向]|时候|初期|后期|早期|晚期|末期"
    "|前夕|阶段|期间|以来|之际|前后|之间|之一"
)
"""A regular expression of how a clause ends that another goes on from."""

GENERIC: Final = (
    "公司|企业|项目|集团|政府|学校|大学|学院|音乐学院|人口|城市|城镇|农村|乡村|国家|居民|系统|地区"
    "|工程|基地|平台|中心|作品|影片|电影|小说|游戏|歌曲|专辑|单曲|节目|频道|剧集|动画|球队|球员|球场"
    "|车站|站台|铁路|公路|线路|机场|医院|建筑|大楼|大厦|大桥|大坝|水库|教堂|寺庙|古庙|公园|岛屿|河流"
    "|湖泊|山脉|村庄|社区|全长|总长|面积|总面积|海拔|高度|长度|深度|宽度|直径|总高|总投资|投资|产值"
    "|收入|成虫|幼虫|雄性|雌性|成体|体长|翅展|花|果实|叶|种子|故事|剧情|比赛|赛事|活动|音乐会|演唱会|展览|会议|组织|机构"
    "|部门|委员会|学生|教师|员工|工人|市民|民众|群众|科学家|研究|专家|学者|警方|法院|军队|部队|士兵"
    "|舰队|战争|战斗|战役|政策|法律|制度|计划|方案|报告|数据|结果|实验|调查|市场|行业|产业|损失|总部"
    "|全镇|全村|市区|县城|城区|校园|校区|美国版|日本版|英文版|中文版|私营|国营|公立|私立|妻子|丈夫"
    "|父亲|母亲|儿子|女儿|哥哥|弟弟|姐姐|妹妹|负责人|平均|正线|美术馆|博物馆|图书馆|体育馆|列岛|回国|代表|因应|北京时间|当地时间"
    "|第[一二三]产业|震源|山高|大会|《(?:意见|办法|通知|条例|规定|方案|规划|公报|报告"
    "|协议|决定|细则|纲要|计划|声明)》"
)
"""A regular expression of what a subject begins with that is no name: which company?"""

TELLING: Final = (
    r"\d|[一二两三四五六七八九十百千]|位于|坐落|地处|是|又称|又名|别名|俗称|简称|原名|本名|被称为"
    "|被誉为|闻名|著称|由|获|说|表示"
)
"""A regular expression of what a clause needs for any rule to fit."""

PREDICATES: Final = _words("有 为 是 达 于 在 全长 总长 共 又名 又称 简称 原名 别名")
"""What a subject ends before, though the tagger may call it no verb."""

NO_PREDICATE: Final = _words("至 到 是 以 为 起 因 对 从 作为")
"""What doesn't begin what is said of a subject."""

SO_FAR: Final = _words("已 已经 曾 曾经")
"""What says of a time that it is over, and can't be asked for with it."""

VAGUE: Final = (
    "[向为对入回开任到在](?:公司|学校|球队|球会|乐队|集团|政府|大学|学院)|时(?![代期间])"
    "|(?:批准|宣布|决定|同意|要求|通过|授权|任命|支持|反映|重播|并入|划入|编入|移交|改为)$"
    "|了?(?:一[项个种次场些]|若干)?.{0,2}(?:调整|改革|观点|活动|变化|计划|会议|规定|声明)$"
)
"""A regular expression of what is done, but can't be told from it."""

CHANGES: Final = (
    "[增减升降跌涨]|同比|环比|实现|收入|营收|利润|零售|销售|产量|产值|出口|进口|成交|票房|亏损|募资"
    "|费用"
)
"""A regular expression of what is said of a time and says little without it."""

COUNTS: Final = (
    r"共?[拥设含]?有|下?辖|管辖|[共设]|[发推引派兴]\w|修[建满]|创作|出版|发行|建成|安装|投放|分[为成]"
    "|划分为|包含"
)
"""A regular expression of the verbs that a number of things stands behind."""

MEASURES: Final = (
    "全长|长|高|宽|深|面积|人口|海拔|占地|长度|高度|宽度|深度|容量|直径|重|重量|体重|身高|标高|投资"
    "|造价|票价|售价|奖金|耗资|斥资|总额|生产总值|增加值|收入|营收|利润|销量|产量|产值|票房|转会费|市值"
    "|规模|拥有|设有|共有|有"
)
"""A regular expression of what an amount stands behind."""

SHARES: Final = (
    "(?:增长|增加|下降|减少|上升|提高|提升)(?:了|至|到)?|[率例重](?:达到?|为|是)|占.{2,12}的"
)
"""The same for a share."""

BEGINNINGS: Final = (
    "成立|创建|创立|创办|建立|始建|建成|诞生|出生|设立|发生|发行|出版|开业|通车|竣工|生"
)
"""A regular expression of what a date stands behind: 成立于1953年."""

BEGINS: Final = "出生|成立|创立|创办|创建|诞生|开业|通车|竣工|建成"
"""A regular expression of what is said of a subject that what asks may stand before."""

MEASURE_WORDS: Final = "种座部款条所家项本支艘类片颗"
"""What a thing is one of: 一座城市. Not 个, which ideas and hopes are counted with too."""

WITHOUT_NOUN: Final = _words("人 岁 层 集 章 卷 期 页 分 户 票")
"""Measure words that need none behind them."""

OFFICES: Final = (
    "董事长|总经理|总裁|首席执行官|ceo|局长|市长|县长|省长|区长|镇长|书记|党组书记|党委书记|主任|校长"
    "|院长|所长|馆长|会长|主席|总统|总理|首相|部长|秘书长|创始人|新闻发言人|发言人|总监|厂长|站长|队长"
    "|主教练|总工程师|总干事|理事长"
)
"""A regular expression of what someone is who speaks for others."""

SAYS: Final = "说道?|表示|介绍说?|认为|指出|坦言|强调|透露"
"""A regular expression of how a clause ends that tells who speaks."""

SPOKEN: Final = _words("说 表示 认为 指出 透露")
"""Those of them that lean on others elsewhere in a clause."""

CALLED: Final = "又称|又名|别名|简称|原名|本名|被称为|被誉为"
"""A regular expression of what another name stands behind."""

WORKS: Final = "导演|执导|设计|创作|编剧|创立|创办|创建|建立|发明|撰写|作曲|作词|主持|承建|出版"
"""A regular expression of what is done by someone: 由谁设计."""
