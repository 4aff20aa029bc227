"""The life of a risk card on Telegram: pushed to two chats, escalated, decided once, every copy redrawn, a restart amid."""

from pathlib import Path

import pytest

from bot.fronts.telegram.budget import Kind
from bot.fronts.telegram.letters import Letter
from bot.fronts.telegram.paint import Page
from core.errors import Transient
from core.values.fulfilment import FulfilmentState
from core.values.telling import Way
from tests.telegram_shop import Post, Street, open_post, open_street


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


async def push(post: Post, *chats: int) -> None:
    """Show every waiting notice in these chats, and redraws where their copies stand."""
    for row in await post.store.people.all("notices.due", now=2**62, most=100):
        for chat in chats:
            await post.notices.show(row["id"], Way(chat=f"telegram:{chat}"))
        await post.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
        await post.store.write(lambda tx, n=row["id"]: tx.run("notices.fail", id=n, now=0, error="shown"))


async def test_a_decision_in_private_redraws_the_card_in_the_group_also_after_a_restart(street: Street, tmp_path: Path):
    screen = street.world.screen
    async with open_post(street, tmp_path) as post:
        number = await post.order()
        await push(post, street.group, street.boss)
        public = await screen.see(street.group, "待审批")
        private = await screen.see(street.boss, "待审批")
        assert not public.silent
    pressed = street.world.people.press(street.boss, street.boss, private.id, "批准")
    async with open_post(street, tmp_path) as post:
        await screen.see_edit(private, "即将发货|已调度")
        assert (await screen.answer(pressed)) is not None
        await push(post, street.group)
        await screen.see_edit(public, "即将发货|已调度")
        assert "老板" in public.words
        assert "批准" not in "".join(public.labels)
        assert await post.state(number) is FulfilmentState.scheduled
        late = await street.press(await screen.see(street.group, "即将发货|已调度"), "撤销", street.clerk)
        await screen.answer(late)
        assert await post.state(number) is not FulfilmentState.succeeded


async def test_a_press_on_a_card_that_was_not_redrawn_yet_names_who_decided(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        await post.order()
        await push(post, street.group, street.boss)
        public, private = [await street.world.screen.see(chat, "待审批") for chat in (street.group, street.boss)]
        await street.toast(street.world.people.press(street.boss, street.boss, private.id, "批准"))
        await street.world.screen.see_edit(private, "即将发货|已调度")
        told = await street.toast(await street.press(public, "批准", street.clerk))
        assert "老板" in told or "状态变了" in told, told


async def test_unescaped_html_would_be_seen(street: Street, tmp_path: Path):
    """The control of escaping: the same words without it become a link of the buyer's, or are refused."""
    evil = "<a href='https://evil.example'>点我</a>"
    async with open_post(street, tmp_path, listen=False) as post:
        await post.front._mail.send(street.group, Letter(Page(f"<b>x</b> {evil}", evil)), Kind.notice)
        assert "text_link" in {entity["type"] for entity in street.world.screen.from_bot(street.group)[-1].entities}
        await post.tell("x", fields=(("买家", evil),))
        assert "text_link" not in {entity["type"] for entity in street.world.screen.from_bot(street.group)[-1].entities}


async def test_a_chat_that_takes_nothing_is_said_and_holds_up_no_other(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, listen=False) as post:
        street.world.people.block(street.boss)
        with pytest.raises(Transient):
            await post.tell("私聊", street.boss)
        await post.tell("群里")
        await street.world.screen.see(street.group, "群里")
