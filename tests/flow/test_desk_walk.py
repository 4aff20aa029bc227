"""How a command walks: stored, gated, read, carried out once, answered. Real engine, real file."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.values.fulfilment import FulfilmentState
from core.values.people import ChatKind
from tests.counter import OPERATOR, OWNER, STRANGER, VIEWER, open_counter, order, risky_order, state

S = FulfilmentState
PRIVATE = {"chat": "dummy:77", "chat_kind": ChatKind.private}


async def test_a_command_is_answered_with_a_card(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"查单 {number}")
        assert card is not None
        assert card.ref == f"order:{number}"
        assert card.title.startswith("🔵 已调度 · #1")


async def test_the_same_request_twice_is_one(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"hold {number}")
        assert await c.take(request) is not None
        assert await c.take(request) is None
        assert await state(c, number) is S.held


async def test_a_stale_command_asks_and_then_acts(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        old = c.clock.now() - timedelta(minutes=7)
        question = await c.type(f"拦截 {number}", sent_at=old)
        assert question is not None
        assert "7 分钟前" in question.title
        assert await state(c, number) is S.scheduled
        await c.press("仍要执行")
        assert await state(c, number) is S.held


async def test_a_stale_question_is_just_answered(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("待办", sent_at=c.clock.now() - timedelta(hours=3))
        assert card is not None
        assert card.ref == "pending:0"


async def test_an_edited_message_is_never_carried_out(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"拦截 {number}", edited=True)
        assert card is not None
        assert "编辑" in card.title
        assert await state(c, number) is S.scheduled


async def test_ordinary_talk_in_the_group_is_left_alone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert await c.type("今天天气不错啊") is None
        assert await c.type("// 记一下 明天补货") is None
        assert await c.type("今天天气不错啊", chat_kind=ChatKind.terminal) is not None


async def test_a_near_miss_is_suggested_and_not_done(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"拦载 {number}")
        assert card is not None
        assert "拦截" in card.note
        assert await state(c, number) is S.scheduled


async def test_a_stranger_learns_nothing_but_who_they_are(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        alone = {"chat": STRANGER, "chat_kind": ChatKind.private}
        for words in ("订单", "急停", "定单", "你好"):
            assert await c.type(words, STRANGER) is None, "not even which words there are"
            card = await c.type(words, STRANGER, **alone)
            assert card is not None
            assert "没有登记" in card.title
        card = await c.type("我是谁", STRANGER)
        assert card is not None
        assert STRANGER in card.plain()


async def test_a_chat_that_is_not_bound_answers_only_whoami(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("订单", OWNER, **PRIVATE)
        assert card is not None
        assert "没有绑定" in card.title
        assert await c.type("我是谁", OWNER, **PRIVATE) is not None


async def test_a_button_works_only_in_its_own_chat(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.engine.rooms.bind("dummy:77", ChatKind.group)
        card = await c.press("批准", OWNER, **PRIVATE)
        assert card is not None
        assert "别的群" in card.title
        assert await state(c, number) is S.awaiting_approval


@pytest.mark.parametrize("forged", ["", "x", "AAAAAAAAAA", "1' OR '1'='1", "键" * 500, "\x00"])
def test_a_forged_button_presses_nothing(tmp_path: Path, forged: str):
    async def run() -> None:
        async with open_counter(tmp_path) as c:
            card = await c.take(c.request(None, button=forged))
            assert card is not None
            assert "没有这个按钮" in card.title

    asyncio.run(run())


async def test_too_many_commands_are_slowed_down(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        cards = [await c.type("待办") for _ in range(31)]
        assert cards[-1] is not None
        assert "太快" in cards[-1].title
        assert await c.type("待办", OPERATOR) != cards[-1], "each person has their own rate"
        c.later(seconds=61)
        card = await c.type("待办")
        assert card is not None
        assert card.ref == "pending:0"


async def test_whoever_floods_is_warned_once_and_does_not_fill_the_chat(tmp_path: Path):
    """A group takes twenty messages a minute: a flood of warnings would hold up everybody's answers for as long."""
    async with open_counter(tmp_path) as c:
        await c.type("待办")
        cards = [await c.type("待办") for _ in range(90)]
        assert len([card for card in cards if card is not None and "太快" in card.title]) == 1
        assert len(c.front.shown) == 31
        c.later(seconds=61)
        again = [await c.type("待办") for _ in range(40)]
        assert len([card for card in again if card is not None and "太快" in card.title]) == 1


async def test_a_flood_of_what_is_refused_is_answered_once_and_then_no_more(tmp_path: Path):
    """Words nobody knows, and rows of a higher role: they count as well, or a member could fill the chat with them."""
    async with open_counter(tmp_path) as c:
        for words in ("/ship 1", "/nonsense", "发货 x"):
            cards = [await c.type(words, VIEWER) for _ in range(60)]
            assert len([card for card in cards if card is not None]) <= 31, words
            assert len([card for card in cards if card is not None and "太快" in card.title]) == 1
            assert await c.type("待办", OPERATOR) is not None, "nobody else is silenced"
            c.later(seconds=61)


async def test_a_person_with_two_ids_has_one_rate(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("授权 wecom:zhang as m2")
        for n in range(30):
            assert await c.type("待办", OPERATOR if n % 2 else "wecom:zhang") is not None
        card = await c.type("待办", "wecom:zhang")
        assert card is not None and "太快" in card.title


async def test_the_emergency_stop_is_never_too_fast(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for _ in range(60):
            await c.type("待办")
        assert await c.type("待办") is None, "the control: anything else is"
        card = await c.type("急停")
        assert card is not None and "急停" in card.plain() and "太快" not in card.plain()
        assert (await c.engine.pauses.show()).pauses


async def test_the_rate_is_a_setting(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("设置 limits.commands_per_minute 3")
        await c.press("确认修改")
        card = [await c.type("待办") for _ in range(2)][-1]
        assert card is not None and "太快" in card.title


async def test_a_press_of_whoever_is_too_fast_is_always_answered(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await risky_order(c)
        await c.tell()
        card = c.last
        for _ in range(40):
            await c.type("待办")
        said = [await c.press("详情", card=card) for _ in range(3)]
        assert all(one is not None and "太快" in one.title for one in said)


async def test_an_unforeseen_error_has_a_number_that_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with open_counter(tmp_path) as c:
        c.engine.pending = None  # type: ignore[assignment] - a bug in one part
        card = await c.type("待办")
        assert card is not None
        number = card.title.rsplit(" ", 1)[1]
        assert len(number) == 4
        assert any(number in record.message and record.exc_info for record in caplog.records)


async def test_a_busy_front_is_asked_again(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        c.front.busy = 2
        assert await c.type("待办") is not None


async def test_a_bare_word_in_reply_to_a_card_is_about_its_thing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.type("批准", reply_to=c.last.message)
        assert await state(c, number) is S.scheduled


async def test_an_english_shop_speaks_english(tmp_path: Path):
    async with open_counter(tmp_path, locale="en") as c:
        card = await c.type("待办")
        assert card is not None
        assert card.title == "✅ Nothing waits for you"
        card = await c.type("待办", locale="zh-CN")
        assert card is not None
        assert card.title == "✅ 没有待办"
