"""Who buys here: figures that are the file's own, a masked nick, and a block that holds with or without a conversation."""

from pathlib import Path

import pytest

from core.errors import NotFound, Refused
from core.values.ids import UserId
from core.values.money import Fen
from core.values.orders import OrderRecord, PlatformStatus
from core.values.people import ChatKind
from core.values.receivers import Receiver
from tests import stockroom
from tests.counter import GROUP, OPERATOR, VIEWER, Counter, open_counter
from tests.flow.parcels import labels
from tests.flow.shop import Day

S = PlatformStatus
FISH = UserId("2200000005555")
WHO = Receiver(name="张三丰", phone="13812345678", address="浙江省杭州市余杭区文一西路969号")


def told(n: int, status: PlatformStatus = S.pending_ship, **facts: object) -> OrderRecord:
    """The platform's record of an order of one buyer."""
    common = {"buyer_user_id": FISH, "buyer_nick": "小咸鱼", "receiver": WHO, "amount_fen": Fen(1000 * n)}
    return stockroom.record(n, "900001", status).model_copy(update=common | facts)


async def past(c: Counter) -> None:
    """Seven orders of one buyer: five that ended in different ways, one to ship, one unpaid; and one of another's."""

    def work(tx) -> None:
        account = stockroom.open_account(tx)
        stockroom.add_product(tx, account, "900001", auto_ship="off", price="50", text="好的")
        for n, status in enumerate((S.completed, S.completed, S.closed, S.shipped), 1):
            stockroom.learn(tx, account, told(n, status))
        stockroom.learn(tx, account, told(5))
        stockroom.ask_refund(tx, 5)
        stockroom.learn(tx, account, told(5, S.refunded))
        stockroom.learn(tx, account, told(6, S.pending_payment))
        stockroom.learn(tx, account, told(7))
        stockroom.learn(tx, account, stockroom.record(8, "900001"))
        stockroom.say(tx, account, 9, "在吗")

    await c.store.write(work)


async def test_a_buyers_card_says_how_often_how_much_and_how_it_ended(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await past(c)
        card = await c.type("客户 #7", VIEWER)
        view = await c.engine.buyers.show(1)
        done = view.dealings
        assert (view.buyer.orders, done.completed, done.closed, done.refunded) == (7, 2, 2, 1)
        assert (done.paid_fen, done.refund_fen) == (1000 + 2000 + 4000 + 5000 + 7000, 5000)
        facts = dict(card.fields)
        assert facts["订单"] == f"7 单 · 付款 {view.buyer.paid_orders} · 成交 2 · 关闭 2 · 退款 1"
        assert facts["付款"] == "¥ 190.00 · 退 ¥ 50.00"
        assert [label for label in facts if label.startswith("#")] == ["#7", "#6", "#5", "#4", "#3"]
        assert "交易关闭" in facts["#5"] and "等待买家付款" in facts["#6"] and "¥ 70.00" in facts["#7"]
        assert facts["首次来"] == "12:00"


async def test_nothing_on_it_is_whole(tmp_path: Path):
    """Law 11: masked in the group and in private; the receiver stands on its own card, for those who ship."""
    async with open_counter(tmp_path) as c:
        await past(c)
        for chat, kind in ((GROUP, ChatKind.group), (OPERATOR, ChatKind.private)):
            card = (await c.type("买家 b1", OPERATOR, chat=chat, chat_kind=kind)).plain()
            assert "小**鱼" in card and "小咸鱼" not in card and FISH not in card
            assert not any(secret in card for secret in ("138", "5678", "张", "杭州"))


@pytest.mark.parametrize("word", ["#7", "7", "b1", "B1", "咸鱼", "3000000000000000007"])
async def test_a_buyer_is_found_by_order_number_and_nick(tmp_path: Path, word: str):
    async with open_counter(tmp_path) as c:
        await past(c)
        assert await c.engine.buyers.find(word) == 1


async def test_a_buyer_is_found_by_a_conversation(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await past(c)
        card = await c.type("customer c1")
        assert "b3" in card.title
        assert "c1" in dict(card.fields) and dict(card.fields)["订单"].startswith("0 单")
        assert labels(card) == ["💬 对话", "⛔ 拉黑", "🔄 刷新"]
        assert "c1" in (await c.press("对话")).title
        assert "b3" in (await c.press("👤 买家")).title


@pytest.mark.parametrize("word", ["b99", "没有这个人", "b999999999999", "#99", "c99", "💥"])
async def test_who_is_not_there_is_said_so(tmp_path: Path, word: str):
    async with open_counter(tmp_path) as c:
        await past(c)
        with pytest.raises(NotFound):
            await c.engine.buyers.find(word)
        assert (await c.type(f"客户 {word}")).ref == "refused:0"


async def test_a_nick_that_two_have_is_asked_about(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await past(c)
        with pytest.raises(Refused, match="ambiguous_buyer"):
            await c.engine.buyers.find("买家")
        assert "不止一个" in (await c.type("客户 买家")).plain()


async def test_a_buyer_without_a_conversation_can_be_blocked_and_the_next_order_is_asked_about(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await past(c)
        await c.engine.items.change(c.actor(), 1, "auto_ship", "on")
        await c.type("客户 #7")
        card = await c.press("拉黑", OPERATOR)
        assert card.ref == "buyer:1" and "店主拉黑" in card.plain() and "解除拉黑" in labels(card)
        order = await c.store.write(lambda tx: stockroom.learn(tx, 1, told(20)))
        assert "blocked_buyer" in str((await c.engine.orders.show(order)).approval)
        assert "↩" in (await c.type("撤销")).plain() and "b1" in c.last.card.plain()
        await c.type("解除拉黑 b1")
        assert (await c.engine.buyers.show(1)).buyer.blocked_reason is None
        free = await c.store.write(lambda tx: stockroom.learn(tx, 1, told(21)))
        assert "blocked_buyer" not in str((await c.engine.orders.show(free)).approval), "the control"


async def test_a_viewer_looks_and_blocks_nobody(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await past(c)
        assert "⛔ 拉黑" not in labels(await c.type("客户 b1", VIEWER)), "it is not offered"
        assert "⛔ 拉黑" in labels(await c.type("客户 b1", OPERATOR))
        assert (await c.press("拉黑", VIEWER)).ref == "refused:0", "nor taken from another's card"
        assert (await c.engine.buyers.show(1)).buyer.blocked_reason is None


async def test_a_block_shows_on_every_conversation_of_the_buyer(tmp_path: Path):
    """The control: another buyer's conversation says nothing of it."""
    async with open_counter(tmp_path) as c:

        def work(tx) -> None:
            for name in ("小店", "二店"):
                stockroom.say(tx, stockroom.open_account(tx, name), 1, "在吗")
            stockroom.say(tx, 1, 2, "在吗")

        await c.store.write(work)
        assert (await c.type("拉黑 c1 恶意退款", OPERATOR)).ref == "chat:1"
        told = [(await c.engine.chats.show(chat)).blocked_reason for chat in (1, 2, 3)]
        versions = [(await c.engine.chats.show(chat)).version for chat in (1, 2, 3)]
        assert told == ["恶意退款", "恶意退款", None]
        assert versions[0] == versions[1] == versions[2] + 1, "the cards of both are drawn again"


async def test_a_hostile_nick_and_reason_are_words(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        record = told(1, buyer_nick="<b>\u202e鱼\u200b</b>" * 50)
        await c.store.write(lambda tx: stockroom.learn(tx, stockroom.open_account(tx), record))
        await c.type("拉黑 b1 " + "长\u202e" * 4000)
        card = await c.type("客户 b1")
        assert card.ref == "buyer:1" and not any(sign in card.plain() for sign in "\u202e\u200b")


async def test_on_the_wire_the_figures_follow_what_the_platform_says(day: Day) -> None:
    """Three purchases of one buyer: one is closed, one's money goes back, one waits for its parcel and is picked."""
    item = await day.item("手机壳", virtual=False, mode="physical", location="A-1")
    buyer = await day.buyer()
    trades = [await buyer.pays(item) for _ in range(3)]
    for trade in trades:
        await day.until_shipping(trade, "manual")
    await day.world.control.act("cancel", trades[0].order_no)
    await day.world.control.act("ask_refund", trades[1].order_no)
    await day.until_state(trades[1], "refunding")
    await day.world.control.act("agree_refund", trades[1].order_no)
    for trade in trades[:2]:
        await day.until_state(trade, "cancelled")
    last = await day.view(trades[2])
    view = await day.engine.buyers.show(await day.engine.buyers.find(trades[2].order_no))
    amounts = [(await day.view(trade)).order.amount_fen or 0 for trade in trades]
    assert (view.buyer.orders, view.buyer.paid_orders, view.dealings.refunded) == (3, 3, 1)
    assert (view.dealings.closed, view.dealings.paid_fen) == (2, sum(amounts))
    assert view.dealings.refund_fen == amounts[1]
    assert [row.order.id for row in view.orders] == sorted((row.order.id for row in view.orders), reverse=True)
    assert [talk.id for talk in view.talks], "they bought in a conversation"
    (pick,) = (await day.engine.picking.list()).picks
    assert (pick.order_id, pick.location) == (last.order.id, "A-1")
    assert pick.ship_by_at == last.ship_by_at
