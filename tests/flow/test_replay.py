"""What nobody could read is kept, counted, and read once more after an update: once, and what is gone is said."""

import asyncio
import json
import os
import sys
from functools import partial
from typing import Any

import pytest

from bot.host.replay import replay_line
from core.store import inbox
from core.store.db import Tx
from core.tools.control import serve
from core.values.ids import AccountId
from core.values.replay import Kept, Replayed
from tests.flow.shop import Day, Trade

NEVER_SETTLES = {
    "inbox.reread": "UPDATE inbox SET error = NULL "
    "WHERE id = -:id AND :key || :second_key || :kind || :state || :done_at = ''"
}


async def unread(day: Day, record: dict[str, Any]) -> int:
    """A record as an older version kept it, which could not read its shape; its row."""
    store, account = day.shop.work.store, day.shop.work.accounts["shop"]
    raw = json.dumps(record).encode()
    return await store.write(lambda tx: _keep_unread(tx, account, raw))


def _keep_unread(tx: Tx, account: AccountId, raw: bytes) -> int:
    arrival = inbox.Arrival(account, (f"raw:{hash(raw)}",), "unknown", "parked")
    (row,) = inbox.add_all(tx, [arrival], 1)
    assert row is not None
    inbox.keep_payloads(tx, [(row, raw)])
    return row


async def paid_unseen(day: Day) -> tuple[Trade, dict[str, Any]]:
    """An order of which the one frame that came was not understood."""
    trade = await (await day.buyer()).orders(await day.card(), silent=True)
    market = day.world.market
    market.orders[trade.order_no].status = "pending_payment"
    await day.world.control.pay(trade.order_no)
    chat = market.chats[trade.chat_no]
    url = f"fleamarket://message_chat?itemId={chat.item_id}&peerUserId={chat.buyer_id}&sid={chat.chat_id}"
    return trade, {"reminderContent": "[已付款，待发货]", "senderUserId": chat.buyer_id, "reminderUrl": url}


def words(day: Day, text: str, pnm: str = "77.PNM") -> dict[str, Any]:
    content = json.dumps({"contentType": 1, "text": {"text": text}})
    body = {"1": {"1": "3149637041@goofish"}, "2": "63481077001@goofish", "3": pnm, "7": 2}
    body |= {"5": day.world.market.now_ms(), "6": {"1": 101, "3": {"2": text, "4": 1, "5": content}}}
    return {"1": body | {"10": {"senderUserId": "3149637041", "reminderContent": text}}}


NOBODY_KNOWS = {"1": 7, "77": {"88": "nobody knows"}}


async def test_an_unknown_shape_is_kept_and_counted(day: Day) -> None:
    await day.world.control.post("/push", record=NOBODY_KNOWS)

    async def counted() -> bool:
        return (await day.engine.health.show()).unknown_records == 1

    await day.until(counted, "the count in /health")
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, unknown=1)


async def test_what_can_be_read_by_now_is_acted_on_once(day: Day) -> None:
    trade, record = await paid_unseen(day)
    await unread(day, record)
    await unread(day, NOBODY_KNOWS)
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={"order_hint": 1}, unknown=1)
    await day.until_shipping(trade, "succeeded")
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, unknown=1)
    await day.later(minutes=11)
    await day.quiet()
    assert (len(day.texts_to(trade)), day.owner.told("order_nameless")) == (1, [])


async def test_what_came_another_way_meanwhile_is_nothing(day: Day) -> None:
    record = words(day, "还有货吗")
    await unread(day, record)
    await day.world.control.post("/push", record=record)
    await day.until(lambda: day.one("SELECT count(*) FROM messages"), "the words")
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, known=1)
    await day.quiet()
    assert await day.one("SELECT count(*) FROM messages") == 1
    assert (await day.engine.health.show()).unknown_records == 0


async def test_what_comes_once_more_after_it_was_read_is_nothing(day: Day) -> None:
    record = words(day, "还有货吗")
    await unread(day, record)
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={"chat_text": 1})
    await day.until(lambda: day.one("SELECT count(*) FROM messages"), "the words")
    await day.world.control.post("/push", record=record)
    await day.quiet()
    assert await day.one("SELECT count(*) FROM messages") == 1


async def test_what_needs_no_act_is_only_done(day: Day) -> None:
    typing = {"1": [{"1": "63481077001@goofish", "2": 1, "3": 1, "4": "2202640941@goofish"}]}
    await unread(day, typing)
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={"typing": 1})
    assert await day.one("SELECT count(*) FROM inbox WHERE state != 'done'") == 0


async def test_what_was_read_and_not_acted_on_before_a_crash_is_acted_on_after_it(day: Day) -> None:
    """In-process nothing acts on it: as after a kill between the commit and the act."""
    trade, record = await paid_unseen(day)
    await unread(day, record)
    assert await day.shop.replay(Kept.unknown, running=False) == Replayed(read={"order_hint": 1})
    await day.quiet()
    assert await day.state(trade) is None
    await day.close()
    await day.open()
    await day.until_shipping(trade, "succeeded")


@pytest.mark.day(replaced=NEVER_SETTLES)
async def test_what_keeps_its_old_name_would_be_taken_for_known(day: Day) -> None:
    """The control: it is the row's own new name that makes it acted on."""
    await unread(day, words(day, "还有货吗"))
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, known=1)
    await day.quiet()
    assert await day.one("SELECT count(*) FROM messages") == 0


async def test_what_lost_its_raw_payload_is_said(day: Day) -> None:
    old = await unread(day, NOBODY_KNOWS)
    await day.shop.work.store.write(lambda tx: tx.run("inbox.drop_payload", id=old))
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, gone=1)


# -- what was set aside by a bug

STUMBLES = {
    "chats.add_message": "INSERT INTO messages (chat_id, pnm_id, sender, kind, text, sent_at, stored_at, by, outbox_id)"
    " VALUES (NULL, :pnm_id, :sender, :kind, :text, :sent_at, :now, :by, :outbox_id)"
}
"""A version with a bug: no words of a buyer can be acted on."""
BUG = {"replaced": STUMBLES, "errors": True}


async def set_aside(day: Day) -> str:
    """A buyer's words of which the shop made nothing; the chat."""
    said = await (await day.buyer()).says(await day.card(), "还有货吗")
    await day.until_told("quarantined")
    return str(said["chat_id"])


async def quarantined(day: Day) -> int:
    return (await day.engine.health.show()).quarantined


@pytest.mark.day(**BUG)
async def test_what_a_bug_set_aside_is_acted_on_once_by_a_version_without_it(day: Day) -> None:
    chat = await set_aside(day)
    assert (await quarantined(day), await day.one("SELECT count(*) FROM messages")) == (1, 0)
    await day.close()
    await day.open(replaced=None)
    assert await day.shop.replay(Kept.quarantined, running=True) == Replayed(read={"chat_text": 1})
    await day.until(lambda: day.record("sent", chat_id=chat), "the answer")
    assert await day.shop.replay(Kept.quarantined, running=True) == Replayed(read={})
    await day.quiet()
    assert (len(day.record("sent", chat_id=chat)), await quarantined(day)) == (1, 0)


@pytest.mark.day(**BUG)
async def test_what_stumbles_once_more_is_set_aside_and_told_once_more(day: Day) -> None:
    """The control: by the version with the bug nothing is gained, and nothing is lost."""
    await set_aside(day)
    for times in (2, 3):
        await day.later(seconds=1)
        assert await day.shop.replay(Kept.quarantined, running=True) == Replayed(read={"chat_text": 1})
        await day.until(lambda times=times: len(day.owner.told("quarantined")) == times, "told again")
        assert await quarantined(day) == 1


@pytest.mark.day(**BUG)
async def test_what_was_set_aside_and_lost_its_raw_payload_is_said(day: Day) -> None:
    await set_aside(day)
    await unread(day, NOBODY_KNOWS)
    await day.shop.work.store.write(
        lambda tx: tx._connection.execute("DELETE FROM payloads WHERE inbox_id IN (SELECT id FROM inbox)")
    )
    assert await day.shop.replay(Kept.quarantined, running=True) == Replayed(read={}, gone=1)
    assert await day.shop.replay(Kept.unknown, running=True) == Replayed(read={}, gone=1)


@pytest.mark.day(**BUG)
async def test_the_shell_leaves_it_to_the_next_start(day: Day) -> None:
    chat = await set_aside(day)
    await day.close()
    code, said = await zhanggui(day, "quarantined")
    assert (code, said.splitlines()[0]) == (0, "read 1: 1 chat_text")
    await day.open(replaced=None)
    await day.until(lambda: day.record("sent", chat_id=chat), "the answer")


# -- from the shell


async def zhanggui(day: Day, kept: str = "unknown") -> tuple[int, str]:
    env = {**os.environ, **day.environment(), "PYTHONIOENCODING": "utf-8"}
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "replay", kept), env=env, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await run.communicate()
    return run.returncode or 0, said.decode()


async def test_the_shell_asks_the_shop_that_runs(day: Day) -> None:
    await unread(day, words(day, "还有货吗"))
    await unread(day, NOBODY_KNOWS)

    async with serve(day.folder / "data", {"replay": partial(replay_line, day.shop)}):
        assert await zhanggui(day) == (0, "read 1: 1 chat_text\nstill unreadable: 1\n")
    await day.until(lambda: day.one("SELECT count(*) FROM messages"), "the words")


async def test_the_shell_reads_the_file_of_a_shop_that_does_not_run(day: Day) -> None:
    await unread(day, words(day, "还有货吗"))
    await day.close()
    code, said = await zhanggui(day)
    assert (code, said) == (
        0,
        "read 1: 1 chat_text\nno shop runs here: the next start acts on them\nstill unreadable: 0\n",
    )
    assert await zhanggui(day) == (0, "read 0\nstill unreadable: 0\n")
    await day.open()
    await day.until(lambda: day.one("SELECT count(*) FROM messages"), "the words")
