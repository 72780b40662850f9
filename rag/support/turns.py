"""Words of direction and their opposites: rose and fell, 第一 and 最后, before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rag.fold import stem
from rag.support.negatives import denied


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of direction: its axis, which way it goes, where it stands in its clause."""

    axis: str
    up: bool
    at: int
    word: str


WITH_VALUES_ONLY = frozenset({"trade", "side", "stream"})
"""Axes of which each end may tell the same event: A sold to B, B bought from A."""

_TURNED_BY_DENIAL = {"change", "run", "duty"}

# An axis: its two ends, each in English (words, then patterns behind |) and Chinese (patterns).
_AXES = {
    "change": (
        "rise rises rising rose risen increase grow grew grown growth climb climbed gain jump surge"
        " soar expand expansion lift raise higher above double"
        "|up (?:by|from|\x01)|went up|goes? up",
        "增 升 提高 翻[了上]?一?[番倍] 涨 多了 多出 高出 高于 上调 调高 走高 扩大 扩产",
        "fall fell fallen drop decline decrease shrink shrank shrunk cut reduce reduction lower"
        " below slump plunge halve diminish dwindle|down (?:by|from|\x01)|went down|goes? down",
        "下降 减 下跌 跌 降低 降至 降到 下调 调低 走低 裁 少了 低于 平均低 缩 回落 下滑 低\x01",
    ),
    "amount": (
        "more most majority",
        "越多 更多 较多 最多 多数 多半",
        "less least fewer fewest minority",
        "越少 更少 较少 最少 少数",
    ),
    "plan": (
        "ahead early earlier earliest sooner",
        "提前 提早 早日 早早 早于 得早 赶早 领先 略占上风",
        "behind late later latest delay delayed lag",
        "延后 推迟 延迟 拖延 落后 得晚 得迟 晚于 迟于 滞后 延误",
    ),
    "order": ("first", "第一 首个 首位 首家 最先 居首", "last", "最后 倒数 末位 垫底"),
    "size": (
        "large larger largest big bigger biggest giant major huge",
        "最大 大企业 大公司 大型 大厂 大项目 巨大 较大 更大",
        "small smaller smallest tiny minor",
        "最小 小企业 小公司 小型 小厂 小项目 较小 更小",
    ),
    "rank": ("highest", "最高", "lowest", "最低"),
    "length": ("long longer longest", "最长 更长 较长", "short shorter shortest", "最短 更短 较短"),
    "pace": (
        "fast faster fastest quick quicker quickest quickly rapid",
        "快 迅速",
        "slow slower slowest slowly",
        "慢 迟缓",
    ),
    "run": (
        "begin began begun start open opened launch run ran operate",
        "运转 运行 开放 开始 开工 动工 动土 启用 启动 开业 开出 挖下",
        "end ended stop stopped cease halt close closed suspend|shut down",
        "结束 停止 停产 停工 停下 停歇 停顿 停(?![车电留靠泊机]) 间断 关闭 关门 打烊 终止 暂停",
    ),
    "side": ("before", "之前 以前", "after", "之后 以后 过后"),
    "trade": (
        "buy bought purchase buyer",
        "购买 收购 采购 买入 买进",
        "sell sold sale seller",
        "出售 卖出 销售 售出 卖掉",
    ),
    "result": (
        "gain profit win won|in the black",
        "盈利 获利 赢 获胜 胜出",
        "loss lose lost|in the red",
        "亏损 损失 输 落败 败给",
    ),
    "abroad": ("export", "出口", "import", "进口"),
    "leave": ("allow permit", "允许 准许 许可", "ban forbid forbidden prohibit", "禁止 不准 不许"),
    "stand": ("support back favour favor", "支持 赞成", "oppose reject", "反对 拒绝"),
    "stream": ("upstream", "上游", "downstream", "下游"),
    "year": (
        "|(?:early|beginning of|start of)(?: in)? \x01",
        "\x01初 年初",
        "|(?:late|end of|last days of)(?: in)? \x01",
        "\x01底 \x01末 年底 年末",
    ),
    "duty": (
        "must required compulsory|(?:ha(?:s|ve|d)|needs?|needed) to",
        "必须 须 还得 非得 要求",
        "|(?:no|not|never) (?:longer )?(?:need|have to|required)|needn't|need not|no need"
        "|without having to",
        "不必 不用 无需 无须 毋须 毋需 免去 不再需要",
    ),
    "limit": (
        "|not (?:only|just|merely)|more than (?!\x01|a \\w+ (?:and|of)|half)",
        "不只 不止 不仅 不光 不单",
        "|nothing but|only (?!\x01)|nothing more than",
        "只有 仅有 仅仅 只是",
    ),
}
_NO_TURN = re.compile(
    r"\b(?:last|first|next) (?:year|month|week|quarter|night|spring|summer|autumn|winter|few|two"
    r"|three|phase|days|half)\b|\bat (?:the latest|least|most|last|first)\b|\bthe latest\b"
    r"|\bup to\b|\b(?:no|not) (?:less|more|fewer|later) than\b|\bmore or less\b"
    r"|\bas (?:long|soon) as\b|\blater on\b|\bsooner or later\b|\bsmall (?:and|or) medium\b"
    r"|\bback (?:to|in|from|at)\b|\bvalue[ -]added\b|\badded value\b|\blast mile\b"
    r"|\bend products?\b"
    r"|不少|不断|买卖|增量|增值税|增加值|升级|晋升|提升机|公升|缩影|浓缩|尽快|快递|快餐|减震|加减"
)


@cache
def _forms() -> tuple[dict[str, tuple[str, bool]], re.Pattern[str], list[tuple[str, bool]]]:
    """English stems to axis and way, and a pattern of the rest whose n-th group has the n-th."""
    stems: dict[str, tuple[str, bool]] = {}
    groups: list[str] = []
    ways: list[tuple[str, bool]] = []
    for axis, (english_up, chinese_up, english_down, chinese_down) in _AXES.items():
        for up, english, chinese in (
            (True, english_up, chinese_up),
            (False, english_down, chinese_down),
        ):
            single, _, patterns = english.partition("|")
            for word in single.split():
                stems.setdefault(stem(word), (axis, up))
            forms = [rf"\b(?:{patterns})"] if patterns else []
            groups.append("|".join([*forms, *chinese.split()]))
            ways.append((axis, up))
    return stems, re.compile("|".join(f"({group})" for group in groups)), ways


def find_turns(text: str) -> Iterator[Turn]:
    """The words of direction of a folded clause; one that is denied goes the other way, or no way.

    `did not rise` goes down, `not the first` is not the last.
    """
    stems, pattern, ways = _forms()
    plain = _NO_TURN.sub(lambda match: "\0" * len(match.group()), text)
    found = [
        (stems[root], match)
        for match in re.finditer(r"[a-z][a-z'’]+", plain)
        if (root := stem(match.group())) in stems
    ]
    found += [(ways[(match.lastindex or 1) - 1], match) for match in pattern.finditer(plain)]
    for (axis, up), match in found:
        turn = Turn(axis, up, match.start(), match.group().strip())
        if axis == "limit" or not denied(text, match.start(), 30 if axis == "duty" else 8):
            yield turn
        elif axis in _TURNED_BY_DENIAL:
            yield Turn(axis, axis != "duty" and not up, turn.at, turn.word)


def both_ways(axis: str, turns: Iterable[Turn]) -> bool:
    """Whether a clause goes both ways on an axis."""
    return len({turn.up for turn in turns if turn.axis == axis}) > 1
