"""What two clauses share: words of one language, and concepts across languages.

The list of concepts only tells which clause of a quote a clause of a claim speaks of; what it
doesn't have is no mismatch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rag.fold import stem

_IDLE_WORDS = """
the a an of to in and is was be been being are were have has had it its that this these those by
for from on with at as or will would should can could may must not no do does did more than their
his her they he she we you i one all each every also there here when if then
"""
_CONCEPTS = """
apply:申请 produce,production,product,make,output:生产,投产,产值,产品 battery:电池
pay,charge:交,付,缴 invest:投资,投入,招商 company,firm,business:企业,公司
factory,plant,workshop:工厂,厂房,厂 wait:等 toll,fee:通行费,收费,费用
land,plot,site:地块,土地,用地 approve,approval,permit,paperwork:审批,手续,批 talent,expert:人才
engineer:工程师 worker,labour,staff,employee:工人,员工,职工,用工 school:学校,上学 move,relocate:搬
whole,entire:整 supplier:供应商,配套 document,paper,certificate:文件,证明,材料 submit,hand:提交,递
measure,policy:政策,措施 enjoy,benefit:享受 plan:计划,规划,方案 project:项目,工程 park:园区,园
road,street,highway,expressway:路,公路,高速 bridge:桥 detour:绕 commute:上下班 direct:直接
decide,determine:决定 recruit,hire:招 keep,retain,stay:留 order:订单 fear,afraid:怕
office,official,cadre:干部,官员,领导 bureau:局 department:部门 district:区 city,town:市,城市
county:县 province:省 industry,industrial:工业,产业 cluster:集群 map:地图,图 market:市场
material:材料 technology,technical:技术 research:研究,研发 price:价格,价 cheap:便宜 cost:成本,花费
save:省,节省 energy,power,electricity:能源,能耗,电 storage,store:储能
car,vehicle,automobile:汽车,车 steel:钢 copper:铜 ship,boat:船 port,berth:港,码头 rain:雨
weather:天气 spring:春 winter:冬 headline:头条 money,fund:资金,钱 standard,meet:标准,达标
withdraw,leave,exit:退出 advantage,edge:优势 split,divide:拆分,分摊,分 profit:利润,盈利
headcount:人数 list:清单,名单 lake:湖 sign,contract:签,合同,签约 build,construct:建,建设
open,operate:开放,启用 close:关闭 window:窗口 service:服务 investor:投资者,客商 population:人口
income:收入 government:政府 bank:银行 law:法,法律 people,resident:人,居民 student:学生
hospital,doctor:医院,看病 house,housing,home:房子,住房 train,rail,railway:铁路 airport:机场
patient:病人 export:出口 import:进口 attract,introduce:引进,吸引 link,connect:连接,连
finish,complete:完工,竣工,建成,修好 report,release:公报,报告 equal,same:等于 become,turn:变成,成为
attend:参加 agree,agreement:同意,协议 debt:负债,债务 allow,permit:允许,准许 know:知道
visit:拜访,考察,参观 publish,announce:公布,发布 accept:接受 support:支持,扶持 water:水 gas:燃气,气
sell,sale:卖,销售 buy,purchase:买,采购 leader,leading:龙头,领军 fall,behind:掉队,落后 large,big:大
small:小 new:新 old:老,旧 first:第一 quality:质量 safe:安全 time:时间 far,distance:远
education:教育 neighbour,neighbor:邻居 comment:置评,回应 revenue:营收 talk,negotiate:谈判
meeting:会议 vote:投票 win:获胜,赢 injure,hurt:受伤,伤 die,death:死亡 president:总统,主席
mayor:市长 police:警方,警察
"""


@cache
def _concepts() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """English stems and Chinese words to the concept that they share, and what finds the latter."""
    english: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for entry in _CONCEPTS.split():
        left, right = entry.split(":")
        concept = "+" + left.partition(",")[0]
        english |= {stem(word): concept for word in left.split(",")}
        chinese |= dict.fromkeys(right.split(","), concept)
    forms = sorted(chinese, key=len, reverse=True)
    return english, chinese, re.compile("|".join(forms))


@cache
def idle_stems() -> frozenset[str]:
    """The stems of English words that say nothing by themselves."""
    return frozenset(map(stem, _IDLE_WORDS.split()))


def words(text: str) -> Iterator[str]:
    """English stems, pairs of neighbouring Chinese characters, and the concepts of both."""
    english, chinese, pattern = _concepts()
    for word in re.findall(r"[a-z][a-z'’]+", text):
        root = stem(word)
        if root not in idle_stems():
            yield root
            if root in english:
                yield english[root]
    for run in re.findall("[\u4e00-\u9fff]+", text):
        yield from (first + second for first, second in pairwise(run))
    for word in pattern.findall(text):
        yield chinese[word]
