"""Currencies, units of measure, durations and measure words, in both languages.

Chinese forms are simplified and English ones lower case, as folding leaves them; the first form of
a language is the one that is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "money", "share", "date", "duration"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. `english` begins with the singular and the plural; `sign` stands before sums."""

    code: str
    kind: Kind
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    sign: tuple[str, ...] = ()


def _unit(kind: Kind, code: str, chinese: str, english: str, sign: str = "") -> Unit:
    forms = tuple(form.strip() for form in english.split(","))
    return Unit(code, kind, tuple(chinese.split()), forms, tuple(sign.split()))


UNITS: tuple[Unit, ...] = (
    _unit(
        "money", "CNY", "元 元人民币 人民币 圆", "yuan,yuan,renminbi,rmb,cny", "rmb 人民币 cny ¥"
    ),
    _unit(
        "money",
        "USD",
        "美元 美金",
        "US dollar,US dollars,u.s. dollars,u.s. dollar,american dollars,dollars,dollar,usd",
        "US$ usd u.s.$ 美元 $",
    ),
    _unit(
        "money",
        "HKD",
        "港元 港币 元港币",
        "Hong Kong dollar,Hong Kong dollars,hk dollars,hkd",
        "HK$ hkd 港币",
    ),
    _unit(
        "money",
        "TWD",
        "元新台币 新台币 台币 新台币元",
        "NT dollar,NT dollars,new taiwan dollars,taiwan dollars,twd,ntd",
        "NT$ twd ntd 新台币 台币",
    ),
    _unit("money", "EUR", "欧元", "euro,euros,eur", "€ eur"),
    _unit("money", "GBP", "英镑", "pound sterling,pounds sterling,gbp", "£ gbp"),
    _unit("money", "JPY", "日元 日圆", "yen,yen,jpy", "jp¥ jpy"),
    _unit("money", "KRW", "韩元 韩圆", "won,won,krw", "krw ₩"),
    _unit("money", "AUD", "澳元 澳币", "Australian dollar,Australian dollars,aud", "A$ aud au$"),
    _unit("money", "CAD", "加元 加币", "Canadian dollar,Canadian dollars,cad", "C$ cad ca$"),
    _unit("money", "SGD", "新加坡元 新元", "Singapore dollar,Singapore dollars,sgd", "S$ sgd"),
    _unit("share", "%", "% 个百分比", "%,%,percent,per cent,pct"),
    _unit("share", "‰", "‰", "‰,‰,per mille"),
    _unit("share", "pp", "个百分点 百分点", "percentage point,percentage points,pp"),
    _unit("duration", "century", "个世纪", "century,centuries"),
    _unit("duration", "decade", "个十年", "decade,decades"),
    _unit("duration", "year", "年 年时间 个年头", "year,years"),
    _unit("duration", "month", "个月 个月时间", "month,months"),
    _unit("duration", "week", "周 个星期 星期 个礼拜", "week,weeks"),
    _unit("duration", "day", "天 天时间", "day,days"),
    _unit("duration", "working day", "个工作日", "working day,working days,business days"),
    _unit("duration", "hour", "小时 个小时 个钟头", "hour,hours"),
    _unit("duration", "minute", "分钟", "minute,minutes"),
    _unit("duration", "second", "秒 秒钟", "second,seconds"),
    _unit("number", "tonne", "吨 公吨", "tonne,tonnes,metric tons,metric ton,ton,tons"),
    _unit("number", "kg", "公斤 千克", "kg,kg,kilograms,kilogram,kilos,kgs"),
    _unit("number", "gram", "克", "gram,grams"),
    _unit("number", "lb", "磅", "lb,lb,lbs,pounds,pound"),
    _unit("number", "ounce", "盎司", "ounce,ounces,oz"),
    _unit("number", "litre", "公升 升", "litre,litres,liters,liter"),
    _unit("number", "ml", "毫升", "ml,ml,millilitres,milliliters,millilitre,milliliter"),
    _unit("number", "km", "公里 千米", "km,km,kilometres,kilometers,kilometre,kilometer,kms"),
    _unit("number", "metre", "米 公尺", "metre,metres,meter,meters"),
    _unit("number", "cm", "厘米 公分", "cm,cm,centimetres,centimeters,centimetre,centimeter"),
    _unit("number", "mm", "毫米 公厘", "mm,mm,millimetres,millimeters"),
    _unit("number", "inch", "英寸 英吋", "inch,inches"),
    _unit("number", "foot", "英尺 英呎", "foot,feet,ft"),
    _unit("number", "yard", "码", "yard,yards"),
    _unit("number", "mile", "英里", "mile,miles"),
    _unit("number", "light-year", "光年", "light-year,light-years,light years,light year"),
    _unit("number", "nautical mile", "海里 浬", "nautical mile,nautical miles"),
    _unit(
        "number",
        "km2",
        "平方公里 平方千米",
        "square kilometre,square kilometres,square kilometers,square kilometer,sq km,sq. km,km2",
    ),
    _unit(
        "number",
        "m2",
        "平方米 平方公尺 平米 m2",
        "square metre,square metres,square meters,square meter,sq m,sq. m,m2",
    ),
    _unit("number", "sq mi", "平方英里", "square mile,square miles,sq mi,sq. mi"),
    _unit("number", "m3", "立方米 m3", "cubic metre,cubic metres,cubic meters,cubic meter,m3"),
    _unit("number", "hectare", "公顷", "hectare,hectares,ha"),
    _unit("number", "mu", "亩", "mu,mu"),
    _unit("number", "acre", "英亩", "acre,acres"),
    _unit(
        "number",
        "km/h",
        "公里/小时 公里/时 公里每小时 千米/小时 千米每小时",
        "km/h,km/h,kilometres per hour,kilometers per hour,kilometres an hour,kilometers an hour",
    ),
    _unit("number", "mph", "英里/小时 英里每小时", "mph,mph,miles per hour,miles an hour"),
    _unit(
        "number",
        "km/s",
        "公里/秒 公里每秒 千米/秒 千米每秒",
        "km/s,km/s,kilometres per second,kilometers per second,kilometres a second",
    ),
    _unit(
        "number",
        "m/s",
        "米/秒 米每秒",
        "m/s,m/s,metres per second,meters per second,metres a second",
    ),
    _unit("number", "mAh", "mAh 毫安时", "mAh,mAh"),
    _unit("number", "GB", "GB", "GB,GB,gigabytes"),
    _unit("number", "TB", "TB", "TB,TB,terabytes"),
    _unit("number", "TWh", "TWh 太瓦时", "TWh,TWh"),
    _unit("number", "GWh", "GWh 吉瓦时", "GWh,GWh,gigawatt-hours,gigawatt hours"),
    _unit("number", "MWh", "MWh 兆瓦时", "MWh,MWh,megawatt-hours,megawatt hours"),
    _unit("number", "kWh", "千瓦时 kWh", "kWh,kWh,kilowatt-hours,kilowatt hours"),
    _unit("number", "GW", "GW 吉瓦", "GW,GW,gigawatts,gigawatt"),
    _unit("number", "MW", "MW 兆瓦", "MW,MW,megawatts,megawatt"),
    _unit("number", "kW", "千瓦 kW", "kW,kW,kilowatts,kilowatt"),
    _unit("number", "celsius", "摄氏度 °C", "°C,°C,degrees celsius,degree celsius,degrees c"),
    _unit(
        "number",
        "fahrenheit",
        "华氏度 °F",
        "°F,°F,degrees fahrenheit,degree fahrenheit,degrees f",
    ),
    _unit("number", "person", "人 名 位 个人", "person,people,persons"),
    _unit("number", "household", "户 户家庭", "household,households"),
    _unit("number", "vehicle", "辆 辆车", "vehicle,vehicles"),
    _unit("number", "times", "倍", "times,times,-fold"),
    _unit("number", "age", "岁 周岁", "year old,years old"),
)
"""Every unit that has a name in both languages."""

_MEASURES = (
    "人次 批次 班次 架次 场次 个 家 台 项 条 座 所 间 艘 架 套 件 批 次 种 类 只 头 株 棵 本 部 张"
    " 份 支 枚 颗 块 片 栋 幢 场 首 款 处 起 例 宗 笔 股 桶 篇 门 道 根 节 层 匹 盏 尊 册 大"
)
MEASURES: tuple[str, ...] = tuple(_MEASURES.split())
"""Chinese measure words: they say what kind of thing is counted, and have no English name."""

BY_CODE = {unit.code: unit for unit in UNITS}
BY_CHINESE = {form.lower(): unit for unit in UNITS for form in unit.chinese}
BY_ENGLISH = {form.lower(): unit for unit in UNITS for form in unit.english}
BY_SIGN = {form.lower(): unit for unit in UNITS for form in unit.sign}
