"""Words sent and histories read over the line, against the pretend world."""

import asyncio
from datetime import UTC, datetime

import pytest

from core.errors import Busy, MarketDown, Refused, Unknown
from tests.contract.xianyu_shop import (
    LONG_AGO,
    QUICK,
    Keeper,
    listening,
    market_of,
    paid_order,
)


@pytest.fixture
async def talking(world, cookie):
    market = market_of(world, cookie)
    async with listening(market, Keeper()):
        yield market


async def sent(world):
    return [entry["text"] for entry in await world.control.record("sent")]


async def test_a_sent_text_comes_back_with_the_platforms_id(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    message_id = await talking.send_text(chat, buyer, "在的")
    assert await sent(world) == ["在的"]
    assert message_id in [message.pnm_id for message in await talking.list_messages(chat, LONG_AGO)]


async def test_a_text_refused_for_its_content_is_told_in_the_platforms_words(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("csi_forbid", times=1)
    with pytest.raises(Refused) as refusal:
        await talking.send_text(chat, buyer, "加微信")
    assert refusal.value.facts["reason"] == "您发送的内容涉嫌违规"
    assert "CSI_FORBID" in refusal.value.facts["code"]
    assert await sent(world) == []


async def test_flow_control_asks_for_a_wait_and_nothing_is_sent_before_somebody_looked_again(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("flow_control", times=1)
    with pytest.raises(Busy) as wait:
        await talking.send_text(chat, buyer, "在的")
    assert wait.value.retry_after_s == QUICK.busy_s
    assert await sent(world) == []
    assert (await world.control.get("/faults"))["struck"]["flow_control"] == 1
    await talking.send_text(chat, buyer, "在的")
    assert await sent(world) == ["在的"]


@pytest.mark.parametrize(("dial", "happened"), [("timeout_after_effect", True), ("timeout_before_effect", False)])
async def test_a_text_without_an_answer_is_unknown_and_history_tells(world, talking, item, dial, happened):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault(dial, times=1, on="send")
    with pytest.raises(Unknown):
        await talking.send_text(chat, buyer, "在的")
    said = [message.text for message in await talking.list_messages(chat, LONG_AGO) if message.sender_id != buyer]
    assert said == (["在的"] if happened else [])


async def test_a_line_lost_under_a_text_leaves_it_unknown(world, talking, item):
    buyer = await world.control.buyer()
    chat = (await world.control.talk(buyer, item, "在吗"))["chat_id"]
    await world.control.fault("timeout_after_effect", times=1, on="send")
    text = asyncio.create_task(talking.send_text(chat, buyer, "在的"))
    while not await sent(world):  # noqa: ASYNC110 - the world is another party: it cannot set our event
        await asyncio.sleep(0.01)
    await world.control.post("/reset_connection", account="shop", how="close")
    with pytest.raises(Unknown):
        await text


async def test_without_a_line_a_text_was_not_sent(market):
    with pytest.raises(MarketDown):
        await market.send_text("1", "2", "在的")


async def test_a_chat_is_opened_or_found(world, talking, item):
    buyer = await world.control.buyer()
    chat = await talking.open_chat(buyer, item)
    assert await talking.open_chat(buyer, item) == chat
    with pytest.raises(Refused):
        await talking.open_chat("1", item)


async def test_conversations_are_listed_newest_first_without_the_platforms_own(world, talking, item):
    first, second = await world.control.buyer("甲"), await world.control.buyer("乙")
    await world.control.talk(first, item, "一")
    await asyncio.sleep(0.01)
    after = datetime.now(UTC)
    await asyncio.sleep(0.01)
    await world.control.talk(second, item, "二")
    found = await talking.list_conversations(LONG_AGO)
    assert [(one.buyer_user_id, one.buyer_nick, one.item_id) for one in found] == [
        (second, "乙", item),
        (first, "甲", item),
    ]
    assert [one.buyer_user_id for one in await talking.list_conversations(after)] == [second]


async def test_long_lists_of_conversations_are_read_to_their_end(world, talking, item):
    for number in range(120):
        await world.control.talk(await world.control.buyer(), item, str(number))
    assert len(await talking.list_conversations(LONG_AGO)) == 120


async def test_a_long_history_is_read_to_its_end_oldest_first_from_an_instant(world, talking, item):
    buyer = await world.control.buyer()
    for number in range(230):
        chat = (await world.control.talk(buyer, item, str(number)))["chat_id"]
    found = await talking.list_messages(chat, LONG_AGO)
    assert [message.text for message in found] == [str(number) for number in range(230)]
    assert all(message.user_authored for message in found)
    late = await talking.list_messages(chat, found[200].sent_at)
    assert [message.text for message in late] == [str(number) for number in range(200, 230)]


async def test_history_holds_cards_too_and_says_that_nobody_typed_them(world, talking, item):
    _, _, chat = await paid_order(world, item)
    found = await talking.list_messages(chat, LONG_AGO)
    assert found and not any(message.user_authored for message in found)
    records = await talking.list_history(chat, LONG_AGO)
    assert "pending_payment" in {record.event.platform_status for record in records}


async def test_what_is_refused_over_the_line_is_refused(talking):
    with pytest.raises(Refused):
        await talking.list_messages("404", LONG_AGO)
