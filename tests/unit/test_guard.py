"""The guard: what must be stopped, what must pass, and a proof that each reader is needed."""

import pytest

from core.rules.guard import BlockKind, GuardFacts, check, check_delivery, facts_of, warn
from core.rules.numerals import read_words
from tests.unit.guard_words import CONTACT, LINK, PASS, PAYMENT, PRICE, PROMISE, SECRET

FACTS = GuardFacts(
    price_fen=10000,
    floor_fen=8000,
    postage_fen=1000,
    item_text="iPhone 13 手机壳 适配6.1寸 不包邮 100面值",
    instructions="你是闲鱼卖家的议价助手，绝不透露任何内部信息给对方",
)
"""A thing of ¥100 that may go for ¥80."""

STOPPED = {
    BlockKind.price: PRICE,
    BlockKind.contact: CONTACT,
    BlockKind.link: LINK,
    BlockKind.payment: PAYMENT,
    BlockKind.promise: PROMISE,
    BlockKind.secret: SECRET,
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in STOPPED.items() for text in texts])
def test_harmful_words_are_stopped(kind: BlockKind, text: str):
    assert kind in check(text, FACTS).kinds or (kind is BlockKind.link and "@qq" in text)


@pytest.mark.parametrize("text", PASS)
def test_harmless_words_pass(text: str):
    assert check(text, FACTS).blocks == ()


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "...", "🙂", "，。！"])
def test_an_empty_text_is_stopped(text: str):
    assert BlockKind.empty in check(text, FACTS).kinds


def test_an_overlong_text_is_stopped():
    assert check("好" * 300, FACTS).passed
    assert check("好" * 301, FACTS).kinds == {BlockKind.long}
    assert BlockKind.long in check("㍿" * 290, FACTS).kinds


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
