"""The web API's words: cookies, signs, ret codes, and what its answers say of orders and items."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SeededChance
from core.errors import BadConfig, Busy, Challenged, LoginExpired, MarketDown, Refused, Unknown
from core.outside.http import wished_wait_s
from core.outside.xianyu.amounts import fen_of, instant_of
from core.outside.xianyu.conversations import conversations_of
from core.outside.xianyu.cookies import cookies_of, merge
from core.outside.xianyu.fields import quantity_at
from core.outside.xianyu.identity import new_device_id, new_link
from core.outside.xianyu.items import item_of_detail, items_of_list
from core.outside.xianyu.order_detail import order_of_detail, order_of_headinfo
from core.outside.xianyu.ret import error_of, is_already_shipped, is_session_gone, is_stale_sign, is_success
from core.outside.xianyu.sign import sign
from core.outside.xianyu.sold_lists import orders_of_merchant_list, orders_of_plain_list
from core.values.orders import PlatformStatus
from tests.contract import xianyu_frames


def data_of(name):
    return xianyu_frames.load(name)["payload"]["data"]


# cookies and signs


def test_a_set_cookie_replaces_and_never_doubles():
    merged = merge("a=1; _m_h5_tk=old_1; b=2; _m_h5_tk=older_1", ["_m_h5_tk=new_2; Path=/; Domain=.goofish.com", "c=3"])
    assert merged == "a=1; _m_h5_tk=new_2; b=2; c=3"


@pytest.mark.parametrize(
    "line",
    [
        "a=; Path=/",
        "a=x; Max-Age=0",
        "a=x; max-age=-1; Expires=Sun, 22 Nov 2026 00:00:00 GMT",
        "a=deleted",
        "a=x; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/",
    ],
)
def test_an_emptied_cookie_goes(line):
    assert merge("a=1; b=2", [line]) == "b=2"


@pytest.mark.parametrize("end", ["Max-Age=60", "Expires=Sun, 01 Nov 2026 00:00:00 GMT", "Max-Age=soon"])
def test_a_cookie_that_ends_some_day_stays_whatever_our_clock_says(end):
    assert merge("a=1; b=2", [f"a=3; {end}"]) == "a=3; b=2"


def test_a_cookie_keeps_the_equal_signs_in_its_value():
    assert cookies_of("x5sec=7b22==; unb=1") == {"x5sec": "7b22==", "unb": "1"}


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3))
def test_any_cookie_text_is_read(header, lines):
    assert isinstance(merge(header, lines), str)


def test_the_sign_is_the_md5_of_token_time_key_and_data():
    assert sign("_m_h5_tk=abc_123; x=1", "1789142000000", '{"a":1}') == "21a5a5af74db4711dab31fbb8d2330e8"


def test_a_device_id_is_a_uuid_of_version_four_with_the_user_behind_it():
    made = new_device_id("22", SeededChance(3))
    uuid = made.removesuffix("-22")
    assert len(uuid) == 36 and uuid == uuid.upper()
    assert uuid[14] == "4" and uuid[19] in "89AB"


def test_a_link_begins_with_a_login_and_without_one_says_what_is_missing():
    link = new_link(" unb=22; cookie2=x; unb=23 ", SeededChance(1))
    assert (link.user_id, link.cookies) == ("23", "unb=23; cookie2=x")
    with pytest.raises(BadConfig, match="unb"):
        new_link("cookie2=x", SeededChance(1))


# ret codes


def test_every_captured_refusal_has_its_error():
    found = [
        (error_of(answer["ret"], answer.get("data", {}), effect=False, busy_s=2), answer["ret"][0])
        for answer in xianyu_frames.load("http_ret")["payload"]
        if not is_stale_sign(answer["ret"])
    ]
    assert [type(error) for error, _ in found] == [LoginExpired, Challenged, Challenged, *[Refused] * 5]
    assert "punish" in found[1][0].facts["url"]
    assert found[3][0].facts == {"code": "FAIL_BIZ_ORDER_STATUS_ERROR", "reason": "订单状态错误"}


def test_stale_signs_and_ended_sessions_are_told_apart_from_errors():
    answers = xianyu_frames.load("http_ret")["payload"]
    assert [is_stale_sign(answer["ret"]) for answer in answers[:3]] == [True, True, False]
    assert is_session_gone(answers[2]["ret"]) and not is_success(answers[2]["ret"])


def test_throttling_asks_for_a_wait_and_an_unheard_of_code_leaves_an_effect_open():
    throttled = error_of(["FAIL_SYS_TRAFFIC_LIMIT::限流"], {}, effect=True, busy_s=2)
    assert isinstance(throttled, Busy) and throttled.retry_after_s == 2
    assert isinstance(error_of(["FAIL_SYS_SERVICE_TIMEOUT::x"], {}, effect=True, busy_s=2), Unknown)
    assert isinstance(error_of(["FAIL_SYS_SERVICE_TIMEOUT::x"], {}, effect=False, busy_s=2), MarketDown)
    assert isinstance(error_of([], {}, effect=False, busy_s=2), MarketDown)


def test_already_shipped_is_known_by_code_or_words():
    for line in ("FAIL_BIZ_ORDER_ALREADY_DELIVERY::x", "FAIL_BIZ_X::已发货成功"):
        assert is_already_shipped(error_of([line], {}, effect=True, busy_s=2))
    assert not is_already_shipped(error_of(["FAIL_BIZ_X::订单状态错误"], {}, effect=True, busy_s=2))


# orders


def test_the_detail_of_a_paid_order():
    order = order_of_detail("7", data_of("http_order_detail"))
    assert (order.status, order.paid, order.shipped, order.can_ship) == (PlatformStatus.pending_ship, True, False, True)
    assert (order.amount_fen, order.unit_price_fen, order.postage_fen) == (1, 100, 0)
    assert (order.quantity, order.spec) == (1, "颜色:红色")
    assert order.ordered_at == datetime(2026, 7, 29, 12, 8, tzinfo=UTC)
    assert order.paid_at == datetime(2026, 7, 29, 12, 8, 30, tzinfo=UTC)


def detail(title="", code="2", **steps):
    nodes = [{"title": step, "completed": done} for step, done in steps.items()]
    status = {"orderStatusInfo": {"title": title}, "orderStatusNodeList": nodes}
    return {"utArgs": {"orderStatus": code}, "components": [{"render": "orderStatusVO", "data": status}]}


@pytest.mark.parametrize(
    ("data", "status", "can_ship"),
    [
        (detail("待付款", 已拍下=True, 已付款=False, 待发货=False, 已发货=False), "pending_payment", False),
        (detail("", 已拍下=True, 已付款=True, 待发货=False, 已发货=False), "pending_ship", True),
        (detail("", 已付款=True, 已发货=False), "pending_ship", False),
        (detail("", 已付款=True, 已刀成=True, 已发货=False), "pending_ship", True),
        (detail("待刀成", 已付款=True, 待发货=False, 已发货=False), None, False),
        (detail("待发货", 已付款=True, 待刀成=False, 待发货=False, 已发货=False), None, False),
        (detail("退款中", 已付款=True, 待发货=False, 已发货=False), "refunding", False),
        (detail("交易关闭", 已付款=True, 待发货=False, 已发货=False), "closed", False),
        (detail("待发货", 已付款=True, 待发货=True, 已发货=True), "pending_ship", False),
        (detail("待发货"), "pending_ship", False),
        (detail("", "2"), "pending_ship", False),
        (detail("", "9"), None, False),
        ({}, None, False),
    ],
)
def test_only_paid_unshipped_and_awaited_can_be_shipped(data, status, can_ship):
    order = order_of_detail("7", data)
    assert (order.status, order.can_ship) == (status, can_ship)


def test_the_merchant_list_knows_a_bargain_by_its_button():
    (order,), more = orders_of_merchant_list(data_of("http_sold_merchant"))
    assert (order.status, order.paid, order.can_ship) == (PlatformStatus.pending_ship, True, False)
    assert (order.amount_fen, order.quantity, more) == (3900, 1, True)
    assert order.paid_at == datetime(2026, 5, 7, 11, 50, 11, tzinfo=UTC)
    plain = data_of("http_sold_merchant")
    plain["module"]["items"][0]["rightVO"] = {"btnList": []}
    assert orders_of_merchant_list(plain)[0][0].can_ship


def test_the_plain_list_counts_in_cents_and_is_filtered_again():
    (order,), rows = orders_of_plain_list(data_of("http_sold_plain"))
    assert (order.status, order.amount_fen, rows) == (PlatformStatus.pending_ship, 3900, 1)
    shipped = {"items": [data_of("http_sold_plain")["items"][0] | {"orderStatus": "3"}]}
    assert orders_of_plain_list(shipped) == ([], 1)


def test_the_order_of_a_chat_stands_in_one_of_two_places():
    found = order_of_headinfo(data_of("http_headinfo"))
    assert found and order_of_headinfo({"commonData": {"orderId": found}}) == found
    assert order_of_headinfo({"commonData": {}}) is None


def test_items_of_a_list_and_of_a_detail():
    (item,), cards = items_of_list(data_of("http_items"))
    assert cards == 1
    assert (item.item_id, item.title, item.price_fen) == ("item-1", "商品A", 1250)
    assert items_of_list({"cardList": [{"cardData": {"id": "auto_1"}}, {"cardData": {}}, 7]}) == ((), 3)
    sku = {"price": 990, "propertyList": [{"propertyText": "颜色", "valueText": "红"}]}
    told = item_of_detail("9", {"itemDO": {"title": "A", "soldPrice": "9.90", "skuList": [sku]}})
    assert (told.price_fen, told.specs) == (990, (("颜色:红", 990),))
    assert item_of_detail("9", {}) is None


def test_a_conversation_of_ours_names_its_buyer_and_one_where_we_buy_does_not():
    body = xianyu_frames.load("rpc_conversations")["payload"]["body"]
    single = body["userConvs"][0]["singleChatUserConversation"]["singleChatConversation"]
    me, other = (single[side].split("@")[0] for side in ("pairFirst", "pairSecond"))
    (ours,) = conversations_of(body, me)
    assert (ours.buyer_user_id, ours.buyer_nick, ours.item_title) == (other, "买家", "会话商品")
    (theirs,) = conversations_of(body, other)
    assert theirs.buyer_user_id is None


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers() | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "components",
                        "module",
                        "items",
                        "itemDO",
                        "cardList",
                        "render",
                        "data",
                        "skuList",
                        "userConvs",
                        "commonData",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_an_answer_of_any_shape_is_read(value):
    data = value if isinstance(value, dict) else {"data": value}
    order_of_detail("7", data)
    orders_of_merchant_list(data)
    orders_of_plain_list(data)
    items_of_list(data)
    item_of_detail("9", data)
    conversations_of(data, "1")
    order_of_headinfo(data)


# amounts


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [("39.00", 3900), ("0.01", 1), (39, 3900), (39.9, 3990), ("¥1,000", 100000), ("", None), (None, None)],
)
def test_yuan_become_fen_at_the_door(yuan, fen):
    assert fen_of(yuan) == fen


def test_a_time_without_a_zone_is_beijing_time():
    assert instant_of("2026-05-07 19:47:03") == datetime(2026, 5, 7, 11, 47, 3, tzinfo=UTC)
    assert instant_of("soon") is None


@pytest.mark.parametrize("text", ["0001-01-01 00:00:00", "0000-00-00 00:00:00", "1970-01-01 08:00:00"])
def test_an_instant_before_computers_is_none(text: str) -> None:
    """What databases write for "never" must not end the reading of a whole list."""
    assert instant_of(text) is None


@pytest.mark.parametrize(
    "yuan", ["1e999999", "9e9999999", "-5", "1e15", "1e-999999", "1." + "0" * 40 + "1", "nan", "inf"]
)
def test_an_amount_that_can_be_none_is_none(yuan: str) -> None:
    assert fen_of(yuan) is None


@pytest.mark.parametrize(("told", "quantity"), [(2, 2), ("3", 3), (0, 1), (-1, 1), (10**30, 1), (None, 1), ("x", 1)])
def test_a_quantity_that_cannot_be_bought_is_one(told: object, quantity: int) -> None:
    """A negative one would be refused by the table at every try, and its order never planned."""
    assert quantity_at({"n": told}, "n") == quantity


@pytest.mark.parametrize(("said", "wait_s"), [("30", 30.0), ("²", None), ("soon", None), ("-1", None), ("", None)])
def test_a_wish_to_be_left_alone_is_a_number_or_none(said: str, wait_s: float | None) -> None:
    assert wished_wait_s({"retry-after": said}) == wait_s
