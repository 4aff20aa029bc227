"""A key that was delivered is the buyer's: the owner's people see its end alone (law 11)."""

from pathlib import Path

from core.moves import answers
from core.rules.text import mask_key
from core.store import outbox
from core.store.db import Tx
from core.values.fulfilment import ErrorClass
from core.values.ids import ChatNo
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import Counter, open_counter
from tests.flow.shop import Day

KEY = "KEY-ONE-1111"


async def test_a_conversation_shows_no_key_that_was_delivered_in_it(day: Day) -> None:
    item = await day.item(mode="virtual", text="您的卡密：{keys}")
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "manual")
    await day.engine.stock.add_keys(day.actor(), view.order.lines[0].product_id, [KEY])
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")
    chats = day.engine.chats
    shown = await chats.show(await chats.find(f"#{view.order.id}"))
    latest = (await chats.list_latest())[0]
    assert [line.text for line in (*shown.lines, *latest.lines)].count(f"您的卡密：{mask_key(KEY)}") == 2
    assert not any(KEY in line.text for line in (*shown.lines, *latest.lines))
    assert day.texts_to(trade) == [f"您的卡密：{KEY}"]


MANY = 25
"""More orders of one buyer than stand on a conversation's card."""


async def chat_with_keys(counter: Counter) -> None:
    """A buyer with many orders; of the first, in another conversation, they got the key."""

    def work(tx: Tx) -> None:
        account = stockroom.open_account(tx)
        product = stockroom.add_product(tx, account, "900001", mode="virtual", text="{keys}", auto_ship="on")
        stockroom.key_up(tx, product, [KEY])
        for n in range(1, MANY + 1):
            status = PlatformStatus.pending_ship if n == 1 else PlatformStatus.pending_payment
            chat = ChatNo("chat-0" if n == 1 else "chat-1")
            told = stockroom.record(n, "900001", status)
            facts = {"chat_no": chat, "buyer_user_id": stockroom.record(1, "900001").buyer_user_id}
            stockroom.learn(tx, account, told.model_copy(update=facts))
        stockroom.say(tx, account, 1, f"这个 {KEY} 用不了，电话 138-0013 8000")

    await counter.store.write(work)


async def test_the_keys_of_all_a_buyers_orders_are_masked_in_each_of_their_conversations(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        await chat_with_keys(counter)
        card = await counter.type("对话 买家1")
        assert card is not None
        assert mask_key(KEY) in card.plain()
        assert KEY not in card.plain()


async def test_what_a_person_wrote_and_did_not_go_out_shows_no_key_either(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        await chat_with_keys(counter)
        chat = await counter.engine.chats.find("买家1")
        await counter.engine.chats.say(counter.actor(), chat, f"您的卡密 {KEY}")
        await counter.store.write(_refuse)
        unsent = await counter.engine.chats.find_unsent(chat)
        assert unsent is not None
        assert unsent.text == f"您的卡密 {mask_key(KEY)}"


def _refuse(tx: Tx) -> None:
    """The platform refuses the newest words."""
    ((newest,),) = tx._connection.execute("SELECT max(id) FROM outbox WHERE kind = 'answer'")
    stockroom.claim(tx, newest)
    effect = outbox.find(tx, newest)
    assert effect is not None
    answers.refused(tx, stockroom.cause(), effect, ErrorClass.business, "no")
