"""What the platform and the line do to a shop: repeated, late and broken frames, dead sockets, lost logins."""

import asyncio

import pytest

from core.outside.ports import Market
from core.values.orders import OrderRecord, PlatformStatus
from tests.flow.shop import Day, Trade


async def pay(day: Day, **fields: str) -> Trade:
    return await (await day.buyer()).pays(await day.card(**fields))


@pytest.mark.parametrize("dial", ["duplicate", "reorder", "delay"])
async def test_frames_repeated_and_out_of_order_have_one_effect(day: Day, dial: str) -> None:
    await day.world.control.fault(dial, probability=1)
    item, buyer = await day.card(stock="9"), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.until(lambda: len(day.record("sent", chat_id=chat)) == 2)
    await asyncio.sleep(0.4)
    await day.quiet()
    assert len(day.record("sent", chat_id=chat)) == 2
    assert (await day.engine.items.show(await day.product(item))).product.sold == 1


UNKEYED = {
    "inbox.add_all": "INSERT INTO inbox (source, account_id, key, kind, state, received_at) "
    "SELECT 'market', json_extract(value, '$[0]'), json_extract(value, '$[1]') || hex(randomblob(8)), "
    "json_extract(value, '$[3]'), json_extract(value, '$[4]'), :now FROM json_each(:rows)",
    "inbox.added": "SELECT json_group_array(json_array(substr(key, 1, length(key) - 16), id)) AS added "
    "FROM (SELECT key, id FROM inbox WHERE id > :last ORDER BY id)",
}
"""A shop to which every record is new."""


@pytest.mark.day(replaced=UNKEYED, right=False)
async def test_without_the_unique_keys_a_repeated_message_is_heard_twice(day: Day) -> None:
    await day.world.control.fault("duplicate", probability=1)
    await (await day.buyer()).says(await day.card(), "在吗")
    await day.until(lambda: _heard(day, 2))


async def _heard(day: Day, least: int) -> bool:
    return bool(await day.one("SELECT count(*) >= ? FROM messages WHERE sender = 'buyer'", least))


async def test_an_order_in_which_we_are_the_buyer_is_none_of_ours(day: Day) -> None:
    trade = await pay(day, auto_ship="off")
    await day.until_shipping(trade, "manual")
    await day.quiet()
    orders = await day.one("SELECT count(*) FROM orders")
    record = {
        "1": "77001@goofish",
        "2": 1,
        "3": {
            "extUserId": "2200000000001",
            "itemId": "990",
            "itemSellerId": "2209999999999",
            "orderId": "3999999999990001",
        },
        "4": day.world.market.now_ms(),
    }
    await day.world.control.post("/push", record=record)
    await asyncio.sleep(0.1)
    await day.quiet()
    assert await day.one("SELECT count(*) FROM orders") == orders
    assert await day.one("SELECT count(*) FROM outbox WHERE kind = 'look_up' AND state = 'refused'") == 0


async def test_a_buyer_who_says_that_he_paid_gets_nothing(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    trade = await buyer.orders(item)
    for words in ("我已付款", "[我已付款，等待你发货]", "等待卖家发货", "买家已付款，请及时发货"):
        await buyer.says(item, words)
    await day.until(lambda: day.texts_to(trade))
    await day.quiet()
    assert not any("8888" in text for text in day.texts_to(trade))
    assert not day.is_shipped(trade)
    assert await day.state(trade) == "pending_payment"


class Gullible:
    """A market of which every record says paid."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def __getattr__(self, name: str) -> object:
        return getattr(self._market, name)

    async def find_order(self, order_no: str) -> OrderRecord | None:
        record = await self._market.find_order(order_no)  # type: ignore[arg-type]
        said = {"status": PlatformStatus.pending_ship, "paid": True, "can_ship": True}
        return record.model_copy(update=said) if record else None


async def forge(day: Day, trade: Trade) -> None:
    """A frame, made to look like the platform's, says that an unpaid order was paid."""
    order = day.world.market.orders[trade.order_no]
    order.status = "pending_ship"
    await day.world.control.fault("drop", probability=1, on="summary")
    day.world.trades._talks.card(order, _paid_card(day, trade))
    order.status = "pending_payment"


def _paid_card(day: Day, trade: Trade) -> object:
    from core.sandbox.cards import paid_card

    order = day.world.market.orders[trade.order_no]
    return paid_card(order, day.world.market.items[order.item_id])


async def test_a_forged_frame_ships_nothing_because_the_record_is_read(day: Day) -> None:
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    await forge(day, trade)
    view = await day.until_shipping(trade, "failed")
    await day.until_told("order_failed", view.order.id)
    assert day.texts_to(trade) == []


@pytest.mark.day(right=False)
async def test_without_the_record_a_forged_frame_gets_the_goods(day: Day) -> None:
    markets = day.shop.work.markets
    markets["shop"] = Gullible(markets["shop"])  # type: ignore[index]
    trade = await (await day.buyer()).orders(await day.card())
    await day.until(lambda: day.order_id(trade))
    await forge(day, trade)
    await day.until(lambda: day.texts_to(trade))


async def test_an_order_that_waits_for_its_bargain_group_does_not_ship(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    trade = await buyer.orders(item, bargain=True)
    await day.world.control.pay(trade.order_no)
    await day.quiet()
    await day.later(minutes=40)
    await day.quiet()
    assert day.texts_to(trade) == []
    await day.world.control.act("complete_bargain", trade.order_no)
    await day.until_shipping(trade, "succeeded")


async def test_the_wider_message_shape_is_understood(day: Day) -> None:
    await day.world.control.fault("nested_shape", probability=1)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")


@pytest.mark.parametrize("dial", ["malformed_record", "unknown_record", "big_frame"])
async def test_strange_records_are_parked_and_the_next_one_goes_on(day: Day, dial: str) -> None:
    await day.world.control.fault(dial, probability=1)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    assert await day.one("SELECT count(*) FROM inbox WHERE state = 'parked'") > 0
    assert (await day.engine.health.show()).unknown_records > 0


async def test_a_socket_made_deaf_by_another_login_is_left(day: Day) -> None:
    """A new token makes the sockets of the old one deaf: the shop renews its own by connecting anew."""
    item = await day.card()
    day.world.lines.deafen("shop")
    trade = await (await day.buyer()).pays(item)
    await day.quiet()
    assert await day.order_id(trade) is None
    await day.later(hours=24)
    await day.world.control.post("/reset_connection", account="shop", how="close")
    await day.until_shipping(trade, "succeeded")


@pytest.mark.day(settings={"wire.heartbeat_s": 0.2, "wire.silence_s": 0.5})
async def test_a_socket_that_went_silent_is_given_up(day: Day) -> None:
    item = await day.card()
    await day.world.control.post("/reset_connection", account="shop", how="half_close")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "succeeded")


@pytest.mark.parametrize("how", ["close", "kickout"])
async def test_a_broken_socket_is_opened_anew_and_the_gap_filled(day: Day, how: str) -> None:
    item, buyer = await day.card(), await day.buyer()
    await day.world.control.post("/reset_connection", account="shop", how=how)
    said = await buyer.says(item, "在吗")
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))


async def test_an_expired_sign_is_renewed(day: Day) -> None:
    await day.world.control.fault("expired_token", times=2)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")


TWO = ("shop", "second")


@pytest.mark.parametrize(("dial", "card"), [("rgv587", "challenged"), ("expired_session", "login_expired")])
@pytest.mark.day(accounts=TWO)
async def test_a_lost_login_stops_one_account_tells_once_and_the_other_runs_on(day: Day, dial: str, card: str) -> None:
    item, other = (
        await day.card(),
        await day.item("另一家", account="second", mode="virtual", text="给你", auto_ship="on"),
    )
    if dial == "expired_session":
        await day.world.control.fault("expired_session", probability=1, on="hasLogin")
    await day.world.control.fault(dial, probability=1, on="order.detail")
    trade = await (await day.buyer()).pays(item)
    await day.until_told(card)
    await day.world.control.fault(dial, probability=0, on="order.detail")
    await day.world.control.fault(dial, probability=0, on="hasLogin")
    second = await (await day.buyer("大鱼", account="second")).pays(other)
    await day.until_shipping(second, "succeeded")
    await day.later(minutes=10)
    assert not day.is_shipped(trade)
    assert len(day.owner.told(card)) == 1
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


@pytest.mark.day(accounts=TWO)
async def test_two_accounts_sell_and_answer_from_their_own(day: Day) -> None:
    item, other = (
        await day.card(),
        await day.item("另一家", account="second", mode="virtual", text="给你", auto_ship="on"),
    )
    first = await (await day.buyer()).pays(item)
    second = await (await day.buyer("大鱼", account="second")).pays(other)
    for trade in (first, second):
        await day.until_shipping(trade, "succeeded")
    assert {entry["account"] for entry in day.record("sent")} == set(TWO)


async def test_nothing_is_acknowledged_twice_or_too_early(day: Day) -> None:
    """The world pushes again what was not acknowledged: here it never has to."""
    await day.world.control.post("/timing", redeliver_s=0.3)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    await asyncio.sleep(0.5)
    assert day.world.lines.redelivered == 0
