"""Binding at the counter: the code, who types it, what strangers can do to it; and leaving a group."""

import asyncio
from pathlib import Path

import pytest

from bot.fronts.counter import Counter as House
from bot.fronts.terminal import Terminal
from core.config import Config
from core.values.people import ChatKind, Role
from tests.counter import (
    ALONE,
    NAMES,
    NEW,
    OPERATOR,
    STRANGER,
    VIEWER,
    DummyFront,
    open_counter,
    role,
    text,
)


async def test_the_code_typed_in_a_group_makes_an_owner_and_tells_what_comes_next(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        code = await c.engine.binding.issue()
        card = await c.type(f"绑定 {code}", STRANGER, chat=NEW, chat_title="新群\u202e", name="小\u200b鱼")
        assert "新群" in text(card) and "小鱼" in text(card)
        assert "私聊" in text(card)
        assert await role(c, STRANGER) is Role.owner
        assert [room.title for room in await c.engine.rooms.list_homes()] == ["", "新群"]


@pytest.mark.parametrize("words", ["/bind@shop_bot {}", "绑定{}", "／ｂｉｎｄ {}", "start {}", "/start {}"])
async def test_the_code_is_taken_as_a_thumb_types_it_or_a_link_brings_it(tmp_path: Path, words: str):
    async with open_counter(tmp_path) as c:
        code = (await c.engine.binding.issue()).replace("-", "")
        await c.type(words.format(code.lower()), STRANGER, chat=NEW)
        assert await role(c, STRANGER) is Role.owner


async def test_a_code_is_printed_until_every_chat_platform_has_its_group(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        other = DummyFront(name="other")
        house = House(c.engine, Config(), [c.front, other])
        printed = await house.invitation()
        assert printed is not None and "绑定 " in printed and "/bind " in printed
        await c.type(printed.splitlines()[-1].strip(), "other:1", chat="other:-1")
        assert await role(c, "other:1") is Role.owner
        assert await house.invitation() is None
        again = await house.invitation(asked=True)
        assert again is not None and again != printed


class HalfDeaf(DummyFront):
    """A front that speaks in a group where it hears nobody."""

    deaf = frozenset({"other:push"})


async def test_a_group_in_which_the_shop_hears_nobody_does_not_end_the_printing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.rooms.bind("other:push", ChatKind.group)
        assert await House(c.engine, Config(), [c.front, DummyFront(name="other")]).invitation() is None
        assert await House(c.engine, Config(), [c.front, HalfDeaf(name="other")]).invitation() is not None


async def test_a_shop_without_a_chat_platform_needs_no_code(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        house = House(c.engine, Config(), [Terminal(c.clock.now)])
        assert await house.invitation() is None
        asked = await house.invitation(asked=True)
        assert asked is not None and "[telegram]" in asked


async def test_the_code_typed_in_private_makes_an_owner_who_binds_a_group_without_it(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        code = await c.engine.binding.issue()
        assert "拉进" in text(await c.type(f"绑定 {code}", STRANGER, **ALONE))
        assert [room.chat for room in await c.engine.rooms.list_private()] == [STRANGER]
        await c.type("绑定", STRANGER, chat=NEW)
        assert await c.engine.rooms.is_bound(NEW)
        assert await role(c, VIEWER) is Role.viewer


async def test_a_wrong_code_says_nothing_and_binds_nothing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.binding.issue()
        assert "绑定码不对" in text(await c.type("绑定 AAAA-AAAA", STRANGER, chat=NEW))
        assert await c.type("订单", STRANGER, chat=NEW) is None
        assert await c.engine.rooms.find(NEW) is None


@pytest.mark.parametrize("who", [STRANGER, VIEWER, OPERATOR])
async def test_without_a_code_only_an_owner_binds(tmp_path: Path, who: str):
    async with open_counter(tmp_path) as c:
        assert "绑定码" in text(await c.type("绑定", who, chat=NEW))
        assert not await c.engine.rooms.is_bound(NEW)


async def test_whoever_guesses_codes_is_not_even_answered(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        code = await c.engine.binding.issue()
        answers = [await c.type(f"绑定 AAAA-AA{n:02}", STRANGER, chat=NEW) for n in range(20)]
        assert sum(answer is not None for answer in answers) == 6
        c.later(minutes=2)
        assert "太快" in text(await c.type(f"绑定 {code}", STRANGER, chat=NEW))
        assert await role(c, STRANGER) is None


async def test_many_strangers_cannot_use_up_the_shops_voice(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for n in range(100):
            who = f"dummy:{1000 + n}"
            await c.type("你好", who, chat=who, chat_kind=ChatKind.private)
        assert len(c.front.shown) == 60
        assert await c.type("待办") is not None


async def test_three_who_type_the_code_at_once_give_one_owner(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        code = await c.engine.binding.issue()
        typed = [c.request(f"绑定 {code}", f"dummy:{n}", chat=NEW) for n in (21, 22, 23)]
        await asyncio.gather(*(c.desk.take(request) for request in typed))
        owners = [member.who for member in await c.engine.people.list() if member.role is Role.owner]
        assert len(owners) == 2, "the one of before, and one more"


async def test_binding_interrupted_by_a_crash_is_done_once_and_answered(tmp_path: Path):
    """Killed before the act, and again between the act and its answer."""
    async with open_counter(tmp_path) as c:
        request = c.request(f"绑定 {await c.engine.binding.issue()}", STRANGER, chat=NEW)
        kept = await c.desk.keep(request)
        assert kept is not None
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert await role(c, STRANGER) is Role.owner
        await c.store.write(lambda tx: tx.run("requests.finish", id=kept.kept, now=0, error=None))
    async with open_counter(tmp_path) as c:
        await c.desk.serve(kept)
        assert "出错" not in c.last.card.title
        assert len(await c.engine.people.list_persons()) == len(NAMES) + 1


async def test_only_who_typed_an_old_code_may_say_that_it_still_stands(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        code = await c.engine.binding.issue()
        c.later(minutes=10)
        old = {"chat": NEW, "sent_at": c.clock.now().replace(hour=0)}
        await c.type(f"绑定 {code}", STRANGER, **old)
        await c.press("仍要执行", VIEWER, chat=NEW)
        assert "发起的人" in c.last.card.title
        await c.press("仍要执行", STRANGER, card=c.front.shown[-2], chat=NEW)
        assert (await role(c, STRANGER), await role(c, VIEWER)) == (Role.owner, Role.viewer)


async def test_a_group_is_left_after_a_question_and_taken_again_without_a_code(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("解绑")
        assert "最后一个群" in c.last.card.note
        await c.press("确定离开")
        assert await c.engine.rooms.list_homes() == ()
        assert "没有绑定" in text(await c.type("待办"))
        await c.type("绑定")
        assert await c.type("待办") is not None
