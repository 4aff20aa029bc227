"""Every answer of the platform, and what the shop does about it: for the buyer, for the order, for its owner."""

import asyncio
from pathlib import Path
from typing import NamedTuple

import pytest

from core.outside.ports import Market
from core.values.vitals import LineState
from tests.counter import GROUP
from tests.flow.chatting import chatting
from tests.flow.shop import Day, Trade, open_day

SHIP = "mtop.taobao.idle.logistic.consign.dummy"
TOKEN = "mtop.taobao.idlemessage.pc.login.token"
DETAIL = "mtop.idle.web.trade.order.detail"
SLIDER = ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"]


class Row(NamedTuple):
    """What answers the ship call once, where the shipment ends, and how often the call is made in all."""

    dial: str
    ret: tuple[str, ...]
    ends: str
    calls: int
    told: str = ""
    """Words the owner reads."""
    elsewhere: bool = False
    """Whether somebody else shipped it."""


ROWS = (
    Row("other_ret", ("FAIL_SYS_TOKEN_EXOIRED::令牌过期",), "succeeded", 2),
    Row("other_ret", ("FAIL_SYS_SESSION_EXPIRED::Session过期",), "succeeded", 2),
    Row("other_ret", ("FAIL_SYS_TRAFFIC_LIMIT::太多了",), "succeeded", 2),
    Row("other_ret", ("FAIL_BIZ_ORDER_ALREADY_DELIVERY::已发货成功",), "succeeded", 1, elsewhere=True),
    Row("other_ret", ("FAIL_BIZ_ORDER_STATUS_ERROR::订单状态错误",), "failed", 1, "订单状态错误"),
    Row("other_ret", ("FAIL_BIZ_FORBIDDEN::主接口暂不可用",), "failed", 1, "主接口暂不可用"),
    Row("other_ret", ("PERMISSION_EXCEPTION::无权限访问",), "failed", 1, "无权限访问"),
    Row("other_ret", ("SOMETHING_NEW::没见过",), "succeeded", 2),
    Row("html_page", (), "succeeded", 2),
    Row("http_5xx", (), "succeeded", 2),
    Row("half_body", (), "succeeded", 1),
    Row("timeout_after_effect", (), "succeeded", 1),
)


def dial(row: Row) -> dict[str, object]:
    return {"ret": row.ret} if row.ret else {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.ret[0].partition("::")[0] if row.ret else row.dial)
async def test_a_ship_call_that_was_answered_so_ends_there(day: Day, row: Row) -> None:
    """The buyer has the text once and the platform one shipment, whatever was answered."""
    await day.world.control.post("/faults", dial=row.dial, next=1, on="consign.dummy", **dial(row))
    trade = await (await day.buyer()).pays(await day.card())
    view = await day.until_shipping(trade, row.ends)
    await day.quiet()
    assert len(day.texts_to(trade)) == 1
    assert day.world._gate.calls[SHIP] == row.calls
    assert len(day.record("shipped", order_id=trade.order_no)) == (row.ends == "succeeded" and not row.elsewhere)
    if row.told:
        assert view.fulfilment is not None
        assert row.told in (view.fulfilment.error or "")
        assert day.owner.told("order_failed")


@pytest.mark.parametrize("ret", [SLIDER, ["FAIL_SYS_ILLEGAL_ACCESS::非法请求"], ["FAIL_BIZ_WUA_IS_MACHINE::机器"]])
async def test_risk_control_stops_the_account_for_as_long_as_its_owner_takes(day: Day, ret: list[str]) -> None:
    await day.world.control.post("/faults", dial="other_ret", next=1, on="consign.dummy", ret=ret)
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_told("challenged")
    asked = dict(day.world._gate.calls)
    await day.world.control.post("/reset_connection", how="kickout")
    for _ in range(4):
        await day.later(hours=2)
        await asyncio.sleep(0.1)
    assert dict(day.world._gate.calls) == asked, "not one call, and no token, for eight hours"
    assert len(day.owner.told("challenged")) == 1
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_a_new_process_does_not_knock_where_the_last_one_was_challenged(day: Day) -> None:
    await day.world.control.fault("rgv587", times=1, on="order.detail")
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_told("challenged")
    asked = dict(day.world._gate.calls)
    await day.close()
    await day.open(connected=False)
    await day.later(hours=1)
    await asyncio.sleep(0.3)
    assert dict(day.world._gate.calls) == asked
    assert await day.one("SELECT state FROM accounts") == "challenged"
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until_shipping(trade, "succeeded")


async def test_the_owner_is_given_the_page_where_a_person_is_wanted(tmp_path: Path) -> None:
    async with chatting(tmp_path) as (day, chat):
        await day.world.control.fault("rgv587", times=1, on="order.detail")
        await (await day.buyer()).pays(await day.card())
        card = await day.until(
            lambda: next((c for c in chat.cards(GROUP) if "要人工验证" in c.title), None), "the card"
        )
        assert "punish?x5secdata=" in card.plain()
        assert "被挤爆" in card.plain()


# -- nobody answers


async def pays_while_dead(day: Day) -> Trade:
    """An order whose text is out, and every web call after it finds nobody."""
    await day.world.control.fault("http_5xx", probability=1, on="consign.dummy")
    await day.world.control.fault("http_5xx", probability=1, on="order.detail")
    await day.world.control.fault("http_5xx", probability=1, on="loginuser.get")
    return await (await day.buyer()).pays(await day.card())


async def back(day: Day) -> None:
    for on in ("consign.dummy", "order.detail", "loginuser.get"):
        await day.world.control.fault("http_5xx", probability=0, on=on)


LONG = {"wire.rest_min_s": 600, "wire.rest_max_s": 600, "wire.failures": 2}


@pytest.mark.day(settings=LONG)
async def test_what_is_due_stays_due_while_the_calls_rest_and_it_is_shown_why(day: Day) -> None:
    trade = await pays_while_dead(day)

    async def rests() -> bool:
        return (await day.engine.accounts.list())[0].line.rests_since is not None

    await day.until(rests, "the rest")
    knocked = sum(day.world._gate.calls.values())
    await day.later(minutes=30)
    await asyncio.sleep(0.3)
    assert sum(day.world._gate.calls.values()) == knocked
    (account,) = (await day.engine.health.show()).accounts
    assert (account.state, account.line.reason, account.due > 0) == ("online", "HTTP 502", True)
    await day.until_told("line_trouble")
    await back(day)
    await day.engine.accounts.resume(day.actor(), account.id)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


@pytest.mark.day(settings={**LONG, "wire.failures": 1000, "retry.first_delay_s": 1})
async def test_without_the_breaker_the_shop_knocks_on_and_the_order_fails(day: Day) -> None:
    """The control of the test above: attempts are used up against a platform that is not there."""
    await pays_while_dead(day)
    for _ in range(5):
        await day.later(minutes=30)
        await asyncio.sleep(0.1)
    assert day.world._gate.calls[DETAIL] >= 4


@pytest.mark.day(settings={"wire.failures": 1})
async def test_a_rest_never_turns_an_unknown_write_into_a_second_one(day: Day) -> None:
    """The ship call happened, its answer was lost, and nobody answers for a while after."""
    await day.world.control.fault("timeout_after_effect", times=1, on="consign.dummy")
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.is_shipped(trade))
    await day.world.control.fault("http_5xx", probability=1, on="order.detail")
    await day.world.control.fault("http_5xx", probability=1, on="loginuser.get")
    await day.later(minutes=10)
    await asyncio.sleep(0.5)
    await back(day)
    await day.until_shipping(trade, "succeeded")
    assert day.world._gate.calls[SHIP] == 1
    assert len(day.record("shipped", order_id=trade.order_no)) == 1


async def test_buyers_are_answered_over_the_socket_while_the_calls_rest(tmp_path: Path) -> None:
    async with open_day(tmp_path, settings=LONG) as day:
        item = await day.card()
        for on in ("order.detail", "loginuser.get"):
            await day.world.control.fault("http_5xx", probability=1, on=on)
        await (await day.buyer()).pays(item)
        rest = await day.until(lambda: day.shop.work.markets["shop"].line.rests_since, "the rest")
        assert rest is not None
        said = await (await day.buyer("大鱼")).says(item, "你好")
        await day.until(lambda: day.record("sent", chat_id=said["chat_id"]), "an answer")


# -- connections that end at once


@pytest.mark.day(settings={"wire.short_connections": 5})
async def test_after_five_short_connections_it_stops_and_tells(day: Day) -> None:
    async def online() -> bool:
        return await day.one("SELECT state FROM accounts") == "online"

    for _ in range(5):
        await day.until(online)
        await day.world.control.post("/reset_connection", how="close")
        await day.until(lambda: not day.world.lines.live("shop"))
        await asyncio.sleep(0.05)
    await day.until_told("line_trouble")
    await asyncio.sleep(0.6)
    assert not day.world.lines.live("shop"), "it knocks no more"
    assert await day.one("SELECT reason FROM accounts") == "unstable"
    assert len(day.owner.told("line_trouble")) == 1
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until(online, "the connection the owner asked for")


async def test_without_the_guard_it_connects_again_and_again(day: Day) -> None:
    """The control of the test above: the shop's own patience is off in these tests."""
    for _ in range(7):
        await day.until(lambda: day.world.lines.live("shop"))
        await day.world.control.post("/reset_connection", how="close")
        await day.until(lambda: not day.world.lines.live("shop"))
    await day.until(lambda: day.world.lines.live("shop"), "one more connection")
    assert day.owner.told("line_trouble") == []


# -- the platform's clock


@pytest.mark.parametrize("ahead_s", [-3000, 3000])
async def test_a_wrong_clock_signs_by_the_platforms_and_finds_its_texts_in_history(
    tmp_path: Path, ahead_s: float
) -> None:
    """50 minutes apart: more than the platform takes (ten), and than what a text in doubt is searched by (5 s)."""
    async with open_day(tmp_path, world_ahead_s=ahead_s, speed=1.0) as day:
        trade = await pays_and_the_text_is_in_doubt(day)
        await day.until_shipping(trade, "succeeded")
        assert len(day.texts_to(trade)) == 1
        assert day.owner.told("challenged") == []

        async def shown() -> bool:
            line = (await day.engine.health.show()).accounts[0].line
            return line.ahead_s is not None and abs(line.ahead_s - ahead_s) < 3

        await day.until(shown, "the difference in /health")


async def pays_and_the_text_is_in_doubt(day: Day) -> Trade:
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    await asyncio.sleep(1.2)  # a Date header leaves out what is less than a second
    return await (await day.buyer()).pays(await day.card())


class TakesItsOwnClock:
    """A market whose platform is taken to have our time."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.line = LineState()

    def __getattr__(self, name: str) -> object:
        return getattr(self._market, name)


async def test_searched_by_its_own_clock_the_text_would_not_be_found_and_go_out_twice(tmp_path: Path) -> None:
    """The control of the test above."""
    async with open_day(tmp_path, world_ahead_s=-3000, speed=1.0, right=False) as day:
        markets = day.shop.work.markets
        markets["shop"] = TakesItsOwnClock(markets["shop"])  # type: ignore[index]
        trade = await pays_and_the_text_is_in_doubt(day)
        await day.until(lambda: len(day.texts_to(trade)) == 2, "the second text")
