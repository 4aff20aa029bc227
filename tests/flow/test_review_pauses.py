"""When a pause ends, when the shop closes, what is known twice, and who comes late."""

import sqlite3
from datetime import timedelta

import pytest

from core.moves.cause import Cause
from core.moves.echoes import hear_own
from core.store.db import FILE, Tx
from core.values.ids import AccountId, ChatNo, UserId
from core.values.market import EventKind, MarketEvent
from tests.flow.shop import Day


async def test_what_a_pause_held_up_goes_on_when_it_ends(day: Day) -> None:
    """At sixty times the speed, a minute's pause is a second; nobody rings when it is over."""
    item, buyer = await day.card(), await day.buyer()
    until = day.clock.now() + timedelta(seconds=60)
    await day.engine.pauses.pause(day.actor(), "all", None, until)
    told = await buyer.says(item, "在吗")
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.until(lambda: len(day.record("sent", chat_id=told["chat_id"])) == 2)


@pytest.mark.day(settings={"limits.writes_per_s": 50, "limits.writes_per_minute": 60000})
async def test_closing_begins_nothing_new(day: Day) -> None:
    """What waits when the shop closes waits with all its attempts for the next start."""
    item = await day.card()
    await day.engine.pauses.stop_all(day.actor())
    for n in range(20):
        await (await day.buyer(f"买家{n}")).pays(item)

    async def all_planned() -> bool:
        return bool(await day.one("SELECT count(*) = 20 FROM fulfilments"))

    await day.until(all_planned)
    await day.world.control.fault("delay", probability=1, on="echo", by_s=0.3)
    await day.engine.pauses.resume_all(day.actor())
    await day.until(lambda: day.record("sent"))
    await day.close()
    with sqlite3.connect(day.folder / "data" / FILE) as file:
        rows = file.execute("SELECT kind, state, attempts, error FROM outbox WHERE state = 'waiting'").fetchall()
    file.close()
    assert rows
    assert [row for row in rows if row[2]] == []


async def test_an_echo_belongs_first_to_the_text_it_is_named_after(day: Day) -> None:
    """The same words were said twice: the late echo of the first does not settle the second."""
    account_id = day.shop.work.accounts["shop"]
    cause = Cause(day.actor(), day.clock.now(), day.shop.work.zone)

    def said(tx: Tx) -> int:
        event = MarketEvent(event=EventKind.self_message, chat_id=ChatNo("77"), sender_id=UserId("1"), text="在的")
        chat = tx.one(
            "chats.keep", account_id=account_id, chat_no="77", buyer_id=None, item_id=None, item_title="", now=1
        )
        assert chat is not None
        for n, state, result in ((1, "done", "first.PNM"), (2, "unknown", None)):
            row = {"account_id": account_id, "key": f"answer:77:{n}", "order_id": None, "chat_id": chat["id"]}
            row |= {
                "after_id": None,
                "body": tx.vault.seal("在的"),
                "due_at": cause.now_ms + 10**8,
                "now": cause.now_ms,
            }
            added = tx.one("outbox.add", kind="answer", **row)
            assert added is not None
            claim = {"id": added["id"], "state": "waiting", "trying": True, "run": "x", "lease_until": 0}
            tx.one("outbox.claim", now=cause.now_ms, **claim)
            tx.run("outbox.finish", id=added["id"], state=state, now=1, result=result, error_class=None, error=None)
        hear_own(tx, cause, day.shop.work.terms, account_id, event.model_copy(update={"pnm_id": "first.PNM"}), 0)
        return int(tx.all("outbox.sent_in_chat", chat_id=chat["id"])[0]["id"])

    second = await day.shop.work.store.write(said)
    assert await day.one("SELECT state FROM outbox WHERE id = ?", second) == "unknown"


@pytest.mark.day(opened=False)
async def test_an_old_order_found_after_the_owners_choice_is_told_too(day: Day) -> None:
    item = await day.world.control.item("旧货", 1000, virtual=True)
    _, late = [await (await day.buyer(f"买家{n}")).pays(item) for n in range(2)]
    await day.world.control.fault("http_5xx", probability=1, on="order.detail", words=[late.order_no])
    await day.open()
    told = await day.until_told("first_connect")
    await day.engine.shipping.take_first_connect(day.actor(), AccountId(told.entity_id), by_hand=True)
    await day.world.control.fault("http_5xx", probability=0, on="order.detail")
    await day.in_time(lambda: len(day.owner.told("first_connect")) == 2, "the second card")
