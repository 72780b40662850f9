"""Lines that belong to a page and not to its article, by the shape of the whole line.

Patterns are matched on the folded line (half-width, simplified, lower case) and must cover all of
it: a sentence that merely holds a word such as 来源, 编辑, share or published is never touched.
"""

from __future__ import annotations

import re

_W = r"[\s\[\]【】()<>《》|丨/·•:,、;→»>+\-—_*#~!.。]*"

_ZH_PHRASES = (
    r"网站?首页|返回首页|回到首页|返回(?:顶部|列表|目录|上一?页|主页|搜狐.*)"
    r"|回到?顶部|首页|主页|网站地图|设为首页|加入收藏|收藏本[站页]|联系我们"
    r"|关于我们"
    r"|无障碍(?:浏览|阅读|版)?|长者(?:模式|助手|版|专区)|适老化|关怀版"
    r"|进入关怀版|手机版|移动版|客户端下载?|下载客户端|app下载|下载app"
    r"|打开app.{0,10}|电脑版|触屏版|english|简体(?:中文|版)?|繁体(?:中文"
    r"|版)?|繁體|简|繁|智能问答|站内搜索|搜索|搜一搜|高级搜索"
    r"|请输入关键[词字]|登录|注册|登录/注册|退出|用户登录|会员中心|我的"
    r"|分享|分享到?|分享至|分享本页|分享文章|一键分享|转发|微信|微博|新浪微博"
    r"|腾讯微博|qq|qq空间|qq好友|朋友圈|微信好友|微信朋友圈"
    r"|facebook|twitter|x|line|whatsapp|telegram|linkedin|weibo|wechat"
    r"|plurk|复制链接|复制网址|copy link|email|邮件|打印|打印本[页文稿]"
    r"|打印此[页文]|打印文章|友善列印|列印|转寄|转寄友人|关闭|关闭(?:本页"
    r"|窗口|本窗口|此页)"
    r"|我要(?:纠错|评论|收藏|分享|投稿|留言|打印)|纠错|报错|举报|投诉|点赞"
    r"|赞|收藏|评论|网友评论|发表评论|查看评论|热门评论|最新评论|全部评论"
    r"|参与评论|文明上网.{0,30}|暂无评论|留言|字号|字体|字体大小|大|中"
    r"|小|大号|中号|小号|默认|超大|标准|特大|a\+|a-|aa?|t大|t小|放大|缩小"
    r"|调整字[体号级](?:大小)?|字级|视力保护色|护眼|夜间模式|语音(?:播报"
    r"|朗读|阅读)|听新闻|朗读|播报文章|收听|暂停|开始播报|阅读(?:模式|全文)"
    r"|正 ?文|内容|新闻中心|返回|查看原文|阅读原文|原文链接|展开(?:全文"
    r"|阅读)?|点击(?:展开|查看)(?:全文|更多|原文)?|查看更多|更多|更多(?:内容"
    r"|精彩|新闻|资讯).{0,12}|加载更多|收起|下一[页篇]|上一[页篇]|尾页"
    r"|末页|全文|下载附件|附件下载|广告|赞助|推广|相关标签|标签|当前位置"
    r"|您?的位置|导航|菜单|网站导航|快速导航|友情链接|切换城市|播放|重播"
    r"|关注|已关注|关注我们|订阅|订阅我们|微信公众号|官方微[信博]|官方微信公众号"
    r"|二维码|手机扫码.{0,16}|复制|回复|引用|投票|rss|选择字号|扫码|微信扫码"
    r"|新闻爆料|我要爆料|报料|加入会员|延伸阅读|热门|热搜|最新|推荐"
)
_EN_PHRASES = (
    r"share(?: (?:this|to|on|via|with|by)(?: (?:article|page|story|post"
    r"|facebook|twitter|x|linkedin|email|wechat|weibo|whatsapp|friends?))?)?"
    r"|share:?|facebook|twitter|tweet|linkedin|whatsapp|reddit|pinterest"
    r"|email|e-mail|print|print this page|print article|save|bookmark|copy link"
    r"|link copied"
    r"|download attachments?|attachments? download|back to (?:top|home"
    r"|list)|top|home|homepage|home page|main page|menu|search|close|close (?:window"
    r"|menu)|skip to (?:main )?(?:content|navigation|footer)|sign in|sign up"
    r"|log ?in|log ?out|register|subscribe|subscribe now|my account|advertisement"
    r"|advertisements?|ad|sponsored|sponsored content|promoted"
    r"|story continues below(?: advertisement)?"
    r"|article continues (?:after|below) (?:this )?ad(?:vertisement)?"
    r"|scroll (?:down )?to continue(?: reading)?"
    r"|continue reading|read (?:more|full (?:story|article)|the full story)"
    r"|load more|show more|see (?:more|all)|view all|more|next|previous"
    r"|prev|next (?:article|post|story)|previous (?:article|post|story)"
    r"|comments?|leave a (?:comment|reply)|view comments|no comments|\d+ comments?"
    r"|add a comment|contact us|about(?: us)?|help|faqs?|careers|advertise(?: with us)?"
    r"|privacy(?: policy| notice)?|terms(?: (?:of (?:use|service)|and conditions"
    r"|& conditions))?|cookies?(?: (?:policy|settings|preferences|notice))?"
    r"|manage (?:cookies|preferences)|do not sell my (?:personal )?info(?:rmation)?"
    r"|site ?map|accessibility(?: (?:help|statement|links))?|rss(?: feeds?)?"
    r"|newsletters?|follow us|follow(?: us on)?|font(?: size)?|large|medium"
    r"|small|set (?:as )?homepage|add to favou?rites?|favorites?|mobile (?:portal"
    r"|version)|desktop version|text size|a\+|a-|aa|listen(?: to this (?:article"
    r"|story))?|listen now|watch(?: now)?|play|live|just now|getty images"
    r"|image source|reuse this content|republish this article|order reprints"
    r"|purchase licensing rights|get (?:the )?app|download (?:the|our) app"
    r"|accept(?: all)?(?: cookies)?|reject(?: all)?|decline|got it|i agree"
    r"|ok|agree|dismiss|allow all|trending|latest|topics|tags|english|中文"
    r"|chinese|简体|繁體"
)


def _longest_first(alternatives: str) -> str:
    """The top-level alternatives of a pattern, longest first: the loop below never goes back."""
    parts, depth = [""], 0
    for char in alternatives:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return "|".join(sorted(parts, key=len, reverse=True))


_PHRASES = re.compile(
    rf"{_W}(?:(?:\b(?:{_longest_first(_EN_PHRASES)})(?![a-z])|{_longest_first(_ZH_PHRASES)}){_W})++"
)

_LINES = re.compile(
    # sharing, scanning, following
    r"分享(?:到|至|给)?\s*:?.{0,40}(?:微信|微博|qq|朋友圈|好友|facebook|twitter|line|空间).{0,40}"
    r"|.{0,24}(?:扫一扫|扫描(?:上方|下方|左侧|右侧|以上|以下)?二维码|长按(?:识别)?二维码"
    r"|扫码).{0,12}(?:关注|分享|阅读|打开|查看|手机|下载|进群|加入|参与"
    r"|访问|继续|浏览).{0,30}"
    r"|(?:扫一扫|微信扫一扫|用微信扫(?:一扫|码)?二维码).{0,30}"
    r"|分享让更多人看到|.{0,30}尽在.{0,20}(?:app|客户端)|请继续往下(?:阅读"
    r"|看).{0,10}|.{0,50}(?:点我|立即|马上)下载.{0,30}"
    r"|(?:点击|请|欢迎|敬请|赶快|快来)?(?:关注|订阅|下载|加入)(?:我们|本报"
    r"|本网|本站|官方)?[^。,]{0,24}(?:公众号|客户端|app|微信号?|微博|粉丝团"
    r"|line|官方账号|脸书|facebook|频道|电子报)[^。,]{0,20}"
    r"|(?:上|下|前|后)一?[篇条则页]\s*[::>].{0,100}|(?:上|下)一(?:篇|条|则)\s+\S.{0,80}"
    # page counters and font sizes
    r"|[\[【(]?\s*(?:字号|字体|字级|font(?: size)?)\s*:?\s*[\[【(]?\s*(?:大号?"
    r"|中号?|小号?|特大|超大|默认|标准|large|medium|small|and|\s|[,、/|+\-a.\[\]【】()])+[\])】]?.{0,24}"
    r"|(?:本文|文章)?(?:点击|浏览|阅读|访问|观看|播放|人气|评论|点赞|分享)(?:数"
    r"|量|次数|率|人数)?\s*[::]?\s*[\d,.]*\s*(?:次|人|万|万次|w|k)?\+?"
    r"|[\d,.]+\s*(?:次|人)?(?:浏览|阅读|评论|点赞|观看|赞)|\(?(?:views?"
    r"|hits|clicks|reads)\s*:\s*[\d,.]*\)?"
    r"|\d+\s*(?:min|minute)s? read|[\d,.]+[km]? (?:views|shares|comments|likes)"
    # where the reader is
    r"|(?:您?(?:现在|当前|目前|所在)?(?:所在)?的?位置|当前位置|所在位置"
    r"|当前所在(?:位置)?|现在位置|目前位置|you are here|current (?:location"
    r"|position)|location|your position)\s*:.{0,120}"
    # calls to read, links elsewhere
    r"|(?:read more|see also|also read|read also|related|more on this|watch"
    r"|listen|don't miss|must read|recommended|read next|more|click here"
    r"|view more)\s*[:»>]\s*[^。]{0,160}(?<![.。])"
    r"|(?:相关|延伸|推荐|更多|拓展|往期)(?:阅读|报道|新闻|链接|文章|回顾)\s*:[^。]{0,120}"
    r"|click here (?:to|for) .{0,80}|(?:点击|点此|请点)(?:这里|此处|链接"
    r"|图片|上方|下方|查看|进入|阅读|购买).{0,30}"
    r"|(?:原标题|原题|original title)\s*:[^。]{0,100}"
    r"|.{0,30}返回搜狐,?查看更多.{0,24}|责任编辑:?"
    r"|(?:更多|查看|阅读).{0,12}(?:请|尽在|敬请)(?:关注|点击|下载|登录|访问).{0,40}"
    r"|(?:转载|转发)(?:时)?请(?:务必)?(?:注明|标注|联系|保留).{0,60}|未经[^,。]{0,16}(?:许可"
    r"|授权|允许|同意|批准)[^。]{0,12}(?:不得|禁止|严禁|谢绝|请勿)[^。]{0,16}(?:转载"
    r"|复制|摘编|镜像|刊载|链接|使用本)[^。]{0,50}。?"
    r"|(?:版权所有(?![者人权])|著作权所有(?![者人权])|版权归)[^。]{0,100}。?"
    r"|.{0,60}(?:版权所有|著作权所有)(?:[,.。\s]*(?:未经|不得|翻印|转载"
    r"|违者|侵权|盗用|请勿|all rights).{0,60})?"
    r"|(?:copyright\s*(?:©|\(c\)|\d{4}|:|by\b|notice)|\(c\)\s*\d{4}|©).{0,500}"
    r"|.{0,100}all rights reserved.{0,80}|.{0,40}©\s*(?:\d{4}|all).{0,60}"
    r"|[^。]{0,30}icp[备证].{0,60}|[^。]{0,40}公网安备.{0,60}|[^。]{0,30}网站标识码.{0,40}"
    r"|[^。]{0,20}(?:互联网新闻信息服务|信息网络传播视听节目|增值电信业务).{0,30}许可证.{0,60}"
    r"|.{0,10}(?:违法和不良信息|不良信息|有害信息)举报(?:电话|邮箱|热线).{0,80}"
    # disclaimers
    r"|\*?(?:免责|版权|特别|郑重|广告|本网|本站|风险|法律|平台|重要)?(?:声明"
    r"|提示|说明|免责条款)\s*:.{0,300}?(?:转载|版权|不代表|仅供参考|侵权"
    r"|信息存储|投资建议|本平台|本声明|著作权|无关|不构成|不承担|自负).{0,300}"
    r"|(?:免责声明|版权声明|特别声明|权利声明|网站声明|disclaimer)"
    r"|\(?(?:本文|以上|上述|该文|文章|此文|本稿)(?:内容|文章|观点|言论"
    r"|信息)?(?:为企业供稿)?[^。]{0,30}(?:仅供参考|不代表[^。]{0,30}(?:观点"
    r"|立场)|仅代表[^。]{0,20}(?:观点|立场|意见)|不构成[^。]{0,20}(?:建议"
    r"|意见)).{0,160}"
    r"|凡(?:本网|本站|注明|是?注).{0,20}(?:来源|转载|作品|注明).{0,300}"
    r"|如(?:有|涉|因|若|果)[^。]{0,24}(?:侵权|版权|侵犯)[^。]{0,40}(?:联系"
    r"|删除|告知|处理).{0,80}"
    r"|(?:the )?(?:views|opinions)(?: and opinions)? expressed.{0,60}"
    r"(?:do not (?:necessarily )?(?:reflect"
    r"|represent)|are (?:those|solely)).{0,200}"
    r"|disclaimer\s*:.{0,400}|our standards: the thomson reuters trust principles.{0,40}"
    r"|this (?:material|story|article) may not be (?:published|reproduced).{0,160}"
    r"|(?:no part of )?this (?:story|article|content) (?:was|is) (?:originally )?(?:published"
    r"|provided) (?:on|by|from) .{0,80}"
    # cookies, newsletters, follow us
    r"|(?:we|this (?:web)?site|our (?:web)?site|.{0,30}(?:partners|website))\s+"
    r"(?:and our partners\s+)?(?:use|uses|store)s? cookies"
    r".{0,300}|by (?:continuing|using|clicking|browsing"
    r"|accepting)[^.]{0,80}(?:cookies?|privacy|terms).{0,200}|本(?:网站"
    r"|站|网)(?:使用|采用|通过使用)[^。]{0,10}cookies?.{0,160}|.{0,20}(?:同意"
    r"|接受).{0,10}(?:cookie|隐私).{0,60}"
    r"|(?:sign up|subscribe|register|get|join)\b.{0,60}\b(?:newsletters?"
    r"|inbox|alerts|email updates|e-mail updates|mailing list|daily briefing)\b.{0,120}"
    r"|(?:follow|like|find|connect with) (?:us|\S+(?: \S+){0,2}) on .{0,80}(?:facebook"
    r"|twitter|x|instagram|youtube|tiktok|linkedin|wechat|weibo|telegram).{0,40}"
    r"|(?:download|get) (?:our|the) .{0,30}\bapp\b.{0,60}|enter your e-?mail.{0,60}"
    r"|(?:thank you|thanks) for (?:subscribing|signing up|reading).{0,60}"
    r"|(?:image source|image caption|photo credit|picture credit|credit"
    r"|images?|photo|photograph|picture)\s*[:,]\s*(?:getty images?|reuters"
    r"|afp|ap|xinhua|vcg|epa|shutterstock|istock|pa media|alamy|bloomberg"
    r"|file(?: photo)?)(?:[/ ,].{0,40})?"
    r"|have (?:a|any) (?:tip|question|story|confidential)[^.?]{0,60}\?.{0,120}"
    r"|(?:share|let us know) your (?:thoughts|views|opinion).{0,80}"
)
_EDGE_LINES = re.compile(
    r"\+?\d{1,3}|(?:previous|next)(?: (?:article|post|news|page|one))?\s*:.{0,160}"
    r"|(?:主办|承办|协办|技术支持|运营|维护|主管|制作|版权)(?:单位|方)?\s*:[^。]{2,80}"
    r"|(?:tags?|filed under|topics?|keywords?|categories|category|标签"
    r"|关键[词字]|相关标签)\s*:.{0,160}"
    r"|[^。,]{0,24}(?:微信公众号|官方微信|公众号)\s*:?\s*[\w\-]{0,30}"
    r"|(?:新闻|投稿|报料|爆料|广告|服务|客服|监督|举报|咨询)(?:热线|邮箱"
    r"|电话)\s*:\s*[\w@.\-() 、,转/:：|热线邮箱电话]{5,80}"
)
_LINK_LIST = re.compile(
    r"[\[【(<]?\s*(?:相关|延伸|推荐|拓展|更多|热门|最新|精彩|今日|本周"
    r"|图片|编辑|猜你|大家|为你|为您|热点|点击|阅读|评论|浏览|最多|随机"
    r"|往期|栏目|专题)"
    r"(?:阅读|新闻|链接|报[道导]|文章|内容|信息|推荐|热点|热文|热点新闻"
    r"|专题|喜欢|都在看|都在搜|排行|排行榜|资讯|精选|回顾|图集|视频|话题"
    r"|附件|文件|精彩|头条|解读|政策解读|评论|人气)"
    r"(?:阅读|新闻|文章|排行榜?|推荐|内容|资讯)?\s*[\])】>]?\s*[:>»]*\s*"
    r"|(?:related|recommended|more|popular|trending|latest|further|most"
    r"|you may (?:also )?(?:like|be interested in)|also|top|other|editors?'?s?)"
    r"(?:\s+(?:links?|articles?|stories|story|news|reading|content|topics"
    r"|posts?|coverage|read|viewed|popular|shared|commented|now|picks?"
    r"|for you|from .{1,30}|on this (?:story|topic)|in .{1,30}|headlines"
    r"|videos?))*\s*:?"
    r"|阅读下一篇:?|read next:?|what to read next|around the web|from around the web"
    r"|keep reading|in this story|on our radar"
)


_LONG_HINT = re.compile(
    r"声明|版权|转载|侵权|不代表|仅供参考|本[网站]|cookie|copyright|reserved"
    r"|disclaimer|©|views expressed"
    r"|newsletter|inbox|not be published|icp|许可证"
)


def is_boilerplate(folded: str, *, inner: bool = False) -> bool:
    """Whether a folded line is a page's own: buttons, sharing, copyright, cookies and such.

    `inner` is for lines between paragraphs: a site's footer doesn't stand there.
    """
    if len(folded) > 120:
        return len(folded) <= 600 and bool(_LONG_HINT.search(folded) and _LINES.fullmatch(folded))
    return bool(
        _PHRASES.fullmatch(folded)
        or _LINES.fullmatch(folded)
        or (not inner and _EDGE_LINES.fullmatch(folded))
    )


def opens_link_list(folded: str) -> bool:
    """Whether a folded line is the heading of a list of other articles."""
    return len(folded) <= 40 and bool(_LINK_LIST.fullmatch(folded))


_NAV_WORDS = re.compile(
    r"首页|地图|导航|收藏|新闻|要闻|时政|财经|体育|娱乐|科技|教育|国际"
    r"|国内|社会|军事|视频|图片|专题|评论|理论|地方|健康|旅游|汽车|房产"
    r"|文化|论坛|博客"
    r"|政务|政府|公开|服务|互动|办事|概况|关于|联系|登录|注册|繁体|手机"
    r"|客户端|投稿|无障碍|即时|生活|两岸|全球|产经|股市|运动|影音|港闻"
    r"|副刊|会员"
    r"|home|news|world|business|sports?|opinion|culture|tech|politics|video"
    r"|health|science|travel|portal|contact|about|login|sign|subscribe"
    r"|government|congress|committee|favorites?|homepage|accessibility"
    r"|privacy|terms|markets?|life|weather|local|search|menu|chinese|english"
    r"|more|photos?"
)


_SECTION_REST = re.compile(r"[\s&,/·]+|and|the|latest|breaking|本地|国内外|频道|中心|网|在线|资讯")


def is_section(folded: str) -> bool:
    """Whether a folded name is one that many sites have: `World News`, `财经频道`."""
    return not _SECTION_REST.sub("", _NAV_WORDS.sub("", folded))


_SURE = re.compile(r"首页|地图|收藏|登录|\bhome\b|login|sign in|privacy|正文|位置")


def is_navigation(folded: str, *, inner: bool = False) -> bool:
    """Whether a folded line is a row of links: `网站首页 | 网站地图`, `A > B > 正文`."""
    if len(folded) > 320 or re.search(r"[。!?;]|\.\s", folded):
        return False
    if inner and not _SURE.search(folded):
        return False
    return _is_menu(folded) or is_breadcrumb(folded)


def _is_menu(folded: str) -> bool:
    parts = [part.strip(" [](){}") for part in re.split(r"\s*[|丨│┃]\s*", folded)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        words = folded.split()
        return (
            len(words) >= 5
            and all(len(word) <= 6 for word in words)
            and sum(bool(_NAV_WORDS.search(word)) for word in words) >= 0.6 * len(words)
        )
    if not all(len(part) <= (40 if part.isascii() else 14) for part in parts):
        return False
    known = sum(bool(_NAV_WORDS.search(part)) for part in parts)
    return known >= (2 if len(parts) < 4 else max(2, len(parts) // 3)) and not re.search(
        r"\d{2}", folded
    )


def is_breadcrumb(folded: str) -> bool:
    """Whether a folded line shows where a page lies in its site."""
    if re.match(
        r"(?:您|你)?(?:现在|当前|目前|所在)?的?(?:所在)?(?:的)?位置\s*:|you are here", folded
    ):
        return True
    parts = [part.strip() for part in re.split(r"\s*(?:>+|»|›|→|>>|--?>)\s*", folded)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or not all(len(part) <= 40 for part in parts[:-1]):
        return False
    ends = {
        "首页",
        "网站首页",
        "home",
        "正文",
        "新闻",
        "news",
        "列表",
        "内容",
        "详情",
        "文章",
        "article",
    }
    if parts[0] in ends or parts[-1] in ends or "首页" in parts[0]:
        return True
    return len(parts) > 2 and all(len(part) <= (24 if part.isascii() else 12) for part in parts)
