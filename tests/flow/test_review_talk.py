"""What is said, and to whom: after a takeover, in a chat with a second order, and when much waits."""

import asyncio

import pytest

from core.store.db import Tx
from tests.flow.shop import Day, Trade


async def test_an_answer_that_never_arrived_is_not_said_after_a_takeover(day: Day) -> None:
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    item = await day.card()
    told = await (await day.buyer()).says(item, "在吗")
    await day.until(lambda: day.world.market.faults.hit.get("timeout_before_effect"))
    await day.world.control.type_by_hand(told["chat_id"], "我来回答您")
    await day.until_told("chat_takeover")
    await day.later(minutes=5)
    await day.quiet()
    assert day.record("sent", chat_id=told["chat_id"]) == []


@pytest.mark.day(settings={"replies.history": 0})
async def test_a_question_before_a_text_of_ours_is_answered(day: Day) -> None:
    """However few messages the model is shown, the whole burst is answered."""
    item = await day.card(text="卡密 8888")
    buyer = await day.buyer()
    trade = await buyer.orders(item)
    await day.quiet()
    told = await buyer.says(item, "在吗")
    await day.world.control.pay(trade.order_no, show="card")
    await day.until_shipping(trade, "succeeded")
    await day.later(seconds=20)
    await day.quiet()
    assert len(day.record("sent", chat_id=told["chat_id"])) == 2


async def test_a_hint_of_a_second_order_in_a_chat_is_followed(day: Day) -> None:
    """Only a status without an order id tells of it, while the first order of the chat was shipped."""
    item, buyer = await day.card(), await day.buyer()
    first = await buyer.pays(item)
    await day.until_shipping(first, "succeeded")
    await day.until_state(first, "shipped")
    await day.quiet()
    trades, market = day.world.trades, day.world.market
    order = trades.place(market.accounts["shop"], market.add_buyer(buyer.user_id), item, 1, "", None)
    trades.mark_paid(order)
    trades._summary(order, "等待卖家发货")
    second = Trade(order.order_id, order.chat_id)
    await day.until_shipping(second, "succeeded")


@pytest.mark.day(accounts=("busy", "calm"), settings={"limits.writes_per_minute": 1})
async def test_what_waits_for_its_pace_hides_nobody(day: Day) -> None:
    """Hundreds of texts of one account wait for its pace; the other account's order goes out, and new orders are read."""
    item = await day.item(account="busy")
    told = await (await day.buyer(account="busy")).says(item, "在吗")
    await day.until(lambda: day.record("sent", chat_id=told["chat_id"]))
    busy = day.shop.work.accounts["busy"]
    now = int(day.clock.now().timestamp() * 1000)
    rows = [{"account_id": busy, "n": n, "now": now - 1000} for n in range(600)]
    await fill(day, rows)
    calm = await day.item(account="calm", mode="virtual", text="卡密 8888", auto_ship="on")
    trade = await (await day.buyer("安静", account="calm")).pays(calm)
    await day.until_shipping(Trade(trade.order_no, trade.chat_no, "calm"), "succeeded")


async def fill(day: Day, rows: list[dict[str, int]]) -> None:
    def work(tx: Tx) -> None:
        for row in rows:
            tx.run(
                "outbox.add",
                account_id=row["account_id"],
                kind="answer",
                key=f"say:x:{row['n']}",
                order_id=None,
                chat_id=None,
                after_id=None,
                body=tx.vault.seal("x"),
                due_at=row["now"],
                now=row["now"],
            )

    await day.shop.work.store.write(work)


async def test_work_taken_by_hand_again_is_reminded_of_again(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    view = await day.until_shipping(trade, "manual")
    await day.later(hours=2, minutes=1)
    await day.until(lambda: len(day.owner.told("manual_reminder", view.order.id)) == 1)
    await day.engine.shipping.hold(day.actor(), view.order.id)
    await day.engine.shipping.hand_over(day.actor(), view.order.id)
    await day.later(hours=2, minutes=1)
    await day.until(lambda: len(day.owner.told("manual_reminder", view.order.id)) == 2)


async def test_goods_short_for_a_day_are_reminded_of_once_at_a_time(day: Day) -> None:
    item = await day.card(auto_ship="off", stock="0")
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "short")
    await day.later(hours=22)
    await day.engine.stock.set_free(day.actor(), await day.product(item), 1)
    await day.until_shipping(trade, "manual")
    await day.later(hours=2, minutes=1)
    await day.until_told("manual_escalated", view.order.id)
    await day.quiet()
    assert len(day.owner.told("manual_escalated", view.order.id)) == 1


async def test_units_do_not_go_to_an_order_in_refund(day: Day) -> None:
    item = await day.card(stock="0")
    first = await (await day.buyer("先付")).pays(item)
    await day.until_shipping(first, "short")
    await day.world.control.act("ask_refund", first.order_no)
    await day.until_state(first, "refunding")
    second = await (await day.buyer("后付")).pays(item)
    await day.until_shipping(second, "short")
    await day.engine.stock.set_free(day.actor(), await day.product(item), 1)
    await day.until_shipping(second, "succeeded")
    assert await day.shipping(first) == "short"


async def test_an_order_back_from_a_refund_needs_approval_also_when_it_was_never_planned(day: Day) -> None:
    await day.world.control.fault("http_5xx", times=1, on="order.detail")
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    await day.quiet()
    await day.world.control.fault("http_5xx", times=1, on="order.detail")
    await day.world.control.pay(trade.order_no, show="card")
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")
    await day.later(minutes=1)
    await day.quiet()
    await day.world.control.act("withdraw_refund", trade.order_no)
    await day.until_shipping(trade, "awaiting_approval")
    assert day.texts_to(trade) == []


@pytest.mark.day(errors=True)
async def test_a_refused_item_list_does_not_keep_the_shop_from_catching_up(day: Day) -> None:
    await day.close()
    await day.world.control.fault("permission", probability=1, on="item.list")
    buyer = await day.buyer()
    item = await day.world.control.item("别的", 1000, virtual=True)
    trade = await buyer.pays(item["item_id"] if isinstance(item, dict) else item)
    await day.open(connected=False)
    await day.until_shipping(trade, "manual")


@pytest.mark.day(errors=True)
async def test_a_login_that_is_over_stays_so_when_the_socket_closes(day: Day) -> None:
    await day.world.control.fault("expired_session", probability=1)
    await day.world.control.post("/reset_connection", account="shop", how="close")
    await day.until_told("login_expired")
    await day.world.control.post("/reset_connection", account="shop", how="close")
    await asyncio.sleep(0.5)
    assert await day.one("SELECT state FROM accounts") == "login_expired"
    assert [row.kind for row in await day.engine.pending.list()] == ["login_expired"]
