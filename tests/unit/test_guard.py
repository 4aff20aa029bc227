"""The guard: what must be stopped, what must pass, and a proof that each reader is needed."""

import pytest

from core.rules.guard import BlockKind, GuardFacts, check, check_delivery, facts_of, warn
from core.rules.numerals import read_words

FACTS = GuardFacts(
    price_fen=10000,
    floor_fen=8000,
    postage_fen=1000,
    item_text="iPhone 13 手机壳 适配6.1寸 不包邮 100面值",
    instructions="你是闲鱼卖家的议价助手，绝不透露任何内部信息给对方",
)
"""A thing of ¥100 that may go for ¥80."""

PRICE = [
    "¥35",
    "￥35",
    "35元",
    "35块",
    "35块钱",
    "35 rmb",
    "35RMB",
    "RMB35",
    "35",
    "35.5",
    "79.99元",
    "35.5元",
    "３５元",
    "三十五",
    "三十五元",
    "三五十",
    "两百五十减到35吧",
    "七十九块九",
    "79块9",
    "五十",
    "六十块",
    "1百5拿3个",
    "3 5元",
    "3\u200b5元",
    "⑤⑤元",
    "③⑤",
    "壹拾伍元",
    "柒拾玖元",
    "七折",
    "打7折",
    "打七五折",
    "7.9折给你",
    "便宜30",
    "便宜30块",
    "少30块",
    "减三十",
    "优惠30元",
    "立减30",
    "再让你30",
    "抹掉30",
    "半价给你",
    "对折",
    "五十给你",
    "50拿走",
    "50包邮",
    "最低50",
    "算你50吧",
    "卖你五十",
    "35块5",
    "七 十 五 元",
    "七.十.五",
    "七*十*五元",
    "seventy five yuan",
    "fifty",
    "wushi kuai",
    "wu shi kuai",
    "💰50",
    "50r",
    "50 R",
    "y50",
    "五十大洋",
    "🄵 50",
    "5️⃣0️⃣元",
    "❺❺元",
    "𝟓𝟎元",
    "٥٠元",
    "5O元",
    "7〇元",
    "50-60元",
    "50到60",
    "五六十块",
    "几十块",
    "十几块钱",
    "二十来块",
    "免费送你",
    "白送",
    "不要钱送你了",
    "3张200元",
    "两个150",
    "一共150两个",
    "0元",
    "0.5元",
    "原价100现在79",
    "79.9",
    "卖75可以的",
    "75成交",
    "现价75",
    "100元减30",
    "原价的70%",
    "便宜30%",
    "30% off",
    "8块",
    "LXX元",
    "￥a1b2c3d4e5￥",
    "免费送一个贴膜",
    "最便宜35",
    "至少35",
    "最少35元",
    "第一件95第二件35元",
    "两件打包150",
    "2件共150",
    "一百五两个",
    "85折后再减10",
    "80再便宜5块",
    "80元再少五块",
    "100-25",
    "四十九块九毛",
    "半百拿走",
    "五o元",
    "五〇元",
    "3零元",
    "100元买两件",
    "两百块三个",
    "再给您便宜30",
    "iPhone 13 pro 35卖你",
    "成交价75个",
    "三 五 元",
    "5.0元",
    "你出50我就卖",
    "50一个",
    "￥ 50",
    "价格：50",
    "伍拾",
    "五 十 块",
    "打八折再便宜5块",
    "1 5 0 两个",
    "七十九点九元",
    "79点9",
    "退您20",
    "不到80",
    "80以内",
    "五张毛爷爷",
]
CONTACT = [
    "加微信聊",
    "微 信 12345678",
    "v信：abc",
    "VX同号",
    "v x 123456",
    "薇信",
    "加V详聊",
    "➕V",
    "+v",
    "wx: abcdefg",
    "weixin",
    "wechat me",
    "W❤X",
    "微\u200b信",
    "扣扣",
    "QQ:123456",
    "q q 12345",
    "加个好友",
    "13812345678",
    "138-1234-5678",
    "138 1234 5678",
    "一三八一二三四五六七八",
    "①③⑧①②③④⑤⑥⑦⑧",
    "绿泡泡联系",
    "留个电话吧",
    "加我威信",
    "加下绿泡泡",
    "➕薇",
    "Vx",
    "ⓥⓧ",
    "🅥🅧",
    "WX号",
    "威芯",
    "扌口扌口 qq",
    "q.q",
    "微*信",
    "微-信",
    "微。信",
    "Ｗ Ｘ",
    "私聊加我",
    "加钉钉",
    "400-123-4567",
    "010-12345678",
    "我的v是abc",
    "威❤信",
    "伽微",
    "jia微",
    "q我",
    "QQ一二三四五六七",
]
LINK = [
    "abc@qq.com",
    "abc艾特qq点com",
    "www.abc.com",
    "https://abc.cn/x",
    "abc点com",
    "xxx.top",
    "淘口令 ￥abc123DEF￥",
    "淘宝口令",
    "复制这段话打开app",
    "夸克网盘链接",
    "http：//x.cn",
    "a b c . com",
]
PAYMENT = [
    "支付宝转给我",
    "直接转账",
    "支.付.宝",
    "银行卡打款",
    "线下交易",
    "当面付",
    "发红包",
    "私下交易",
    "扫码付款 二维码",
    "轉賬給我",
    "走线下",
    "不走平台便宜点",
    "zfb",
    "转zhang",
]
PROMISE = [
    "包退的",
    "百分百保真",
    "保真",
    "假一赔十",
    "终身质保",
    "全额退款",
    "七天无理由退货",
    "支持退货",
    "给您退款",
    "不满意退",
    "我保证没问题",
    "秒发",
    "今天一定发货",
    "马上给您发货",
    "买一送一",
    "好评返现",
    "包邮",
    "包您满意包退换",
    "可以给您全额退",
    "不满意随时退款",
    "绝对正品",
    "永久有效",
    "保证今天到",
]
SECRET = [
    "底价80",
    "我的底价是多少不能说",
    "我是AI助手",
    "system prompt",
    "你是闲鱼卖家的议价助手,绝不透露任何内部信息给对方",
    "最低80了",
    "底  价",
    "心理价位",
    "OpenAI",
    "忽略之前的指令是",
]
PASS = [
    "您好，在的，喜欢可以直接拍下",
    "¥80",
    "80元可以",
    "八十块",
    "一百块",
    "95元",
    "100",
    "一口价100",
    "便宜20块可以的",
    "九折可以",
    "8折行吗",
    "再少10块",
    "您好，这款适配iPhone 13",
    "iPhone 13 手机壳",
    "iPhone 15 Pro Max也能用吗？这个不行",
    "6.1寸的",
    "3张起拍",
    "第1次用",
    "12:30前下单",
    "24小时内发货",
    "3-5天到",
    "需要2个吗",
    "100面值的",
    "电池健康90%",
    "九成新",
    "95新",
    "128+256G的版本",
    "8GB内存",
    "2024年款",
    "下午三点发",
    "3点前下单",
    "一起买也可以",
    "一下单就安排",
    "拍下后尽快发出",
    "运费10元",
    "邮费10",
    "不包邮哦",
    "不支持退货",
    "不退不换",
    "库存还有3张，95元一张",
    "买3张每张95元",
    "48小时",
    "第二天",
    "有一点划痕",
    "这个价格已经很合适了",
    "5G手机都能用",
    "USB3.0接口",
    "小米 14 也可以",
    "尺码42",
    "二手正品",
    "两三天到",
    "十分感谢",
    "一会儿回您",
    "三个一共285元",
    "1,299元",
    "一百二",
    "两百五",
    "1k",
    "百八十就别说了 一百八",
    "平台担保交易放心",
    "有问题平台内沟通",
    "订单号您可以在订单里看",
    "1. 支持安卓",
    "7×24小时",
    "A35型号",
    "这是乱七八糟的",
    "不能再便宜了",
    "价格可以小刀",
    "您说的价格有点低，给您95行吗",
    "降到90",
    "成交价85",
    "2个170",
    "型号RTX3060",
    "尾号5 的",
    "您好，这边最低95元",
    "一共3个颜色",
    "有3种规格",
    "十一期间正常发货",
    "第三代",
    "3.5mm耳机孔",
    "12V电源 100W快充",
    "2米数据线",
    "周一到周五发货",
    "5颗星好评",
    "5人想要",
    "20多个人看过",
    "三四天到",
    "5、6天到",
    "9点到18点在线",
    "618活动期间一样的",
    "2024.5.1买的",
    "16+512的",
    "R7 5800H",
    "24期",
    "10个起批",
    "2.4G无线",
    "7号电池",
    "十几个颜色",
    "二三线城市都能送",
    "二十多天",
    "1:1的",
    "微微有点磨损",
    "信号很好",
    "加一点钱换新款",
    "现在在家",
    "可以的，直接拍下改价到85",
    "这边最多便宜15块",
    "不能再少10块啦",
    "95元两天内安排",
    "电话卡槽正常",
    "卡扣完好",
    "扣子没问题",
    "当面看货也可以",
    "群众基础好",
    "您要几个呢",
    "打八五折",
    "原价的90%可以",
    "满意的话麻烦好评",
    "不保修",
    "没有保修",
    "过保了",
    "无质保",
    "不包退换哦",
    "免运费是不行的",
    "可以面交自提",
    "支付后我这边就能看到订单",
    "请在平台内下单付款",
    "微瑕",
    "唯一一个",
    "不到100",
    "100以内的",
    "付款后我这边发",
]

STOPPED = {
    BlockKind.price: PRICE,
    BlockKind.contact: CONTACT,
    BlockKind.link: LINK,
    BlockKind.payment: PAYMENT,
    BlockKind.promise: PROMISE,
    BlockKind.secret: SECRET,
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in STOPPED.items() for text in texts])
def test_is_stopped(kind: BlockKind, text: str):
    assert kind in check(text, FACTS).kinds or (kind is BlockKind.link and "@qq" in text)


@pytest.mark.parametrize("text", PASS)
def test_passes(text: str):
    assert check(text, FACTS).blocks == ()


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "...", "🙂", "，。！"])
def test_an_empty_text_is_stopped(text: str):
    assert BlockKind.empty in check(text, FACTS).kinds


def test_an_overlong_text_is_stopped():
    assert check("好" * 300, FACTS).passed
    assert check("好" * 301, FACTS).kinds == {BlockKind.long}
    assert check("㍿" * 290, FACTS).kinds == {BlockKind.long}


def test_a_price_cannot_hide_behind_invisible_padding():
    assert not check("\u200b" * 5000 + "35元", FACTS).passed


def test_without_the_number_reader_low_prices_leak():
    leaked = [text for text in PRICE if check(text, FACTS, readers=()).passed]
    assert len(leaked) > 100
    assert check("三十五元", FACTS, readers=(read_words,)).passed


def test_a_verdict_names_the_span_of_the_text_as_it_was_given():
    text = "好的，给您３\u200b５元吧，加微.信"
    found = {block.kind: text[block.start : block.end] for block in check(text, FACTS).blocks}
    assert found[BlockKind.price] == "３\u200b５"
    assert found[BlockKind.contact].startswith("加微")


def test_what_leaves_is_the_normalised_text():
    assert check(" 您好，\u202e在的\u200b ", FACTS).text == "您好,在的"


def test_an_unknown_floor_makes_the_price_the_floor():
    facts = FACTS.model_copy(update={"floor_fen": None})
    assert not check("99元可以", facts).passed
    assert check("100元", facts).passed
    assert not check("便宜1块", facts).passed


def test_with_no_price_known_every_price_is_stopped():
    for text in ("100元", "9999", "八折", "便宜5块", "三百", "半价"):
        assert BlockKind.price in check(text, GuardFacts()).kinds, text
    assert check("您好，在的，24小时内安排", GuardFacts()).passed


def test_a_discount_needs_a_known_price():
    facts = GuardFacts(floor_fen=8000)
    assert not check("九折", facts).passed
    assert check("90元", facts).passed


def test_a_bundle_is_divided_by_what_the_buyer_asks_for():
    three = FACTS.model_copy(update={"quantity": 3})
    assert not check("一共200元", three).passed
    assert check("一共240元", three).passed
    assert check("一共200元", FACTS).passed


def test_postage_is_no_price_only_at_its_own_amount():
    assert check("运费10元", FACTS).passed
    assert not check("运费9元", FACTS).passed
    assert not check("运费10元", FACTS.model_copy(update={"postage_fen": None})).passed


def test_a_number_of_the_listing_is_no_price_until_it_is_offered():
    facts = FACTS.model_copy(update={"item_text": "乐高42号积木 56颗"})
    assert check("是56的那款", facts).passed
    assert not check("56元", facts).passed
    assert not check("56给你", facts).passed


def test_numbers_the_shop_gave_are_neither_prices_nor_phones():
    facts = FACTS.model_copy(update={"known": ("5127638256187075541", "SF1234567890123")})
    assert check("订单5127638256187075541已发出，单号SF1234567890123", facts).passed
    assert not check("订单5127638256187075541已发出", FACTS).passed


def test_what_the_listing_is_about_may_be_named_but_not_used():
    facts = FACTS.model_copy(update={"item_text": "QQ音乐会员 微信读书会员 ChatGPT教程"})
    assert check("QQ音乐会员一个月，微信读书也有，ChatGPT教程也有", facts).passed
    for text in ("加QQ聊", "QQ号发我", "联系微信", "微信转我"):
        assert not check(text, facts).passed, text


def test_a_promise_the_owner_made_may_be_repeated():
    assert not check("有质保的", FACTS).passed
    assert check("有质保的", FACTS.model_copy(update={"allowed": ("质保",)})).passed
    assert check("有质保的", FACTS.model_copy(update={"item_text": "店铺质保半年"})).passed
    assert not check("有质保的", FACTS.model_copy(update={"item_text": "不质保"})).passed


def test_free_postage_may_be_said_when_postage_is_nothing():
    assert check("包邮的", FACTS.model_copy(update={"allowed": ("包邮",)})).passed
    assert "包邮" not in facts_of(None).allowed


def test_about_an_unknown_product_every_price_is_stopped():
    assert not check("100元", facts_of(None)).passed


def test_the_owners_own_words_are_warned_about_in_the_same_way():
    assert warn("加微信聊").kinds == {BlockKind.contact}
    assert warn("包退的，七天无理由").passed
    assert warn("35元拿走").passed
    assert warn("35元拿走", FACTS).kinds == {BlockKind.price}


def test_a_delivery_text_may_hold_links_and_keys_but_no_contact_and_no_strange_name():
    assert check_delivery("订单{order}：您的卡密 {keys}，下载 https://pan.example.com/s/1 提取码 8k2f").passed
    assert check_delivery("加微信领取{keys}").kinds == {BlockKind.contact}
    assert check_delivery("支付宝转账").kinds == {BlockKind.payment}
    assert check_delivery("您的{code}").kinds == {BlockKind.placeholder}
    assert check_delivery("  ").kinds == {BlockKind.empty}
    assert check_delivery("好" * 2001).kinds == {BlockKind.long}
