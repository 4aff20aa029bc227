"""What buyers say in a shop, by topic, and the sentences a rule answers with. All sentences pass the guard."""

import re
from enum import StrEnum


class Topic(StrEnum):
    """What a short sentence of a buyer is about."""

    greeting = "greeting"
    ack = "ack"
    thanks = "thanks"
    stock = "stock"
    shipping = "shipping"
    postage = "postage"
    price = "price"


_POLITE = r"(?:请问|你好|您好|老板|亲|亲亲|卖家|店家|哥|姐|这个|这款|宝贝|东西|现在|那个|那)*"
_TAIL = r"(?:呢|啊|呀|吗|嘛|吧|么|哦|哈|的|了|啦|～|~)*"

TOPICS = tuple(
    (topic, re.compile(rf"{_POLITE}(?:{words}){_TAIL}"))
    for topic, words in (
        (Topic.thanks, r"谢谢|多谢|感谢|谢啦|辛苦|thx|thanks|thankyou"),
        (Topic.ack, r"好|好滴|好嘞|行|嗯+|恩|哦+|噢|ok|okay|可以|收到|知道|明白|了解|没事|不用|再见|拜拜|1|666|哈哈+"),
        (Topic.greeting, r"在|在不在|有人|哈喽|hello|hi|嗨|你好|您好|老板|亲|早上好|晚上好|打扰一下|请问"),
        (
            Topic.stock,
            r"还在|还有|有|有货|还有货|有没有货|有现货|有现货没|还有没有|还卖|还出|没卖|卖掉没|卖出去没|还在卖|库存还有",
        ),
        (
            Topic.shipping,
            r"(?:什么时候|啥时候|几时|多久|多长时间|几天|怎么|如何)(?:可以|能|会|才|给我)?(?:发货?|发出|寄出?|到货?|收到)"
            r"|发货(?:快|时间|要多久)|发(?:什么|啥|哪个|哪家)快递|用什么快递|自动发货?|拍下就?(?:自动)?发货?|(?:今天|现在|马上)(?:可以|能)?发货?",
        ),
        (Topic.postage, r"包邮|包不包邮|邮费(?:多少钱?|怎么算)?|运费(?:多少钱?|怎么算)?|含运费|要邮费|要运费"),
        (Topic.price, r"多少钱?|(?:什么|啥)价(?:格|位)?|价格(?:多少)?|怎么卖|咋卖|几块钱?|报个?价"),
    )
)
"""Tried in this order on a sentence without punctuation; the whole sentence must match."""

REFUND = re.compile(r"退款|退货|退钱|退掉|退了|退换|想退|要退|能退|可以退|退吗|退不退|换货|仅退|取消订单|不想要了")
COMPLAINT = re.compile(
    r"投诉|举报|骗子|骗人|欺骗|假货|假的|差评|维权|报警|起诉|小法庭|垃圾|坑人|少发|漏发|发错|坏的|坏了|用不了|不能用|无效"
)
PERSON = re.compile(r"人工|真人|转人工|找老板|老板本人|是机器人|机器人吗|机器人回复|自动回复|叫你们?老板|客服电话")
PAID = re.compile(
    r"(?:已经?|我|刚|刚刚|都)(?:付款?|付过|付好|付了|支付|拍下?|下单|打款|转账|转过)(?!不)|付(?:好|完|过)?款?了|付过(?:钱|款)了?|拍(?:好|完|下)?了|下单了|等待你发货|待发货"
)

PRICE = re.compile(
    r"便宜|优惠|少点|少一点|能少|再少|减点|打折|几折|折扣|[小大]?刀|砍|讲价|议价|还价|最低|底价|贵|降|让[点利]|抹零|学生|预算|诚心|爽快|一口价"
    r"|(?:\d|[一二三四五六七八九十百]{2,8})\s*(?:元|块|块钱|r)?(?:钱)?(?:行|可以|卖|出|包邮|能|成|要|收|拿|走|吗|吧|怎么样|好不好|考虑)"
)
TECH = re.compile(
    r"怎么(?:用|装|安装|使用|设置|激活|连接|操作|下载|登录|兑换)|教程|说明书|型号|参数|规格|兼容|支持|适配|适用|尺寸|配置|版本|系统|故障|维修|修|区别"
    r"|多[大长宽高重]|材质|电池|内存|续航|激活|接口|充电|屏幕|功能|成色|划痕|几成新|正品|原装|有效期|能用"
)

WORDS = {
    "greeting": "您好，在的，{title}有货，喜欢可以直接拍下。",
    "greeting_plain": "您好，在的，请问想了解什么？",
    "thanks": "不客气，有需要再找我。",
    "stock": "您好，还在的，喜欢可以直接拍下。",
    "stock_out": "您好，这款暂时没有货了，补货后会重新上架，可以先收藏。",
    "stock_paused": "您好，这款暂时不出了，抱歉。",
    "shipping_auto": "您好，付款后系统自动发货，请留意这里的消息。",
    "shipping_virtual": "您好，付款后会尽快在这里发给您。",
    "shipping_parcel": "您好，付款后会尽快安排发出，默认{carrier}。",
    "shipping_paid": "您好，您的订单已经收到，正在安排发货，请留意订单消息。",
    "shipped": "您好，您的订单已经发货，可以在订单里查看。",
    "postage_free": "您好，这款包邮的。",
    "postage": "您好，邮费{postage}元。",
    "postage_none": "您好，这款线上发送，不用邮费。",
    "price": "您好，现在{price}元，喜欢可以直接拍下。",
    "unpaid_claim": "您好，这边暂时还没有看到付款成功的订单，麻烦您在订单里确认一下，付款成功后会按订单安排发货。",
    "refund": "您好，您的情况已经收到，我核实后尽快回复您，请稍等。",
    "complaint": "您好，非常抱歉给您带来不便，我尽快核实处理，请稍等。",
    "person": "您好，请稍等，我看到后尽快回复您。",
    "image": "您好，图片收到了，我看一下再回复您，请稍等。",
    "ask_owner": "您好，这个问题我确认一下再回复您，请稍等。",
    "counter": "您好，诚心要的话{offer}元可以，喜欢就拍下吧。",
    "counter_none": "您好，这个价格已经很实在了，{offer}元，喜欢可以直接拍下。",
    "agreed": "您好，{offer}元可以的，您先拍下不要付款，我改好价您再付款。",
}
"""The sentences of the rules: polite, short, without a promise."""


def sentences(text: str) -> list[str]:
    """The sentences of a buyer's words, without punctuation and white space."""
    parts = re.split(r"[，。！？!?,.;；、\n\s…]+", text.strip().lower())
    return [plain for part in parts if (plain := re.sub(r"[\W_]+", "", part))]


def topic_of(sentence: str) -> Topic | None:
    """The topic a whole short sentence is about; None when it says more than that."""
    return next((topic for topic, pattern in TOPICS if pattern.fullmatch(sentence)), None)
