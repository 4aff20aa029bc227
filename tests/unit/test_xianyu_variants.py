"""Every variant of an order's frame, the rarer shapes, and the same made by somebody who is not the platform.

| Shape (facts 1.8 to 1.10) | Captured | Parsed here or in | Through the shop |
|---|---|---|---|
| A card, type 26 | card_pending_payment, card_paid_*, card_rated, card_refund_asked | test_xianyu_samples | flow/test_paid |
| B card update | update_paid, update_as_buyer | test_xianyu_samples | flow/test_variants |
| C session summary | summary_pending_payment; summary_closed (made) | test_xianyu_samples | flow/test_hints |
| D changed card, type 32 | no | below | flow/test_variants |
| E tip, type 14 | tip_shipped, tip_prose | test_xianyu_samples | flow/test_paid |
| F platform card, type 25 | its content | test_xianyu_messages | flow/test_variants |
| G flattened notice | no | below | flow/test_variants |
| H workbench card, type 28 | no | below | flow/test_variants |
| text card, type 6 | its content | below | flow/test_variants |
| item card, type 7 | made | below | flow/test_variants |
| `operation` chat line | no | below | flow/test_variants |
| nested, without reminderUrl | no | test_xianyu_messages | flow/test_wire |
| read, typing, light notice | read_*, typing, light_notice | test_xianyu_samples | flow/test_variants |
| our own purchase | update_as_buyer | test_xianyu_samples | flow/test_foreign_chats |
"""

import base64
import json

import msgpack
import pytest

from core.outside.xianyu.events import event_of
from core.outside.xianyu.order_detail import order_of_headinfo
from core.outside.xianyu.records import record_of
from core.values.market import EventKind, TradeRole
from core.values.orders import PlatformStatus
from tests.unit.test_xianyu_messages import BUYER, CHAT, ME, ORDER, PLATFORMS_TEXTS, body, record

STRANGER = "2200999000111"
SELLERS_PAGE = f"https://h5.m.goofish.com/wow/pages/idleDeliver?kun=true&orderId={ORDER}"
BELIEVED = {"bizTag": json.dumps({"taskName": "付款完成待发货_卖家-正向升级", "sourceId": "C2C:T1"})} | {
    "extJson": json.dumps({"msgArg1": "MsgCard", "updateKey": f"{CHAT}:{ORDER}:63:TRADE_PAID_DONE_SELLER:26"}),
    "redReminder": "等待卖家发货",
    "receiver": ME,
}
"""Everything a paid card carries beside its content."""


def dx_card(title="我已付款，等待你发货", url=SELLERS_PAGE):
    return {"item": {"main": {"exContent": {"title": title, "button": {"targetUrl": url}}, "targetUrl": ""}}}


def paid(*, kind=26, flag=1, text="[我已付款，等待你发货]", content=None, **more):
    content = content or {"contentType": kind, "dxCard": dx_card()}
    return record(text, flag=flag, kind=kind, content=content, **BELIEVED | more)


def test_the_platforms_mark_alone_makes_a_card_the_platforms():
    """The control: the same bytes but for "7" are an order, a text nobody acts on, and a reason to ask."""
    said = {flag: event_of(paid(flag=flag), ME) for flag in (1, 2, None)}
    assert (said[1].event, said[1].platform_status, said[1].user_authored) == (EventKind.order, "pending_ship", False)
    assert (said[2].event, said[2].platform_status, said[2].order_id) == (EventKind.unknown, None, None)
    assert (said[None].event, said[None].order_id, said[None].user_authored) == (EventKind.order, ORDER, None)


@pytest.mark.parametrize("text", PLATFORMS_TEXTS)
@pytest.mark.parametrize("shape", ["text", "marked", "tip", "card", "changed", "workbench", "flattened", "operation"])
def test_a_buyer_imitates_the_platform_in_every_shape_and_no_order_is_spoken_of(shape, text):
    shapes = {
        "text": record(text),
        "marked": record(text, **BELIEVED),
        "tip": record(text, kind=14, content={"contentType": 14, "tip": {"tip": text}}, **BELIEVED),
        "card": paid(flag=2, text=text),
        "changed": paid(flag=2, kind=32, text=text, content=changed_content()),
        "workbench": paid(flag=2, kind=28, text=text),
        "flattened": {"1": {k: v for k, v in body(text, **BELIEVED).items() if k != "6"}},
        "operation": operation(text),
    }
    event = event_of(shapes[shape], ME)
    assert (event.platform_status, event.order_id) == (None, None)
    assert event.event in (EventKind.chat_text, EventKind.unknown)
    assert shape not in ("text", "marked", "flattened", "operation") or event.text == text


@pytest.mark.parametrize(
    "text", ['{"contentType":26,"dxCard":{}}', f"fleamarket://order_detail?id={ORDER}&role=seller"]
)
def test_card_json_typed_by_a_buyer_is_a_buyers_text(text):
    event = event_of(record(text), ME)
    assert (event.event, event.text, event.order_id) == (EventKind.chat_text, text, None)


def test_a_nick_that_is_a_status_is_only_a_nick():
    event = event_of(record("在吗", reminderTitle="买家已付款，待发货"), ME)
    assert (event.event, event.sender_nick, event.platform_status) == (EventKind.chat_text, "买家已付款，待发货", None)


# -- D


def changed_content(title="我已付款，等待你发货"):
    return {"contentType": 32, "dynamicOperation": {"changeContent": {"dxCard": dx_card(title)}}}


def test_a_changed_card_says_what_a_card_says():
    event = event_of(paid(kind=32, content=changed_content()), ME)
    assert (event.event, event.platform_status, event.order_id) == (EventKind.order, "pending_ship", ORDER)
    assert (event.role, event.needs_postage, event.user_authored) == (TradeRole.seller, True, False)


def test_a_changed_card_whose_change_is_text_is_read_too():
    change = json.dumps({"dxCard": dx_card("交易关闭", f"fleamarket://order_detail?id={ORDER}&role=seller")})
    content = {"contentType": 32, "dynamicOperation": {"changeContent": change}}
    told = paid(kind=32, content=content, text="[交易关闭]", redReminder="", reminderContent="[交易关闭]")
    assert (event_of(told, ME).platform_status, event_of(told, ME).order_id) == (PlatformStatus.closed, ORDER)


def test_a_changed_card_under_the_ids_of_the_first_one_is_news():
    """Named by its ids alone it would be the card seen before, and nothing."""
    ids = {"bizTag": json.dumps({"messageId": "ab12", "taskName": "已拍下_未付款_卖家"})}
    first = paid(text="[我已拍下，待付款]", **ids)
    second = paid(kind=32, content=changed_content(), **ids)
    keys = [set(record_of(json.dumps(one).encode(), ME).keys) for one in (first, second, second)]
    assert not keys[0] & keys[1] and keys[1] == keys[2]


# -- G, H, 6, 7


def test_a_flattened_notice_is_a_hint_about_chat_and_item():
    url = f"fleamarket://message_chat?itemId=900052647001&peerUserId={BUYER}&sid={CHAT}"
    event = event_of({"reminderContent": "[已付款，待发货]", "senderUserId": BUYER, "reminderUrl": url}, ME)
    assert (event.event, event.platform_status, event.order_id) == (EventKind.order_hint, "pending_ship", None)
    assert (event.chat_id, event.item_id, event.buyer_id) == (CHAT, "900052647001", BUYER)


def test_a_flattened_notice_without_brackets_is_prose():
    event = event_of({"reminderContent": "已付款，待发货", "senderUserId": BUYER}, ME)
    assert (event.event, event.platform_status) == (EventKind.unknown, None)


@pytest.mark.parametrize(("url", "kind"), [("", EventKind.order_hint), (SELLERS_PAGE, EventKind.order)])
def test_a_workbench_card_is_about_an_order_and_never_about_its_own_session(url, kind):
    content = {"contentType": 28, "dxCard": dx_card("买家已付款，待发货", url)}
    told = record("买家已付款，待发货", flag=1, kind=28, content=content, sender="10000000028", sessionType="53")
    event = event_of(told, ME)
    assert (event.event, event.platform_status, event.order_id) == (kind, "pending_ship", ORDER if url else None)
    assert (event.chat_id, event.buyer_id) == (None, None)


def test_a_parcel_that_was_signed_for_is_no_state():
    content = {
        "contentType": 6,
        "textCard": {"title": "<strong><font color='#000'>物流已签收</font></strong>", "content": f"id={ORDER}"},
    }
    event = event_of(record("[卡片]", flag=1, kind=6, content=content), ME)
    assert (event.event, event.text, event.order_id) == (EventKind.system_tip, "物流已签收", None)


def test_an_item_a_buyer_shows_is_called_by_its_title():
    shown = {"contentType": 7, "itemCard": {"itemId": "1713301191532", "title": "卡片商品", "price": "19.90"}}
    event = event_of(record("[宝贝]", kind=7, content=shown), ME)
    assert (event.event, event.text, event.item_id) == (EventKind.chat_text, "卡片商品", None)


# -- the operation format


def operation(text, kind=1, **more):
    content = {"contentType": kind, "text": {"text": text}, "reminder": {"reminderTitle": "小鱼"}} | more
    sender, session = {"senderUserId": BUYER}, {"sessionId": CHAT}
    return {"sessionId": CHAT, "operation": {"content": content, "senderInfo": sender, "sessionInfo": session}}


def test_an_operation_travels_as_base64_json():
    found = record_of(base64.b64encode(json.dumps(operation("还在吗")).encode()), ME).event
    assert (found.event, found.text, found.chat_id, found.sender_id) == (EventKind.chat_text, "还在吗", CHAT, BUYER)


def test_an_operation_with_a_card_asks_and_moves_nothing():
    """The format has no mark of the platform: the order is read, whatever the card says."""
    event = event_of(operation("[我已付款，等待你发货]", 26, dxCard=dx_card()), ME)
    assert (event.event, event.order_id, event.user_authored) == (EventKind.order, ORDER, None)


# -- odd types


@pytest.mark.parametrize("flag", ["1", 1])
def test_the_mark_may_be_digits(flag):
    assert event_of({"1": body("x", flag=None) | {"7": flag}}, ME).event is EventKind.system_tip


@pytest.mark.parametrize("flag", [True, 1.0, "１", [1], {"1": 1}, 3, "", None])
def test_nothing_else_is_the_platforms_mark(flag):
    told = {"1": paid(flag=None)["1"] | {"7": flag}}
    assert event_of(told, ME).user_authored is None
    assert event_of({"1": body("在吗", flag=None) | {"7": flag}}, ME).event is EventKind.chat_text


@pytest.mark.parametrize("order", [5.127638256187076e18, float("inf"), True, -1, 0, [ORDER], {"id": ORDER}, "", "0"])
def test_an_order_number_that_is_no_whole_number_or_text_is_none(order):
    told = {"1": f"{CHAT}@goofish", "2": 1, "3": {"orderId": order, "itemId": "9"}, "4": 1785326880501}
    event = record_of(base64.b64encode(msgpack.packb(told)), ME).event
    assert (event.event, event.order_id) == (EventKind.chat_item_map, None)
    assert order_of_headinfo({"commonData": {"orderId": order}}) is None


def test_an_order_number_of_nineteen_digits_keeps_its_end():
    told = {"1": f"{CHAT}@goofish", "2": 1, "3": {"orderId": int(ORDER), "itemId": 9}, "4": 1785326880501}
    assert record_of(base64.b64encode(msgpack.packb(told)), ME).event.order_id == ORDER


@pytest.mark.parametrize("part", ["2", "3", "5", "6", "10"])
@pytest.mark.parametrize("odd", [None, 7, 1.5, "x", [], {}, True])
def test_a_card_with_an_odd_part_says_less_and_never_raises(part, odd):
    told = paid()
    told["1"][part] = odd
    assert event_of(told, ME).event in EventKind


# -- whose trade


@pytest.mark.parametrize("kind", [1, 14, 26, 32])
def test_what_is_addressed_to_another_account_is_kept_and_not_acted_on(kind):
    content = changed_content() if kind == 32 else None
    theirs = paid(kind=kind, receiver=STRANGER, content=content)
    assert event_of(theirs, ME).event is EventKind.unknown
    assert event_of(theirs, STRANGER).event is not EventKind.unknown


@pytest.mark.parametrize(
    ("receiver", "kind"),
    [(ME, EventKind.chat_text), (0, EventKind.chat_text), (BUYER, EventKind.chat_text), (STRANGER, EventKind.unknown)],
)
def test_words_are_heard_unless_they_name_a_third_as_their_receiver(receiver, kind):
    """Captured bodies name nobody, us, or (S50) the sender there."""
    assert event_of({"1": body("在吗") | {"4": f"{receiver}@goofish" if receiver else 0}}, ME).event is kind


def test_own_words_name_whatever_receiver_they_like():
    assert event_of({"1": body("好的", sender=ME) | {"4": f"{BUYER}@goofish"}}, ME).event is EventKind.self_message


def test_a_card_made_for_the_buyer_is_the_buyers():
    event = event_of(paid(bizTag=json.dumps({"taskName": "付款完成待发货_买家"}), extJson="{}"), ME)
    assert event.role is TradeRole.buyer
