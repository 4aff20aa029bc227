"""A loop that looked a moment before something came due is woken for it: nothing waits for the next round."""

from datetime import timedelta

import pytest

from core.clock import to_ms
from core.moves import outbox
from core.store.db import Tx
from core.values.effects import EffectKind
from core.values.orders import PlatformStatus
from tests import stockroom as room
from tests.flow.shop import Day

pytestmark = pytest.mark.day(opened=False, right=False)


async def fill(day: Day, *due_in_s: float) -> None:
    """An account that is online, a shipment and a conversation that are due later, and answers to be said."""
    await day.build()
    now = day.clock.now()

    def work(tx: Tx) -> None:
        tx.run("accounts.connected", id=1, user_id="2200000000001", now=to_ms(now), platform_now=to_ms(now))
        product = room.add_product(tx, 1, "i1", text="给你", auto_ship="on", mode="physical", delay="5-5")
        room.learn(tx, 1, room.record(1, "i1", PlatformStatus.pending_ship))
        tx.run("fulfilments.replan", id=1, version=1, due_at=to_ms(now) + 60_000, by_hand=False, now=to_ms(now))
        chat = tx.one("chats.keep", account_id=1, chat_no="c1", buyer_id=1, item_id="i1", item_title="", now=to_ms(now))
        assert chat is not None and product
        tx.run("chats.plan_answer", id=chat["id"], due_at=to_ms(now) + 60_000, now=to_ms(now))
        tx.run("outbox.cancel_of_order", order_id=1, now=to_ms(now))
        for n, wait_s in enumerate(due_in_s):
            due_at = now + timedelta(seconds=wait_s)
            outbox.add(tx, room.cause(), EffectKind.answer, 1, f"answer:9:{n}", body="在", due_at=due_at)

    await day.shop.work.store.write(work)


@pytest.mark.parametrize("name", ["ship", "answer", "deliver"])
async def test_what_comes_due_between_the_look_and_the_wait_is_seen_at_once(day: Day, name: str) -> None:
    await fill(day, 60)
    flow = getattr(day.shop, name)
    assert not await flow.step()
    await day.later(seconds=61)
    at = await flow.next_at()
    assert at is not None and at <= day.clock.now()


async def test_an_account_that_was_at_its_pace_is_looked_at_again_when_it_may_write(day: Day) -> None:
    await fill(day, -1, -1)
    assert await day.shop.deliver.step()
    await day.shop.deliver.step()
    await day.later(seconds=5)
    at = await day.shop.deliver.next_at()
    assert at is not None and at <= day.clock.now()
    await day.shop.deliver.quiet()
