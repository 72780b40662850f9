"""Pairs of opposite words: what goes one way on an axis, and what goes the other.

An axis has its two ends, each in English (words, told by their stems, then patterns behind |) and
Chinese (patterns of folded text). \x01 stands for a value.
"""

from __future__ import annotations

Ends = tuple[str, str, str, str]
"""English and Chinese of the one end, English and Chinese of the other."""

AXES: dict[str, Ends] = {
    "amount": (
        "more most majority much many mostly mainly|large (?:part|number|share)|a lot|lots of",
        "越多 更多 较多 最多 多数 多半 大多 大部分 绝大部分 过半 很多 许多 大量 大半 远多"
        " 多得多 超过(?!了?\\s?\x01)",
        "less least fewer fewest minority few|hardly any|small (?:part|number|share)|almost none",
        "越少 更少 较少 最少 少数 小部分 少部分 很少(?=[有的数量人,]|$) 寥寥 远少 少得多"
        " 几乎没有 不及(?!\\s?\x01)",
    ),
    "plan": (
        "ahead early earlier earliest sooner",
        "提前 提早 早日 早早 早于 得早 早了 早\x01 赶早 领先 略占上风",
        "behind late later latest delay delayed lag",
        "延后 推迟 延迟 拖延 (?<!降)落后 得晚 得迟 晚了 迟了 晚\x01 晚于 迟于 滞后 延误",
    ),
    "order": ("first", "第一 首个 首位 首家 最先 居首", "last", "最后 倒数 末位 垫底"),
    "size": (
        "large larger largest big bigger biggest giant major huge",
        "最大 大企业 大公司 大型 大厂 大项目 巨大 较大 更大",
        "small smaller smallest tiny minor",
        "最小 小企业 小公司 小型 小厂 小项目 较小 更小",
    ),
    "pace": (
        "fast faster fastest quick quicker quickest quickly rapid",
        "快 迅速",
        "slow slower slowest slowly",
        "慢 迟缓",
    ),
    "run": (
        "begin began begun start open opened launch run ran operate",
        "运转 运行 开放 开始 开工 动工 动土 启用 启动 开业 开出 挖下",
        "end ended stop stopped cease halt close closed suspend|shut(?:ting)? down",
        "结束 停止 停产 停工 停下 停歇 停顿 停(?![车电留靠泊机]) 间断 关闭 关门 打烊 终止 暂停",
    ),
    "side": (
        "before prior",
        "之前 以前",
        "after following",
        "之后 以后 过后 才(?![能干华])",
    ),
    "trade": (
        "buy bought purchase buyer",
        "购买 收购 采购 买入 买进 买下 购得 购入",
        "sell sold sale seller",
        "出售 卖出 销售 售出 卖掉 卖给 售予",
    ),
    "result": (
        "gain profit win won|in the black",
        "盈利 获利 赢 获胜 胜出",
        "loss lose lost|in the red",
        "亏损 损失 输 落败 败给 不敌",
    ),
    "abroad": ("export", "出口", "import", "进口"),
    "leave": (
        "allow permit",
        "允许 准许 许可",
        "ban forbid forbidden prohibit",
        "禁止 不准 不许 不得(?![不已])",
    ),
    "stand": (
        "support back favour favor",
        "支持 赞成 拥护",
        "oppose reject",
        "反对 拒绝 抵制",
    ),
    "stream": ("upstream", "上游", "downstream", "下游"),
    "year": (
        "|(?:early|beginning of|start of)(?: in)?(?: the)? \x01",
        "\x01初 年初 \x01早期 \x01前期",
        "|(?:late|end of|last days of)(?: in)?(?: the)? \x01",
        "\x01底 \x01末 年底 年末 \x01晚期 \x01后期",
    ),
    "duty": (
        "must required compulsory|(?:ha(?:s|ve|d)|needs?|needed) to",
        "必须 须 还得 非得 要求",
        "|(?:no|not|never) (?:longer )?(?:need|have to|required)|needn't|need not|no need"
        "|without having to",
        "不必 不用 无需 无须 毋须 毋需 免去 不再需要",
    ),
    # of places and times
    "north": (
        "|north(?:ern|wards?|east|west)?(?! (?:korea|america|africa|sea|pole|carolina|dakota))",
        "以北 北部 北边 北面 北侧 北方 向北 北郊 北岸",
        "|south(?:ern|wards?|east|west)?(?! (?:korea|america|africa|sea|pole|carolina|dakota))",
        "以南 南部 南边 南面 南侧 南方 向南 南郊 南岸",
    ),
    "east": (
        "|(?:north|south)?east(?:ern|wards?)?(?! (?:asia|germany|timor|africa))",
        "以东 东部 东边 东面 东侧 向东 东郊 东岸",
        "|(?:north|south)?west(?:ern|wards?)?(?! (?:virginia|germany|bank|africa|indies))",
        "以西 西部 西边 西面 西侧 向西 西郊 西岸",
    ),
    "centre": (
        "inner central downtown|city cent(?:re|er)",
        "内城 市中心 城区 市区",
        "outer outskirts suburb suburban outlying",
        "外围 郊区 城郊 市郊 近郊 远郊",
    ),
    "noon": (
        "morning|a\\.m\\.",
        "上午 早上 早晨 清晨 凌晨",
        "afternoon evening night|p\\.m\\.",
        "下午 晚上 傍晚 夜间 深夜",
    ),
    # of things and people
    "crowd": (
        "crowded dense busy populous bustling",
        "密集 稠密 拥挤 繁忙 热闹 繁华 稠",
        "sparse deserted empty uninhabited quiet",
        "稀少 稀疏 荒凉 偏僻 空旷 冷清 人烟稀",
    ),
    "survival": (
        "survive survivor survived intact unscathed spared|still stands?",
        "幸免 躲过 完好 幸存 生还 逃过 保存(?:下来|至今) 保住",
        "destroy destroyed ruin demolish wreck perish kill died|burn(?:ed|t) down",
        "毁 焚 拆除 遇难 丧生 身亡 阵亡",
    ),
    "ease": (
        "smooth smoothly|without (?:a hitch|incident|problems?|trouble|difficult\\w+)",
        "顺利 一帆风顺 顺畅",
        "trouble problem troubled difficulty",
        "问题不断 状况(?:不断|连连|百出) 困难重重 受阻 故障 频出",
    ),
    "accord": (
        "agree agreed settle settled reconcile resolve resolved",
        "达成 和解 谈妥 谈拢 化解",
        "collapse disagree deadlock|br(?:eak|oke|oken) (?:down|off)|fell through",
        "破裂 谈崩 不欢而散 争执 僵局 告吹",
    ),
    "league": (
        "promote promotion",
        "升入 升上 升级 晋级",
        "relegate relegation",
        "降级 降入 降出 降到",
    ),
    "gas": (
        "absorb",
        "吸收",
        "emit emission release released|g[ai]ven? off",
        "释放 排放",
    ),
    "pass": (
        "approve adopt enact ratify|passe[sd]? (?:an?|the) (?:act|bill|law|resolution)|(?:bill"
        "|act|law|motion|resolution) (?:was )?passed",
        "获通过 通过了 票通过 获批 批准 采纳 准予",
        "veto|declin(?:e[sd]?|ing) to|turn(?:s|ed)? down|vot(?:e[sd]?|ing) down|(?:bill|motion"
        "|law|proposal|amendment) (?:was |were )?defeated",
        "否决 驳回 搁置 回绝",
    ),
    "success": ("succeed success successful", "成功", "fail failure failed", "失败 未能 未果"),
    "reach": (
        "include including",
        "包括 包含 涵盖 在内",
        "exclude excluding except exception|apart from|other than",
        "除外 不包括 不含",
    ),
    "mean": (
        "average mean|per capita",
        "平均 年均 人均 月均 日均 户均",
        "total altogether combined aggregate|in all",
        "总共 共计 合计 累计 总计 一共",
    ),
    "entry": ("join joined accession", "加入", "withdraw withdrew withdrawal quit", "退出 脱离"),
    "change": (
        "rise rises rising rose risen increase grow grew grown growth climb climbed gain jump surge"
        " soar expand expansion lift raise higher above double boost boom"
        "|up (?:by|from|sharply|\x01)|went up|goes? up",
        "增 升 提高 翻[了上]?一?[番倍] 涨 多了 多出 高出 高于 上调 调高 走高 扩大 扩产"
        " 高\\s?\x01 攀高 走强",
        "fall fell fallen drop decline decrease shrink shrank shrunk cut reduce reduction lower"
        " below slump plunge halve diminish dwindle|down (?:by|from|sharply|\x01)|went down"
        "|goes? down",
        "下降 减 下跌 跌 降低 降至 降到 下调 调低 走低 裁 少了 低于 平均低 缩 回落 下滑"
        " 低\\s?\x01 锐减 走弱",
    ),
}

WITH_VALUES_ONLY = frozenset({"trade", "side", "stream"})
"""Axes of which each end may tell the same event: A sold to B, B bought from A."""
