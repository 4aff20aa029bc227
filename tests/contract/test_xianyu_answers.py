"""Every answer the web API gives, on the real wire, and what it becomes for a question and for a write (facts: 2.3)."""

import asyncio
import time
from typing import NamedTuple

import pytest

from core.errors import Busy, Challenged, LoginExpired, MarketDown, Refused, Resting, Unknown
from tests.contract.xianyu_shop import DETAIL_CALL, QUICK, TOKEN_CALL, calls, market_of, paid_order, shipped, until

SHIP_CALL = "mtop.taobao.idle.logistic.consign.dummy"
USER_CALL = "mtop.taobao.idlemessage.pc.loginuser.get"


class Row(NamedTuple):
    """A refusal, and the errors it is for a question and for a write; `stops`: the account asks nothing more."""

    ret: tuple[str, ...]
    read: type[Exception]
    write: type[Exception]
    stops: bool = False


SLIDER = ("FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试")
ROWS = (
    Row(SLIDER, Challenged, Challenged, stops=True),
    Row(SLIDER[1:], Challenged, Challenged, stops=True),
    Row(("FAIL_SYS_USER_VALIDATE::需要验证",), Challenged, Challenged, stops=True),
    Row(("FAIL_SYS_ILLEGAL_ACCESS::非法请求",), Challenged, Challenged, stops=True),
    Row(("FAIL_BIZ_WUA_IS_MACHINE::机器行为",), Challenged, Challenged, stops=True),
    Row(("FAIL_SYS_TRAFFIC_LIMIT::哎哟喂,被挤爆啦",), Busy, Busy),
    Row(("FAIL_SYS_FLOWLIMIT::限流",), Busy, Busy),
    Row(("PERMISSION_EXCEPTION::无权限访问",), Refused, Refused),
    Row(("FAIL_BIZ_ORDER_STATUS_ERROR::订单状态错误",), Refused, Refused),
    Row(("FAIL_BIZ_FORBIDDEN::主接口暂不可用",), Refused, Refused),
    Row(("FAIL_BIZ_NEVER_HEARD_OF::新的业务错误",), Refused, Refused),
    Row(("FAIL_SYS_SERVICE_TIMEOUT::服务超时",), MarketDown, Unknown),
    Row(("SOMETHING_NEW::没见过",), MarketDown, Unknown),
    Row(("没有分隔的一行",), MarketDown, Unknown),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.ret[0])
async def test_a_refused_call_is_what_its_code_means_and_is_not_repeated(world, market, item, row):
    order, _, _ = await paid_order(world, item)
    await market.find_order(order)
    await world.control.post("/faults", dial="other_ret", next=1, on="consign.dummy", ret=row.ret)
    with pytest.raises(row.write) as error:
        await market.ship_virtual(order)
    assert type(error.value) is row.write
    assert await calls(world, SHIP_CALL) == 1
    assert await shipped(world) == []
    before = await calls(world, DETAIL_CALL)
    if row.stops:
        with pytest.raises(row.write):
            await market.find_order(order)
        assert await calls(world, DETAIL_CALL) == before


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.ret[0])
async def test_a_refused_question_is_what_its_code_means(world, market, item, row):
    order, _, _ = await paid_order(world, item)
    await world.control.post("/faults", dial="other_ret", next=1, on="order.detail", ret=row.ret)
    with pytest.raises(row.read) as error:
        await market.find_order(order)
    assert type(error.value) is row.read
    assert await calls(world, DETAIL_CALL) == 1


@pytest.mark.parametrize(
    "code", ["FAIL_SYS_TOKEN_EXOIRED", "FAIL_SYS_TOKEN_EXPIRED", "FAIL_SYS_TOKEN_EMPTY", "FAIL_SYS_TOKEN_ILLEGAL"]
)
async def test_a_stale_sign_is_no_error_and_nothing_happens_twice(world, market, item, code):
    order, _, _ = await paid_order(world, item)
    await world.control.post("/faults", dial="other_ret", next=2, on="consign.dummy", ret=[f"{code}::令牌"])
    await market.ship_virtual(order)
    assert await calls(world, SHIP_CALL) == 3
    assert len(await shipped(world)) == 1


async def test_an_ended_session_is_asked_after_once_and_then_the_owners(world, market, item):
    order, _, _ = await paid_order(world, item)
    ended = ["FAIL_SYS_SESSION_EXPIRED::Session过期"]
    await world.control.post("/faults", dial="other_ret", next=1, on="order.detail", ret=ended)
    assert await market.find_order(order) is not None
    await world.control.post("/faults", dial="other_ret", probability=1, on="order.detail", ret=ended)
    with pytest.raises(LoginExpired):
        await market.find_order(order)


async def test_a_ship_call_repeated_by_the_platforms_word_is_done(world, market, item):
    order, _, _ = await paid_order(world, item)
    already = ["FAIL_BIZ_ORDER_ALREADY_DELIVERY::已发货成功"]
    await world.control.post("/faults", dial="other_ret", next=1, on="consign.dummy", ret=already)
    await market.ship_virtual(order)


async def ship_virtual(world, market, item):
    order, _, _ = await paid_order(world, item)
    return "consign.dummy", lambda: market.ship_virtual(order)


async def ship_parcel(world, market, item):
    goods = await world.control.item("旧键盘", 9900, virtual=False)
    order, _, _ = await paid_order(world, goods)
    return "consign.offline", lambda: market.ship_parcel(order, "YTO", "YT1234567890")


async def refuse_refund(world, market, item):
    order, _, _ = await paid_order(world, item)
    await world.control.act("ask_refund", order, reason="发错货了")
    found = await market.find_refund(order)
    return "refund.refuse", lambda: market.refuse_refund(found.refund_no, "102")


WRITES = (ship_virtual, ship_parcel, refuse_refund)
TAKEN_BACK = [
    ({"success": False, "message": "订单异常"}, Refused),
    ({"success": "false", "msg": "订单异常"}, Refused),
    ({"data": {"success": False, "message": "订单异常"}}, Refused),
    ({"success": "maybe"}, Unknown),
    ({"data": {"success": None}}, Unknown),
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
@pytest.mark.parametrize(("data", "error"), TAKEN_BACK, ids=lambda value: str(getattr(value, "__name__", value)))
async def test_a_success_taken_back_inside_is_no_success_of_any_write(world, market, item, write, data, error):
    name, call = await write(world, market, item)
    fine = ["SUCCESS::调用成功"]
    await world.control.post("/faults", dial="other_ret", next=1, on=name, ret=fine, data=data)
    with pytest.raises(error) as said:
        await call()
    if error is Refused:
        assert said.value.facts == {"code": "success=false", "reason": "订单异常"}
    await world.control.post("/faults", dial="other_ret", next=1, on=name, ret=fine, data={"success": "true"})
    await call()


async def test_a_ship_call_taken_back_because_it_was_shipped_is_done(world, market, item):
    _, call = await ship_virtual(world, market, item)
    said = {"success": False, "message": "已发货成功"}
    await world.control.post(
        "/faults", dial="other_ret", next=1, on="consign.dummy", ret=["SUCCESS::调用成功"], data=said
    )
    await call()


async def test_a_question_may_say_anything_inside(world, market, item):
    order, _, _ = await paid_order(world, item)
    said = {"success": False}
    await world.control.post("/faults", dial="other_ret", next=1, on="order.detail", ret=["SUCCESS::ok"], data=said)
    assert (await market.find_order(order)).status is None


@pytest.mark.parametrize(("dial", "happened"), [("http_5xx", False), ("html_page", False), ("half_body", True)])
async def test_what_is_no_answer_leaves_a_write_unknown_and_a_question_unanswered(world, market, item, dial, happened):
    order, _, _ = await paid_order(world, item)
    await world.control.fault(dial, times=1, on="consign.dummy")
    with pytest.raises(Unknown):
        await market.ship_virtual(order)
    assert await calls(world, SHIP_CALL) == 1
    assert bool(await shipped(world)) is happened
    await world.control.fault(dial, times=1, on="order.detail")
    with pytest.raises(MarketDown):
        await market.find_order(order)
    assert (await market.find_order(order)).shipped is happened


# -- the breaker


async def fails(market, times):
    for _ in range(times):
        with pytest.raises(MarketDown):
            await market.find_order("1")


async def test_after_five_calls_without_an_answer_the_account_rests_and_then_asks_one_harmless_question(world, cookie):
    async with market_of(world, cookie, times=QUICK.model_copy(update={"rest_first_s": 0.5})) as market:
        await world.control.fault("http_5xx", probability=1)
        await fails(market, 5)
        with pytest.raises(Resting):
            await market.ship_virtual("1")
        assert (await calls(world, DETAIL_CALL), await calls(world, SHIP_CALL)) == (5, 0)
        assert market.line.reason == "HTTP 502"
        await world.control.fault("http_5xx", probability=0)
        await until_rested(market)
        with pytest.raises(Refused):
            await market.ship_virtual("1")
        assert (await calls(world, USER_CALL), await calls(world, SHIP_CALL)) == (1, 1)
        assert market.line.rests_since is None


async def until_rested(market):
    await until(lambda: market.line.rests_until is None)


async def test_without_the_breaker_every_call_knocks_on_a_dead_door(world, cookie):
    """The control of the test above."""
    async with market_of(world, cookie, times=QUICK.model_copy(update={"failures": 1000})) as market:
        await world.control.fault("http_5xx", probability=1)
        await fails(market, 12)
        assert await calls(world, DETAIL_CALL) == 12


async def test_a_write_is_never_the_probe(world, cookie, item):
    async with market_of(world, cookie, times=QUICK.model_copy(update={"rest_first_s": 0.05})) as market:
        order, _, _ = await paid_order(world, item)
        await world.control.fault("http_5xx", probability=1)
        await fails(market, 5)
        await until_rested(market)
        with pytest.raises(Resting):
            await market.ship_virtual(order)
        assert (await calls(world, USER_CALL), await calls(world, SHIP_CALL)) == (1, 0)


async def test_of_many_callers_at_once_after_the_rest_one_asks_the_probe(world, cookie):
    """While the door is dead nothing but one harmless question comes out; then it lets all of them through."""
    times = QUICK.model_copy(update={"rest_first_s": 0.05, "rest_last_s": 0.3})
    async with market_of(world, cookie, times=times) as market:
        await world.control.fault("http_5xx", probability=1)
        await fails(market, 5)
        await until_rested(market)
        answers = await asyncio.gather(*(market.find_order("1") for _ in range(10)), return_exceptions=True)
        assert {type(answer) for answer in answers} == {Resting}
        assert (await calls(world, USER_CALL), await calls(world, DETAIL_CALL)) == (1, 5)
        await world.control.fault("http_5xx", probability=0)
        await until_rested(market)
        assert await asyncio.gather(*(market.find_order("1") for _ in range(10))) == [None] * 10
        assert (await calls(world, USER_CALL), await calls(world, DETAIL_CALL)) == (2, 15)


async def test_an_account_that_is_told_of_too_many_calls_is_quiet_at_once(world, cookie):
    async with market_of(world, cookie, times=QUICK.model_copy(update={"rest_first_s": 5})) as market:
        await world.control.fault("traffic_limit", times=1)
        with pytest.raises(Busy):
            await market.find_order("1")
        with pytest.raises(Resting):
            await market.find_order("1")
        assert await calls(world, DETAIL_CALL) == 1
        await market.resume()
        assert await market.find_order("1") is None


# -- the budget of questions


async def test_questions_beyond_the_budget_wait_their_turn(world, cookie):
    times = QUICK.model_copy(update={"reads_at_once": 5, "reads_per_s": 10})
    async with market_of(world, cookie, times=times) as market:
        began_s = time.monotonic()
        await asyncio.gather(*(market.find_order("1") for _ in range(5)))
        assert time.monotonic() - began_s < 0.4, "what is within the budget does not wait"
        began_s = time.monotonic()
        await asyncio.gather(*(market.find_order("1") for _ in range(6)))
        assert time.monotonic() - began_s > 0.3
    assert await calls(world, TOKEN_CALL) == 0
