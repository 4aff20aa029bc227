"""Which changes of a thing are told by a line, and which are not worth one."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.cards.card import Card
from bot.fronts.wecom.lines import StateLines
from bot.fronts.wecom.link import until_one_ends
from core.errors import Busy, Transient
from core.values.notices import Urgency

SOON = "⏳ 即将发货"


def card(title, n=1):
    return Card(ref=f"order:{n}", version=1, urgency=Urgency.quiet, title=title)


@asynccontextmanager
async def lines(busy=0):
    told = []

    async def tell(chat, text):
        nonlocal busy
        if busy:
            busy -= 1
            raise Busy("chat_busy", retry_after_s=0.01)
        told.append((chat, text))

    state_lines = StateLines(tell, SOON, settle_s=0.02)
    keeping = asyncio.create_task(state_lines.keep())
    try:
        yield state_lines, told
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_a_hurry_of_changes_is_one_line_with_the_last():
    async with lines() as (state_lines, told):
        for title in ("🟠 待审批 · #1", "✋ 已拦截 · #1", "🟢 已发货 · #1"):
            state_lines.put("g", card(title))
        await asyncio.sleep(0.08)
        assert told == [("g", "🟢 已发货 · #1")]


async def test_many_things_of_a_chat_are_one_message():
    async with lines() as (state_lines, told):
        for n in range(3):
            state_lines.put("g", card(f"🟢 已发货 · #{n}", n))
        state_lines.put("h", card("🟢 已发货 · #9", 9))
        await asyncio.sleep(0.08)
        assert told == [("g", "🟢 已发货 · #0\n🟢 已发货 · #1\n🟢 已发货 · #2"), ("h", "🟢 已发货 · #9")]


async def test_steps_that_pass_and_states_that_were_told_are_not_told():
    async with lines() as (state_lines, told):
        state_lines.shown("g", card("🟠 待审批 · #1 · 剩 14 分钟"))
        for title in ("🟠 待审批 · #1 · 剩 10 分钟", "🔵 已调度 · #1", "🚚 执行中 · #1", f"{SOON} · #1"):
            state_lines.put("g", card(title))
            await asyncio.sleep(0.04)
        assert told == []
        state_lines.put("g", card("🟢 已发货 · #1"))
        await asyncio.sleep(0.06)
        assert told == [("g", "🟢 已发货 · #1")]


async def test_a_line_a_busy_chat_did_not_take_comes_later():
    async with lines(busy=2) as (state_lines, told):
        state_lines.put("g", card("🟢 已发货 · #1"))
        await asyncio.sleep(0.2)
        assert told == [("g", "🟢 已发货 · #1")]


async def test_lines_of_a_chat_that_is_gone_are_dropped_not_tried_for_ever():
    asked = []

    async def tell(chat, _text):
        asked.append(chat)
        raise Transient("chat_closed")

    state_lines = StateLines(tell, SOON, settle_s=0.01)
    keeping = asyncio.create_task(state_lines.keep())
    state_lines.put("g", card("🟢 已发货 · #1"))
    await asyncio.sleep(0.2)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert asked == ["g"]


async def test_a_line_with_a_bug_in_it_is_set_aside_and_the_others_are_told(caplog):
    told = []

    async def tell(chat, text):
        if chat == "g":
            raise ValueError(text)
        told.append((chat, text))

    state_lines = StateLines(tell, SOON, settle_s=0.01)
    keeping = asyncio.create_task(state_lines.keep())
    state_lines.put("g", card("🟢 已发货 · #1"))
    await asyncio.sleep(0.05)
    state_lines.put("h", card("🟢 已发货 · #2", 2))
    await asyncio.sleep(0.05)
    assert told == [("h", "🟢 已发货 · #2")]
    assert not keeping.done()
    assert len([record for record in caplog.records if record.exc_info]) == 1
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_a_newer_state_that_comes_while_the_older_is_told_is_told_too():
    told, gate = [], asyncio.Event()

    async def tell(chat, text):
        told.append(text)
        await gate.wait()

    state_lines = StateLines(tell, SOON, settle_s=0.01)
    keeping = asyncio.create_task(state_lines.keep())
    state_lines.put("g", card("🟠 待审批 · #1"))
    await asyncio.sleep(0.05)
    state_lines.put("g", card("🟢 已发货 · #1"))
    gate.set()
    await asyncio.sleep(0.05)
    assert told == ["🟠 待审批 · #1", "🟢 已发货 · #1"]
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_of_three_tasks_the_first_that_ends_ends_the_others_and_its_error_is_told():
    ended = []

    async def wait(name):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def fail():
        await asyncio.sleep(0)
        raise ValueError("over")

    with pytest.raises(ValueError, match="over"):
        await until_one_ends(*map(asyncio.create_task, (wait("talk"), fail(), wait("late"))))
    assert sorted(ended) == ["late", "talk"]
    whole = asyncio.create_task(until_one_ends(asyncio.create_task(wait("one")), asyncio.create_task(wait("two"))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    whole.cancel()
    await asyncio.gather(whole, return_exceptions=True)
    assert sorted(ended[2:]) == ["one", "two"], "cancelled from outside, nothing is left running"
