"""The words that make a number a price, a discount, a bundle, or none of these. All match folded text."""

import re

N = r"(?:\d+(?:\.\d+)?|(?:[零〇一二三四五六七八九十百千万]|两(?=[百千万三四五])){1,12}|两)"
"""A number in either script."""

_ITEMS = (
    r"(?:个|张|件|份|套|台|条|本|盒|瓶|双|枚|部(?!分)|副|袋|箱|包(?!邮|你|您|快|运|退|换|含|过|会)"
    r"|只(?!要|能|收|卖|是|有|需)|把(?!它|这|他|货)|支(?!付|持)|对(?!吗|不|么|吧|的|方|于))"
)
_OTHERS = (
    r"(?:小时|分钟|秒|工作日|毫米|厘米|公分|英寸|公斤|千克|千瓦|毫安|毫升|赫兹|像素|折叠"
    r"|[天日号月年周岁码寸克斤升瓦伏级楼层款版期核帧格档粒倍星位字页度次遍种类步栋室路线新]"
    r"|[颗根片组串排罐辆桶卷幅]|人(?!民)|成(?!交)|代(?!付|拍|购|收)|家(?!里)|单(?!出|卖|独|价)|点(?![\d零一二三四五六七八九]))"
)
_LATIN_UNITS = (
    r"(?:gb?|tb?|mb?|kb|kw|hz|mah|ml|l|kg|cm|mm|m|km|h|min|pcs|fps|wh|ah|v|a|w|x|s|p|d|c"
    r"|pro|max|plus|ultra|mini|se|ti|super|th|st|nd|rd)(?![a-z])"
)
_RANGE = r"(?:\s*[-~–—到至]\s*" + N + ")?"

ITEM_MEASURE = re.compile(rf"\s*{_ITEMS}")
"""After a number: it counts goods."""

_CURRENCY = (
    r"(?:元|圆|块|刀|大洋|软妹币|分钱|毛(?!衣|巾|绒|病|孩|孔|笔|毯|利|线)|角(?!星|形|度|色|落|洲)"
    r"|(?:rmb|cny|yuan|kuai|¥|\$)(?!\s*\d)|[yr](?![a-z0-9]))"
)
MONEY_AFTER = re.compile(rf"[\s(\[【_·.*'\"|-]{{0,3}}(?:几|多|来|把|余|出头|左右)?\s*{_CURRENCY}")
MONEY_BEFORE = re.compile(r"(?:¥|\$|人民币|rmb|cny|yuan|(?<![a-z0-9])[yr])[\s:=_(\[【·.*-]{0,3}$")
AMOUNT_TAIL = re.compile(
    r"\s?[块元圆]\s?([\d零一二三四五六七八九])(?:毛|角)?(?![\d零一二三四五六七八九十百千万.%折])"
    rf"(?!\s*(?:{_ITEMS}|{_OTHERS}|{_CURRENCY}))"
)
"""After a number: 块五 of 三十块五; the group is the digit of tenths."""
VAGUE_AMOUNT = re.compile(
    r"毛爷爷|红票子|(?:几|半)(?=\s*(?:块|元|毛|刀|百)(?!钱?[吗呢?]))|(?<![a-z])[ivxlc]{1,8}(?=\s*(?:元|块))"
)
"""几块, 半百, XXXV元: an amount that says no number."""

UNDER_BEFORE = re.compile(r"(?:不到|低于|少于|小于)[\s¥]*$")
UNDER_AFTER = re.compile(rf"\s*(?:{_CURRENCY})?\s*(?:以内|以下|之内|之下|不到)")
"""Around a number: what is meant lies under it."""
POSTAGE_BEFORE = re.compile(r"(?:运费|邮费|快递费)(?:是|要|为|只要|需要|另付|补)?[\s:¥]*$")
BUNDLE_TOTAL = re.compile(r"(?:一共|总共|共计|合计|打包|全部|一起|总价|加起来|全要|都要|共)[^\d,。;!?]{0,4}$")
_NOT_COUNTED = r"(?<![\d零一二三四五六七八九十百千万两])"
PER_UNIT = re.compile(
    rf"(?:每|各|单价|均价|{_NOT_COUNTED}[一1])\s*{_ITEMS}?\s*"
    r"(?:的?话?|是|卖|要|价格?|就|只要|最低|算您?|给您|:)*[\s¥]*$"
)
"""Before a number: it is the price of one."""
PER_UNIT_AFTER = re.compile(rf"\s*[元块]?\s*(?:/\s*{_ITEMS}|[一每1]\s*{_ITEMS})")

REDUCED_BEFORE = re.compile(
    r"(?:(?<!最)便宜|(?<![至最不多])少|减|优惠券?|让利?|降价?|省|抹掉?|扣|返现?)"
    r"(?:您|你|个|了|去|掉|大概|大约|最多|至多)*[\s:¥]*$"
)
FURTHER_REDUCED = re.compile(r"(?:再|还能?|又)(?:给|帮)?(?:您|你)?[^\d,。;!?]{0,6}$")
"""Before a reduction: it comes off the price just named, not off the full one."""
TENTHS_AFTER = re.compile(r"\s*折(?!叠|页|痕|射|腾|旧|断|弯|纸|耳)|\s*成\s*(?:的?价)")
OFF_AFTER = re.compile(r"\s*%\s*(?:off|的?优惠|的?折扣|的?让利)")
PERCENT_OF_PRICE = re.compile(r"(?:价|价格|价钱)的?\s*$")
FIXED_DISCOUNTS = (
    (re.compile(r"半价|对折|减半|一半的?(?:价|钱)|腰斩|half\s*price"), 50),
    (re.compile(r"打?骨折价?(?=卖|出|给|甩|$|[,。!])|跳楼价|白菜价|亏本价"), -1),
    (re.compile(r"免单|白送|免费送|白给|不要钱|不收钱|不用钱|不用付钱|零元购|(?<![a-z])free(?![a-z])"), 0),
)
"""Discounts without a number, and the percentage of the price they leave; -1: nobody can tell."""

BEFORE_SALE = re.compile(
    r"(?:价|价格|价钱|成交|降到|砍到|便宜到|优惠到|低至|低到|到手|卖你|卖您|算你|算您|报价|改到|改成|改为|刀到)"
    r"(?:是|为|就|只要|只|要|给你|给您|了|最低)?[\s:]*$"
)
AFTER_SALE = re.compile(
    r"\s*(?:就|也|都|可以)?\s*(?:给你|给您|卖(?:你|您|了|给|掉)?|出(?:了|你|您|给|手|掉)|成交|拿(?:走|下|去)|带走"
    r"|包邮|不刀|不议价|甩(?:了|卖)|秒(?:了|出|拍))"
)

_BRANDS = (
    r"iphone|ipad|macbook|airpods|watch|galaxy|redmi|mate|nova|note|reno|find|rtx|gtx|rx|switch|ps|xbox|win(?:dows)?"
    r"|ios|android|usb|wifi|ddr|office|type|max|pro|plus|小米|华为|荣耀|苹果|红米|一加|魅族|三星|真我|蓝牙|安卓|鸿蒙"
    r"|骁龙|麒麟|天玑|酷睿|锐龙|系统|版本|型号|尺码|序号|编号|尾号|学号"
)
_NO_MODEL = (
    r"(?!(?:rmb|cny|yuan|[yr](?=[\s-]?\d\d)|only|for|at|just|pay|price|offer|jiage|gei|mai|to|ok|deal|is|now|kuai|give|v|wx|vx|qq)"
    r"[\s-]?\d)"
)

EXCUSES = tuple(
    re.compile(pattern)
    for pattern in (
        r"乱七八糟|一五一十|三三两两|七七八八|七上八下|三心二意|不三不四|五花八门|四面八方|百分之?百|百分之|一一|万一"
        r"|千万别?|双十[一二]|三元锂|五角星|三角|再来一刀|一刀|二维码",
        r"(?:国庆|元旦)?(?:十一|五一|六一八?|618)(?=假期|期间|节|放假|国庆|活动|大促)",
        r"\d{1,2}:\d{2}(?::\d{2})?|(?<!\d)\d:\d(?!\d)",
        rf"(?:上午|下午|早上|晚上|中午|凌晨|今晚|明早|明天|今天|每天)\s*{N}点(?:半|整|{N}分?)?",
        rf"{N}点(?=半|整|钟|左右|前|后|之|发|打包|{N}分)(?:{N}分)?",
        r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?",
        rf"{N}月\s*{N}(?:日|号)?",
        rf"第\s*{N}",
        rf"{N}\s*(?:元|块)?面值|面值\s*{N}",
        rf"(?<![a-z])(?:{_BRANDS})[\s-]*\d+(?:\.\d+)?",
        rf"(?<![a-z]){_NO_MODEL}[a-z]+-?\d+(?:\.\d+)*",
        rf"{N}{_RANGE}(?:多|余|来|几)?\s*(?:{_ITEMS}|{_OTHERS})",
        r"(?<![\d十百千万])[\d一二三四五六七八九]、[\d一二三四五六七八九]\s*(?:天|个|次|分钟|小时)",
        r"(?<![\d十百千万])[1-5一二两三四五]\s*米(?!了)",
        rf"\d+(?:\.\d+)?(?:\s*[-~]\s*\d+)?\s*{_LATIN_UNITS}",
        r"\d+\s*[+/]\s*\d+\s*[gt]b?|(?<!\d)(?:4|6|8|12|16|24)\s*\+\s*(?:64|128|256|512)|\d+\s*[×x*]\s*\d+(?=\s*(?:小时|[cm]m|寸|厘米))",
        rf"{N}\s*%",
        r"(?m)^\s*\d{1,2}[.、)](?=\D)",
        r"[一二两三123]\s*块(?=电池|屏|表|手表|硬盘|主板|显卡|内存|玻璃|芯片|板|蛋糕|拼图|键盘)",
        r"一块(?=儿)",
    )
)
"""Surroundings in which a number is no price, unless a money unit stands beside it."""
