"""What happens with a buyer's words."""

from datetime import UTC, datetime, timedelta

import pytest

from core.config import Replies
from core.rules.guard import check, facts_of
from core.rules.replies import ChatFacts, Expert, Reply, ReplyKind, decide, fallback
from core.rules.reply_words import WORDS
from core.values.chats import Said, Sender
from core.values.fulfilment import ShipMode
from core.values.ids import MessageId, ProductId
from core.values.money import Fen
from core.values.products import Product, ProductState

NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
PRODUCT = Product(
    id=ProductId(1),
    title="降噪耳机",
    configured=True,
    price_fen=Fen(10000),
    floor_fen=Fen(8000),
    created_at=NOW,
    updated_at=NOW,
)
PARCEL = PRODUCT.model_copy(update={"mode": ShipMode.physical, "carrier": "顺丰快递", "postage_fen": 1200})


def said(*texts: str, age_s: float = 5, kind: str = "text") -> tuple[Said, ...]:
    at = NOW - timedelta(seconds=age_s)
    return tuple(
        Said(id=MessageId(n), sender=Sender.buyer, kind=kind, text=text, sent_at=at) for n, text in enumerate(texts, 1)
    )


def hear(*texts: str, product: Product | None = PRODUCT, **facts: object) -> Reply:
    return decide(ChatFacts(now=NOW, burst=said(*texts), product=product).model_copy(update=facts), Replies())


@pytest.mark.parametrize("text", ["好的", "嗯嗯", "OK", "收到", "行", "知道了", "👌", "没事", "哦哦"])
def test_an_acknowledgement_needs_no_answer(text: str):
    assert hear(text).kind is ReplyKind.ignore


@pytest.mark.parametrize("text", ["在吗", "你好", "老板在吗？", "hi", "您好，在不在", "亲"])
def test_a_greeting_is_answered_with_the_item(text: str):
    reply = hear(text)
    assert reply.kind is ReplyKind.say
    assert "降噪耳机" in reply.text
    assert "降噪耳机" not in hear(text, product=None).text


@pytest.mark.parametrize("text", ["还在吗", "还有吗", "有货吗", "请问这个还在吗？", "还卖吗", "没卖吧"])
def test_a_question_for_stock_is_answered_from_the_books(text: str):
    assert hear(text).text == WORDS["stock"]
    assert hear(text, product=PRODUCT.model_copy(update={"counted": True})).text == WORDS["stock_out"]
    paused = PRODUCT.model_copy(update={"state": ProductState.paused})
    assert hear(text, product=paused).text == WORDS["stock_paused"]


@pytest.mark.parametrize(
    "text", ["什么时候发货", "多久发货？", "怎么发货", "发什么快递", "几天到", "拍下自动发货吗", "今天能发货吗"]
)
def test_a_question_for_shipping_is_answered_from_the_item(text: str):
    assert "顺丰快递" in hear(text, product=PARCEL).text
    assert hear(text, product=PRODUCT.model_copy(update={"auto_ship": True})).text == WORDS["shipping_auto"]
    assert hear(text, paid_order=True).text == WORDS["shipping_paid"]
    assert hear(text, shipped_order=True).text == WORDS["shipped"]


def test_a_question_for_postage_is_answered_only_when_it_was_configured():
    assert hear("包邮吗", product=PARCEL).text == "您好，邮费12元。"
    assert hear("包邮吗", product=PARCEL.model_copy(update={"postage_fen": 0})).text == WORDS["postage_free"]
    assert hear("包邮吗").text == WORDS["postage_none"]
    assert hear("包邮吗", product=PARCEL.model_copy(update={"configured": False})).kind is ReplyKind.classify


@pytest.mark.parametrize("text", ["多少钱", "什么价？", "怎么卖", "老板多少钱啊"])
def test_a_question_for_the_price_is_answered_with_it(text: str):
    assert hear(text).text == "您好，现在100元，喜欢可以直接拍下。"


def test_two_questions_of_a_burst_are_answered_in_one_text():
    reply = hear("在吗", "还有货吗", "包邮吗", product=PARCEL)
    assert reply.text == WORDS["stock"] + "邮费12元。"


def test_a_burst_that_says_more_than_the_rules_know_goes_to_the_model_whole():
    assert hear("在吗", "和别的牌子混着用会不会有底噪呀").kind is ReplyKind.classify
    assert hear("还在吗，支持安卓手机吗").expert is Expert.tech


@pytest.mark.parametrize(
    "text", ["我已付款", "我付款了", "已经拍下了", "付好了", "[我已付款，等待你发货]", "我转账过了", "刚付了"]
)
def test_a_claim_of_payment_is_held_against_the_platforms_record(text: str):
    assert hear(text).text == WORDS["unpaid_claim"]
    assert hear(text, paid_order=True).text == WORDS["shipping_paid"]
    assert hear(text, shipped_order=True).text == WORDS["shipped"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("我要退款", "refund"),
        ("能退吗", "refund"),
        ("不想要了", "refund"),
        ("骗子！我要投诉", "complaint"),
        ("你发的卡密用不了", "complaint"),
        ("转人工", "person"),
        ("你是机器人吧是机器人吗", "person"),
    ],
)
def test_refunds_complaints_and_the_wish_for_a_person_go_to_one(text: str, reason: str):
    reply = hear(text)
    assert (reply.kind, reply.reason, reply.text) == (ReplyKind.hand_over, reason, WORDS[reason])


def test_a_stale_message_goes_to_the_owner_without_a_word():
    facts = ChatFacts(now=NOW, burst=said("在吗", age_s=601), product=PRODUCT)
    assert decide(facts, Replies()) == Reply(kind=ReplyKind.hand_over, reason="stale")
    assert decide(facts, Replies(stale_minutes=11)).kind is ReplyKind.say


def test_a_chat_a_person_has_taken_over_is_left_alone():
    assert hear("我要退款", by_hand=True) == Reply(kind=ReplyKind.ignore, reason="taken_over")


def test_a_picture_alone_goes_to_the_owner():
    facts = ChatFacts(now=NOW, burst=said("[图片]", kind="image"), product=PRODUCT)
    assert decide(facts, Replies()).reason == "image"


def test_nothing_said_is_nothing_done():
    assert decide(ChatFacts(now=NOW, burst=()), Replies()).kind is ReplyKind.ignore


@pytest.mark.parametrize("text", ["便宜点呗", "80行吗", "能不能少点", "学生党求优惠", "八十卖吗", "最低多少", "太贵了"])
def test_bargaining_goes_to_the_price_expert_and_counts_a_round(text: str):
    reply = hear(text)
    assert (reply.kind, reply.expert, reply.bargained) == (ReplyKind.ask, Expert.price, True)


@pytest.mark.parametrize("text", ["怎么安装", "支持苹果手机吗", "电池健康多少", "跟上一代有什么区别"])
def test_technical_questions_go_to_the_tech_expert(text: str):
    reply = hear(text)
    assert (reply.kind, reply.expert, reply.bargained) == (ReplyKind.ask, Expert.tech, False)


def test_what_is_unclear_is_classified_first_unless_that_is_off():
    assert hear("送给女朋友合适吗").kind is ReplyKind.classify
    assert hear("支持还价吗").kind is ReplyKind.classify
    assert hear("送给女朋友合适吗", classify=False).expert is Expert.default


def test_endless_bargaining_goes_to_the_owner():
    assert hear("再便宜点", bargain_rounds=4).kind is ReplyKind.ask
    assert hear("再便宜点", bargain_rounds=5).reason == "bargain_rounds"


def test_without_a_model_a_bargain_gets_a_counter_offer_by_rule():
    reply = hear("便宜点", model_on=False)
    assert (reply.kind, reply.text, reply.bargained) == (ReplyKind.say, WORDS["counter"].format(offer="94"), True)
    assert hear("80可以吗", model_on=False).text == WORDS["counter"].format(offer="94")
    no_floor = PRODUCT.model_copy(update={"floor_fen": None})
    assert hear("便宜点", model_on=False, product=no_floor).text == WORDS["counter_none"].format(offer="100")


def test_a_good_offer_is_agreed_to_and_the_owner_must_change_the_price():
    reply = hear("95可以吗", model_on=False)
    assert (reply.kind, reply.reason) == (ReplyKind.hand_over, "price_agreed")
    assert "95元" in reply.text


def test_without_a_model_what_the_item_does_not_say_goes_to_the_owner():
    assert hear("支持苹果手机吗", model_on=False).reason == "ask_owner"
    assert hear("便宜点", model_on=False, product=None).reason == "ask_owner"


@pytest.mark.parametrize("product", [PRODUCT, PARCEL, PARCEL.model_copy(update={"postage_fen": 0})])
def test_every_sentence_of_the_rules_passes_the_guard(product: Product):
    values = {"title": product.title, "carrier": "顺丰快递", "postage": "12", "price": "100", "offer": "94"}
    for key, words in WORDS.items():
        if key != "postage_free" or product.postage_fen == 0:
            verdict = check(words.format(**values), facts_of(product))
            assert verdict.passed or (key == "postage" and product.postage_fen != 1200), (key, verdict.blocks)


def test_no_fallback_is_ever_stopped_for_its_price():
    for price in range(100, 20000, 700):
        for floor in range(100, price + 1, 900):
            product = PRODUCT.model_copy(update={"price_fen": price, "floor_fen": floor})
            for rounds in range(7):
                facts = ChatFacts(now=NOW, burst=said("便宜点"), product=product, bargain_rounds=rounds)
                assert check(fallback(facts, Expert.price).text, facts_of(product)).passed
