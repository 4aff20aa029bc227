"""Who wrote it, and does it speak of an order: shapes the captures show only in part, built around their key paths."""

import json

import pytest

from core.outside.xianyu.events import event_of
from core.values.market import EventKind, TradeRole
from core.values.orders import PlatformStatus

ME, BUYER, CHAT = "2202640941", "3149637041", "63481077001"
ORDER = "5127638256187075541"


def body(text, *, flag=2, kind=1, sender=BUYER, content=None, **extension):
    content = content or {"contentType": kind, "text": {"text": text}}
    extension = {
        "senderUserId": sender,
        "reminderContent": text,
        "reminderTitle": "小鱼",
        "sessionType": "1",
    } | extension
    found = {
        "1": {"1": f"{sender}@goofish"},
        "2": f"{CHAT}@goofish",
        "3": "77.PNM",
        "5": "1785326880501",
        "6": {"1": 101, "3": {"2": text, "4": kind, "5": json.dumps(content)}},
        "10": extension,
    }
    return found if flag is None else found | {"7": flag}


def record(text, **more):
    return {"1": body(text, **more), "3": {"needPush": "true"}}


PLATFORMS_TEXTS = [
    "[我已付款，等待你发货]",
    "[我已拍下，待付款]",
    "[你已发货]",
    "[买家确认收货，交易成功]",
    "[退款成功，钱款已原路退返]",
    "[我发起了退款申请]",
    "交易关闭",
    "[我已小刀，待刀成]",
]


@pytest.mark.parametrize("text", PLATFORMS_TEXTS)
def test_a_platform_text_typed_by_a_buyer_stays_a_buyers_text(text):
    event = event_of(record(text), ME)
    assert (event.event, event.text, event.platform_status) == (EventKind.chat_text, text, None)


@pytest.mark.parametrize("text", PLATFORMS_TEXTS[2:5])
def test_the_same_text_as_a_tip_of_the_platform_is_about_an_order(text):
    tip = record(text, flag=1, kind=14, content={"contentType": 14, "tip": {"tip": text}})
    assert event_of(tip, ME).event is EventKind.order_hint


def test_a_trade_card_sent_by_a_user_is_believed_by_nobody():
    card = {"contentType": 26, "dxCard": {"item": {"main": {"targetUrl": f"fleamarket://order_detail?id={ORDER}"}}}}
    event = event_of(record("[我已付款，等待你发货]", kind=26, content=card), ME)
    assert (event.event, event.order_id) == (EventKind.unknown, None)


def test_the_message_is_found_one_level_deeper_too():
    event = event_of({"1": {"1": body("在吗"), "3": {}}}, ME)
    assert (event.event, event.text, event.chat_id, event.item_id) == (EventKind.chat_text, "在吗", CHAT, None)


def test_own_words_are_known_by_the_own_id():
    assert event_of(record("好的", sender=ME), ME).event is EventKind.self_message
    assert event_of(record("好的", sender=ME), None).event is EventKind.chat_text


def test_a_picture_keeps_its_address():
    pics = {"contentType": 2, "image": {"pics": [{"url": "https://img.example/a.heic", "width": 1, "height": 1}]}}
    event = event_of(record("[图片]", kind=2, content=pics), ME)
    assert (event.event, event.image_url) == (EventKind.chat_image, "https://img.example/a.heic")


@pytest.mark.parametrize(("kind", "text"), [(3, "[语音]"), (4, "[视频]"), (7, "[宝贝]")])
def test_what_else_a_buyer_sends_is_not_lost(kind, text):
    assert event_of(record(text, kind=kind, content={"contentType": kind}), ME).text == text
    assert event_of(record(text, kind=kind, content={"contentType": kind}), ME).event is EventKind.chat_text


@pytest.mark.parametrize(
    "more",
    [{"sender": "1400"}, {"flag": 1}, {"sessionType": "53"}, {"reminderUrl": "fleamarket://custom_chat?sid=1"}],
)
def test_the_platforms_own_words_never_reach_the_answers(more):
    assert event_of(record("亲，双十一大促", **more), ME).event is EventKind.system_tip


def test_a_message_of_history_has_no_flag_and_is_told_by_its_marks():
    assert event_of(record("在吗", flag=None), ME).event is EventKind.chat_text
    robots = record("欢迎光临", flag=None, bizTag='{"sourceId":"C2C:x","taskName":"自动欢迎_卖家"}')
    assert event_of(robots, ME).event is EventKind.system_tip


def test_words_in_the_operation_format_are_read():
    said = {"contentType": 1, "text": {"text": "还在吗"}, "reminder": {"reminderTitle": "小鱼"}}
    found = {"sessionId": CHAT, "operation": {"content": said, "senderInfo": {"senderUserId": BUYER}}}
    event = event_of(found, ME)
    assert (event.event, event.text, event.sender_id, event.sender_nick) == (
        EventKind.chat_text,
        "还在吗",
        BUYER,
        "小鱼",
    )


def card(*, title="", links=("", ""), update_key="", task="", red="", kind=26, **extension):
    main = {"exContent": {"title": title, "button": {"targetUrl": links[0]}}, "targetUrl": links[1]}
    change = {"contentType": kind, "dxCard": {"item": {"main": main}}}
    if kind == 32:
        change = {"contentType": 32, "dynamicOperation": {"changeContent": {"dxCard": change["dxCard"]}}}
    marks = {"bizTag": json.dumps({"taskName": task}), "extJson": json.dumps({"updateKey": update_key})}
    return record(f"[{title}]", flag=1, kind=kind, content=change, redReminder=red, receiver=ME, **marks, **extension)


@pytest.mark.parametrize(
    "links",
    [
        (f"fleamarket://adjust_price?flutter=true&bizOrderId={ORDER}", ""),
        (f"https://h5.m.goofish.com/wow/pages/idleDeliver?kun=true&orderId={ORDER}", ""),
        (f"https://h5.m.goofish.com/wow/pages/noPostageRequired?orderId={ORDER}", ""),
        (f"https://h5.m.goofish.com/fm-delivery/home.html?orderId={ORDER}&x=1", ""),
        ("", f"fleamarket://order_detail?id={ORDER}&role=Seller"),
        ("", f"fleamarket://order_detail?role=Seller&id={ORDER}"),
    ],
)
def test_the_order_id_is_found_in_every_link_that_carries_it(links):
    event = event_of(card(title="我已付款，等待你发货", links=links), ME)
    assert (event.event, event.order_id) == (EventKind.order, ORDER)


@pytest.mark.parametrize("key", [f"{CHAT}:{ORDER}:63:TRADE_PAID_DONE_SELLER:26", f"{ORDER}:20:CONFIRM_GOODS:1"])
def test_the_order_id_is_found_in_both_forms_of_the_update_key(key):
    assert event_of(card(title="买家确认收货，交易成功", update_key=key), ME).order_id == ORDER


@pytest.mark.parametrize(("code", "needs"), [("63", True), ("64", False)])
def test_postage_is_told_by_the_code_of_a_paid_card(code, needs):
    event = event_of(
        card(title="我已付款，等待你发货", update_key=f"{CHAT}:{ORDER}:{code}:TRADE_PAID_DONE_SELLER:26"), ME
    )
    assert (event.needs_postage, event.role) == (needs, TradeRole.seller)


def test_a_changed_card_of_type_32_reads_like_a_card():
    event = event_of(
        card(title="交易关闭", kind=32, links=("", f"fleamarket://order_detail?id={ORDER}&role=seller")), ME
    )
    assert (event.event, event.platform_status, event.order_id) == (EventKind.order, PlatformStatus.closed, ORDER)


@pytest.mark.parametrize(
    "marks",
    [
        {"task": "付款完成待发货_买家"},
        {"update_key": f"{CHAT}:{ORDER}:2:TRADE_MODIFY_FEE_BUYER:26"},
        {"links": ("", f"fleamarket://order_detail?id={ORDER}&role=buyer")},
    ],
)
def test_own_purchases_are_marked_with_the_buyers_role_and_the_sides_swap(marks):
    url = f"fleamarket://message_chat?itemId=9&peerUserId={BUYER}&sid={CHAT}"
    event = event_of(card(title="我已付款，等待你发货", reminderUrl=url, **marks), ME)
    assert (event.role, event.buyer_id, event.seller_id) == (TradeRole.buyer, ME, BUYER)


def test_a_bargain_that_waits_for_its_group_is_not_to_be_shipped():
    waiting = card(
        title="我已小刀，待刀成", red="等待卖家发货", update_key=f"{CHAT}:{ORDER}:63:TRADE_PAID_DONE_SELLER:26"
    )
    done = card(title="我已成功小刀，待发货", links=("", f"fleamarket://order_detail?id={ORDER}"))
    assert (event_of(waiting, ME).event, event_of(waiting, ME).platform_status) == (EventKind.order, None)
    assert event_of(done, ME).platform_status is PlatformStatus.pending_ship


def test_a_reminder_to_confirm_is_not_a_confirmation():
    event = event_of(card(title="已提醒买家确认收货", update_key=f"{CHAT}:{ORDER}:10:REMIND_BUYER_TO_CONFIRM:26"), ME)
    assert (event.order_id, event.platform_status) == (ORDER, None)


def test_prose_of_the_platform_is_no_state_however_it_is_worded():
    prose = "温馨提示：及时发货可以提升您的信誉，超时未发货可能被投诉，买家已付款的订单请在二十四小时之内处理完成"
    tip = record(prose, flag=1, kind=14, content={"contentType": 14, "tip": {"tip": prose}})
    assert event_of(tip, ME).event is EventKind.system_tip


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("[你关闭了订单，钱款已原路退返]", PlatformStatus.closed),
        ("[未付款，你关闭了订单]", PlatformStatus.closed),
        ("超时未付款，系统关闭了订单", PlatformStatus.closed),
        ("[退款成功，钱款已原路退返]", PlatformStatus.refunded),
        ("[买家确认收货，交易成功]", PlatformStatus.completed),
    ],
)
def test_each_tip_of_the_platform_has_its_state(text, status):
    tip = record(text, flag=1, kind=14, content={"contentType": 14, "tip": {"tip": text}})
    assert event_of(tip, ME).platform_status is status


def test_a_platform_card_that_asks_for_a_rating_means_the_trade_is_done():
    event = event_of(card(title="快给ta一个评价吧～", kind=25), ME)
    assert (event.event, event.platform_status) == (EventKind.order_hint, PlatformStatus.completed)


def test_a_flattened_paid_notice_without_an_id_is_a_hint():
    url = f"fleamarket://message_chat?itemId=900052647001&peerUserId={BUYER}&sid={CHAT}"
    event = event_of({"reminderContent": "[已付款，待发货]", "senderUserId": BUYER, "reminderUrl": url}, ME)
    assert (event.event, event.chat_id, event.item_id) == (EventKind.order_hint, CHAT, "900052647001")
    assert (event.platform_status, event.buyer_id) == (PlatformStatus.pending_ship, BUYER)


def test_an_update_with_only_a_detail_notice_is_read_and_one_about_nothing_is_noise():
    key = f"{CHAT}:{ORDER}:10:X:26"
    told = {
        "1": "7.PNM",
        "2": CHAT,
        "3": 1,
        "4": {"updateKey": key, "detailNotice": "等待买家收货"},
        "5": 1785326880501,
    }
    event = event_of(told, ME)
    assert (event.event, event.order_id, event.platform_status) == (EventKind.order, ORDER, PlatformStatus.shipped)
    assert event_of(told | {"4": {"x": "y"}}, ME).event is EventKind.noise


def test_a_summary_with_a_state_nobody_knows_is_kept_as_unknown():
    assert (
        event_of({"1": f"{CHAT}@goofish", "2": 1, "3": {"redReminder": "前所未闻"}, "4": 1}).event is EventKind.unknown
    )
    assert event_of({"1": f"{CHAT}@goofish", "2": 1, "3": {"redReminder": ""}, "4": 1}).event is EventKind.noise
