"""What Telegram refuses, delays or drops: nothing is lost, nothing acts twice, and buttons are answered all the while."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.auth import Attachment
from bot.cards.card import Draft
from bot.cards.seal import write
from bot.fronts.telegram.budget import MINUTE_S
from bot.fronts.telegram.mail import Mail
from bot.sandbox.telegram.things import Status
from core.errors import Busy, MaybeSent, Transient
from core.values.fulfilment import FulfilmentState
from tests.telegram_shop import Post, Street, open_post, open_street, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


@pytest.fixture
async def post(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        yield post


def shown(title: str, version: int = 1):
    return write(Draft(entity="order", entity_id=1, version=version, title=title))


def notices(street: Street) -> list[str]:
    return [one.words for one in street.world.screen.from_bot(street.group)]


async def test_notices_leave_five_of_twenty_for_answers_and_never_meet_429(street: Street, post: Post):
    told = await asyncio.gather(*(post.tell(f"通知 {n}") for n in range(40)), return_exceptions=True)
    refused = [one for one in told if isinstance(one, Busy)]
    assert len(refused) == 25
    assert all(0 < (one.retry_after_s or 0) <= MINUTE_S for one in refused)
    for _ in range(5):
        await street.ask("待办", "没有待办")
    assert len(notices(street)) == 20
    assert 429 not in {call.get("status", call.get("code")) for call in street.world.cloud.calls}


async def test_without_the_budget_telegram_says_429(street: Street, post: Post):
    """The control: the same notices past the budget."""
    post.front._mail = Mail(post.front._wire, Unlimited(), post.front._moved, post.front._standing.limited)
    told = await asyncio.gather(*(post.tell(f"通知 {n}") for n in range(25)), return_exceptions=True)
    assert len([one for one in told if isinstance(one, Busy)]) == 5
    assert len(notices(street)) == 20


class Unlimited:
    """A budget that allows everything."""

    def wait_s(self, chat, kind, now):
        return 0.0

    def spend(self, chat, now):
        pass

    def hold(self, chat, until):
        pass

    def is_held_elsewhere(self, chat, now):
        return False


async def test_a_429_is_obeyed_there_and_buttons_are_answered_meanwhile(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    street.world.fault("rate_limit", times=1, on="sendMessage", by_s=3)
    with pytest.raises(Busy) as refused:
        await post.tell("通知")
    assert refused.value.retry_after_s == 3
    assert [one.key for one in post.engine.health.remarks if one.key == "limited"] == ["limited"]
    with pytest.raises(Busy):
        await post.tell("又一条")
    began = time.monotonic()
    press = await street.press(card, "批准")
    await street.toast(press)
    assert time.monotonic() - began < 0.5
    await street.world.screen.see_edit(card, "即将发货|已调度")
    assert time.monotonic() - began > 2, "the edit did not wait out the rest"
    assert await post.state(number) is FulfilmentState.scheduled


async def test_an_answer_waits_out_a_short_rest(street: Street, post: Post):
    street.world.fault("rate_limit", times=1, on="sendMessage", by_s=1)
    await street.ask("待办", "没有待办")


async def test_a_dropped_answer_comes_again_and_says_so(street: Street, post: Post):
    street.world.fault("drop_after", times=1, on="sendMessage")
    await street.type("待办")
    await street.world.screen.see(street.group, "可能重复 · .*没有待办")
    assert len(notices(street)) == 2


async def test_an_answer_dropped_before_it_arrived_comes_too(street: Street, post: Post):
    street.world.fault("drop_before", times=1, on="sendMessage")
    await street.ask("待办", "没有待办")
    assert len(notices(street)) == 1


async def test_a_notice_whose_answer_is_lost_may_have_been_shown(street: Street, post: Post):
    street.world.fault("drop_after", times=1, on="sendMessage")
    with pytest.raises(MaybeSent):
        await post.tell("通知")
    assert notices(street) == ["通知"]


async def test_a_press_whose_edit_is_dropped_acts_once(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    street.world.fault("drop_after", times=1, on="editMessageText")
    street.world.fault("drop_before", times=1, on="answerCallbackQuery")
    await street.press(card, "批准")
    await street.world.screen.see_edit(card, "即将发货|已调度")
    history = (await post.engine.orders.show(number)).history
    assert len([step for step in history if "approve" in str(step)]) <= 1
    assert await post.state(number) is FulfilmentState.scheduled


async def test_an_answer_outlives_an_outage_and_is_shown_when_telegram_is_back(street: Street, post: Post):
    """Three tries of the desk are used up; the next poll that gets through brings the answer."""
    street.world.fault("server_error", times=3, on="sendMessage")
    await street.ask("待办", "没有待办")
    await settled(post)


async def settled(post: Post) -> None:
    """Until every request is finished."""
    async with asyncio.timeout(5):
        while await post.engine.requests.list_waiting():  # noqa: ASYNC110 - the shop's own tasks go on
            await asyncio.sleep(0.01)


async def test_a_slow_act_is_called_under_way_within_a_second(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    slow = asyncio.Event()
    post.front._lanes.put(f"telegram:{street.group}", slow.wait)
    began = time.monotonic()
    press = await street.press(card, "批准")
    assert "处理中" in await street.toast(press)
    assert 0.7 < time.monotonic() - began < 1.5
    slow.set()
    await street.world.screen.see_edit(card, "即将发货|已调度")
    assert len(street.sent("answered")) == 1


async def test_every_press_is_answered_exactly_once(street: Street, post: Post):
    number = await post.order()
    card = await street.ask(f"查单 {number}", "待审批")
    presses = [await street.press(card, "批准", who) for who in (street.boss, street.clerk, street.viewer) * 3]
    for press in presses:
        await street.toast(press)
    await post.quiet()
    assert len(street.sent("answered")) == len(presses)


async def test_the_newest_of_several_edits_wins(street: Street, post: Post):
    chat = f"telegram:{street.group}"
    message = await post.front.send(chat, shown("第 0 版"))
    street.world.fault("slow", times=1, on="editMessageText", by_s=0.3)
    await asyncio.gather(*(post.front.redraw(chat, message, shown(f"第 {n} 版", n)) for n in (2, 9, 3, 5)))
    (there,) = street.world.screen.from_bot(street.group)
    assert there.words == "第 9 版"
    assert len(there.history) <= 2, "edits that were overtaken went out"


async def test_what_is_the_same_or_gone_is_no_error(street: Street, post: Post):
    chat = f"telegram:{street.group}"
    message = await post.front.send(chat, shown("一"))
    await post.front.redraw(chat, message, shown("一"))
    street.world.people.delete(street.group, int(message))
    await post.front.redraw(chat, message, shown("二"))


async def test_a_reply_to_a_message_that_is_gone_still_arrives(street: Street, post: Post):
    asked = await street.type("待办")
    street.world.people.delete(street.group, asked.id)
    assert (await street.world.screen.see(street.group, "没有待办")).reply_to is None


async def test_html_that_telegram_cannot_read_goes_as_plain_words(street: Street, post: Post):
    """Poison: our own HTML refused. The words still arrive."""
    from dataclasses import replace

    from bot.fronts.telegram.budget import Kind
    from bot.fronts.telegram.letters import Letter
    from bot.fronts.telegram.paint import Page

    letter = Letter(Page("<b>不成<i>对</b>", "不成对"))
    await post.front._mail.send(street.group, letter, Kind.notice)
    assert notices(street) == ["不成对"]
    assert replace(letter, formatted=False).words == "不成对"


async def test_a_group_that_moves_takes_its_shop_along(street: Street, post: Post):
    world = street.world
    group = world.groups.create("旧群", street.boss, members=[street.clerk], basic=True)
    await post.engine.rooms.bind(f"telegram:{group.id}", (await post.engine.rooms.list())[0].kind, "旧群")
    await post.quiet()
    moved = world.groups.migrate(group.id)
    await post.tell("搬家后", group.id)
    await world.screen.see(moved.id, "搬家后")
    await post.quiet()
    assert await post.engine.rooms.is_bound(f"telegram:{moved.id}")
    assert not await post.engine.rooms.is_bound(f"telegram:{group.id}")
    world.people.type(street.boss, moved.id, "待办")
    await world.screen.see(moved.id, "没有待办")


async def test_a_move_learned_by_sending_alone_is_followed(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, listen=False) as post:
        group = street.world.groups.create("旧群", street.boss, basic=True)
        await post.engine.rooms.bind(f"telegram:{group.id}", (await post.engine.rooms.list())[0].kind)
        moved = street.world.groups.migrate(group.id)
        await post.tell("找到你了", group.id)
        await street.world.screen.see(moved.id, "找到你了")
        assert await post.engine.rooms.is_bound(f"telegram:{moved.id}")


async def test_no_message_of_a_group_that_moved_is_edited_in_the_new_one(street: Street, tmp_path: Path):
    """Numbers begin anew there: the same one is another message, maybe another order's card."""
    async with open_post(street, tmp_path, listen=False) as post:
        group = street.world.groups.create("旧群", street.boss, basic=True)
        await post.engine.rooms.bind(f"telegram:{group.id}", (await post.engine.rooms.list())[0].kind)
        moved = street.world.groups.migrate(group.id)
        number = await post.tell("新群里的卡", moved.id)
        await post.front.redraw(f"telegram:{group.id}", number, shown("旧群里的卡", 2))
        await post.front.redraw(f"telegram:{group.id}", number, shown("旧群里的卡", 3))
        assert [one.words for one in street.world.screen.from_bot(moved.id)] == ["新群里的卡"]


async def test_an_edit_that_telegram_refuses_for_good_ends(street: Street, post: Post):
    """Else it would be tried for ever, and its chat be called down for it."""
    number = await post.tell("一张表", file=Attachment(name="a.csv", content=b"1"))
    assert number.startswith("d"), "a document, of which no text can be edited"
    await post.front.redraw(f"telegram:{street.group}", number.lstrip("d"), shown("一张卡", 2))
    assert notices(street) == ["一张表"]


async def test_thrown_out_and_let_in_again(street: Street, post: Post):
    street.world.groups.set_bot(street.group, Status.kicked)
    await post.quiet()
    assert not await post.engine.rooms.is_bound(f"telegram:{street.group}")
    with pytest.raises(Transient) as refused:
        await post.tell("有人吗")
    assert refused.value.key == "chat_closed"
    street.world.groups.set_bot(street.group, Status.administrator)
    await post.quiet()
    assert await post.engine.rooms.is_bound(f"telegram:{street.group}")
    await street.ask("待办", "没有待办")


async def test_a_person_who_never_pressed_start_cannot_be_written_to(street: Street, post: Post):
    with pytest.raises(Transient) as refused:
        await post.tell("你好", street.clerk)
    assert refused.value.key == "chat_closed"


async def test_a_renamed_group_is_known_by_its_new_name(street: Street, post: Post):
    street.world.groups.rename(street.group, "新店 <b>")
    await until(lambda: not street.world.updates.waiting)
    await post.quiet()
    room = await post.engine.rooms.find(f"telegram:{street.group}")
    assert room is not None
    assert room.title == "新店 <b>"
