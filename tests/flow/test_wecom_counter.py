"""The shop worked from a WeCom group: commands, cards, approvals, lines; against the pretend gateway."""

import asyncio

import pytest

from core.errors import MaybeSent
from core.values.fulfilment import FulfilmentState
from tests import stockroom
from tests.counter import order, risky_order, state
from tests.flow.wecom_counter import (
    BOSS,
    CHAT,
    LI,
    NOBODY,
    ZHANG,
    open_shop,
    open_wecom,
    settings,
    text_of,
    words_of,
)


@pytest.mark.parametrize("words", ["/order 1", "查单 1", "查单1", "／order #1"])
async def test_a_command_in_the_group_is_answered_by_a_card_with_buttons(tmp_path, words):
    async with open_wecom(tmp_path) as counter:
        await order(counter)
        shown = await counter.type(words)
        assert shown["msgtype"] == "template_card"
        assert "#1" in text_of(shown)
        assert len(counter.world.office.noted("replied")) >= 1


async def test_a_list_of_orders_has_no_empty_parts(tmp_path):
    """With one account nobody is told whose an order is, and nothing stands in its place."""
    async with open_wecom(tmp_path) as counter:
        await order(counter)
        shown = text_of(await counter.type("订单"))
        assert "#1" in shown
        assert "· ·" not in shown


async def test_a_push_and_a_press_decide_once_and_the_second_hears_who_did(tmp_path):
    async with open_wecom(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(CHAT)[-1]
        assert "待审批" in words_of(card.card)
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        await counter.world.people.click(card.task_id, approve, ZHANG)
        await counter.updated(1)
        await counter.world.people.forge_click(CHAT, card.task_id, approve, BOSS)
        await counter.updated(2)
        assert await state(counter, number) is FulfilmentState.scheduled
        first, second = counter.world.office.noted("card_updated")
        assert first["for_"] == []
        assert "待审批" not in words_of(first["card"])
        assert second["for_"] == [BOSS]
        assert "张三" in words_of(second["card"])
        assert second["card"]["task_id"] == card.task_id


async def test_three_people_pressing_at_once_decide_once(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(CHAT)[-1]
        keys = {b["text"][-2:]: b["key"] for b in card.card["button_list"]}
        presses = [(BOSS, keys["发货"] if "发货" in keys else keys["批准"]), (ZHANG, keys["拒绝"]), (LI, keys["拒绝"])]
        await asyncio.gather(*(counter.world.people.click(card.task_id, key, who) for who, key in presses))
        await counter.updated(3)
        assert len([u for u in counter.world.office.noted("card_updated") if u["for_"] == []]) == 1


async def test_a_press_after_a_restart_and_on_an_old_card_still_answers(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(CHAT)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        await counter.hang_up()
        await counter.store.close()
        async with open_shop(tmp_path, counter.world, counter.clock, settings(counter.world)) as again:
            await again.world.people.click(card.task_id, approve, ZHANG)
            await again.updated(1)
            await again.world.people.forge_click(CHAT, card.task_id, approve, BOSS)
            told = await again.updated(2)
            assert told["for_"] == [BOSS]
            assert "张三" in words_of(told["card"])


async def test_a_press_is_answered_in_time_though_the_work_takes_longer(tmp_path):
    async with open_wecom(tmp_path, patience_s=(0.05, 0.05)) as counter:
        await risky_order(counter)
        await counter.tell()
        before = len(counter.shown())
        counter.world.office.fault("slow_ack", 1, on="aibot_respond_update_msg", by_s=0.1)
        release = await held_store(counter)
        await counter.press("批准")
        waiting = await counter.updated(1)
        assert "处理中" in words_of(waiting["card"])
        assert waiting["card"]["card_type"] == "text_notice"
        release.set()
        assert "#1" in text_of(await counter.next(before))


async def held_store(counter):
    """The writer stands still until the event is set, as on a disk that is busy."""
    import threading

    release, held = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_tx):
        loop.call_soon_threadsafe(held.set)
        release.wait(5)

    task = asyncio.create_task(counter.store.write(work))
    await held.wait()
    counter.keep = task
    return release


async def test_slow_words_grow_into_their_answer(tmp_path):
    async with open_wecom(tmp_path, patience_s=(0.05, 1)) as counter:
        release = await held_store(counter)
        await counter.world.people.type(CHAT, ZHANG, "我是谁")
        await counter.until(lambda: counter.world.office.noted("stream"))
        assert counter.world.office.noted("stream")[0]["content"].endswith("处理中…")
        release.set()
        await counter.until(lambda: counter.world.office.noted("stream")[-1]["finish"])
        assert ZHANG in counter.world.office.noted("stream")[-1]["content"]
        assert len(counter.shown()) == 1


async def test_what_a_thing_became_is_told_by_one_short_line(tmp_path):
    async with open_wecom(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        before = len(counter.shown())
        actor = (await counter.engine.people.find(f"wecom:{BOSS}")).who
        await counter.engine.approvals.reject(actor_of(actor), number, "不卖")
        await counter.tell()
        line = await counter.next(before)
        assert line["msgtype"] == "markdown"
        assert "已拦截" in text_of(line)
        assert "#1" in text_of(line)
        assert "\n" not in text_of(line)
        assert len(counter.world.people.cards(CHAT)) == 1


def actor_of(who):
    from core.values.people import Actor

    return Actor(who=who, name="老板", chat="terminal", request="t:1")


async def test_strangers_and_viewers_change_nothing(tmp_path):
    async with open_wecom(tmp_path) as counter:
        number = await risky_order(counter)
        await counter.tell()
        card = counter.world.people.cards(CHAT)[-1]
        approve = next(b["key"] for b in card.card["button_list"] if "批准" in b["text"])
        for who in (LI, NOBODY):
            await counter.world.people.click(card.task_id, approve, who)
        await counter.updated(2)
        assert await state(counter, number) is FulfilmentState.awaiting_approval
        assert {u["for_"][0] for u in counter.world.office.noted("card_updated")} == {LI, NOBODY}
        assert "批准" in str(counter.world.people.card(card.task_id, LI)["button_list"])


async def test_a_callback_that_comes_twice_is_one_request(tmp_path):
    async with open_wecom(tmp_path) as counter:
        counter.world.office.fault("repeat")
        await counter.type("我是谁")
        await asyncio.sleep(0.1)
        assert len(counter.shown()) == 1


async def test_words_in_reply_to_a_buyers_card_are_for_that_buyer(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await counter.store.write(lambda tx: stockroom.say(tx, stockroom.open_account(tx), 1, "在吗"))
        card = await counter.type("/chat c1")
        await counter.until_copied("chat:1")
        assert (await counter.engine.chats.show(1)).mode == "auto"
        assert "c1" in text_of(await counter.type("好的马上发", quote=text_of(card)))
        assert (await counter.engine.chats.show(1)).mode == "human"


@pytest.mark.parametrize("quote", ["c1 这个人真烦", "> c1", "看下 · c1"])
async def test_words_in_reply_to_talk_of_a_buyer_or_to_a_list_are_for_no_buyer(tmp_path, quote: str):
    async with open_wecom(tmp_path) as counter:
        await counter.store.write(lambda tx: stockroom.say(tx, stockroom.open_account(tx), 1, "在吗"))
        await counter.type("/chat c1")
        shown = text_of(await counter.type("对话"))
        assert "c1" in shown
        for words in (quote, shown):
            await counter.world.people.type(CHAT, BOSS, "是啊", quote=words)
        await counter.type("待办")
        assert (await counter.engine.chats.show(1)).mode == "auto", "nothing was said to the buyer"


async def test_whoever_opens_the_private_chat_is_welcomed(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await counter.world.people.enter(NOBODY)
        shown = await counter.next(0, NOBODY)
        assert shown["msgtype"] == "text"
        assert "我是谁" in shown["text"]["content"]


async def test_a_notice_without_an_ack_comes_again_marked(tmp_path):
    async with open_wecom(tmp_path) as counter:
        await risky_order(counter)
        counter.world.office.fault("lost_ack", on="aibot_send_msg")
        with pytest.raises(MaybeSent):
            await counter.tell()
        await counter.store.write(lambda tx: tx.run("notices.free_claimed"))
        await counter.tell()
        first, second = counter.world.people.cards(CHAT)
        assert "可能重复" not in words_of(first.card)
        assert "可能重复" in words_of(second.card)


async def test_health_says_what_is_missing_and_when_it_was_heard(tmp_path):
    async with open_wecom(tmp_path) as counter:
        remarks = {(r.front, r.key) for r in counter.engine.health.remarks}
        assert remarks == set() or remarks == {("wecom", "no_group")}
        await counter.type("我是谁")
        await asyncio.sleep(0.05)
        assert {(r.key, r.about) for r in counter.engine.health.remarks} == {("no_word", "老板")}
        assert "wecom" in counter.engine.health.heard_at
        await counter.world.gateway.stop()
        await counter.until(lambda: "unreachable" in {r.key for r in counter.engine.health.remarks})


async def test_being_replaced_is_told_once(tmp_path):
    from tests.contract.wecom_robot import dial_in

    async with open_wecom(tmp_path) as counter:
        world = counter.world
        for _ in range(2):
            other = await dial_in(world)
            await other.code("aibot_subscribe", {"bot_id": world.bot_id, "secret": world.secret})
            before = len(world.office.noted("subscribed"))
            await counter.until(lambda b=before: len(world.office.noted("subscribed")) > b)
            await other.close()
        rows = await counter.store.people.all("notices.due", now=2**62, most=100)
        assert [row["kind"] for row in rows] == ["front_trouble"]
