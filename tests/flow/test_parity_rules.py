"""Parity, one table: every rule of what people do and see holds in every chat, or its substitute does."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.cards.capabilities import CAPABILITIES, Can
from core.values.fulfilment import FulfilmentState
from core.values.ids import OrderId
from tests.flow.stands import FRONTS, Seen, Stand, open_stands
from tests.flow.test_parity_cards import staged

EVERYWHERE = ("dummy", *FRONTS)
TOGETHER = ("dummy", *(front for front in FRONTS if Can.group in CAPABILITIES[front]))
"""Where more than one person stands (Can.group)."""


async def asked(stand: Stand) -> Seen:
    """The approval card, as it was told."""
    return next(one for one in reversed(await stand.tell()) if one.buttons)


async def state(stand: Stand) -> FulfilmentState | None:
    task = (await stand.c.engine.orders.show(OrderId(1))).fulfilment
    return task.state if task else None


def all_of(seen: list[Seen]) -> str:
    return "\n".join(one.words for one in seen)


async def pressed_twice(stand: Stand) -> None:
    card = await asked(stand)
    assert "张三" not in all_of(await stand.press(card, "批准"))
    assert await state(stand) is FulfilmentState.scheduled
    second = all_of(await stand.press(card, "批准"))
    assert "按过" in second or "已批准" in second
    assert len(await acts(stand, "approve")) == 1


async def pressed_after_the_other_button(stand: Stand) -> None:
    card = await asked(stand)
    await stand.press(card, "拒绝")
    told = all_of(await stand.press(card, "批准"))
    assert "拒绝" in told
    assert "老板" in told
    assert await state(stand) is FulfilmentState.held


async def confirmed_too_late(stand: Stand) -> None:
    question = next(one for one in reversed(await stand.type("ship #1")) if one.buttons)
    stand.c.later(seconds=61)
    assert "过期" in all_of(await stand.press(question, question.buttons[0]))
    assert await acts(stand, "ship") == []


async def typed_what_is_unknown(stand: Stand) -> None:
    assert "approve" in all_of(await stand.type("aprove #1"))
    assert await state(stand) is FulfilmentState.awaiting_approval


async def stopped_and_asked_before_it_goes_on(stand: Stand) -> None:
    """The safe direction needs no question, the other one does."""
    await stand.type("急停")
    assert len((await stand.c.engine.pauses.show()).pauses) == 1
    question = next(one for one in reversed(await stand.type("恢复运行")) if one.buttons)
    assert len((await stand.c.engine.pauses.show()).pauses) == 1
    await stand.press(question, question.buttons[0])
    assert (await stand.c.engine.pauses.show()).pauses == ()


ALONE = (pressed_twice, pressed_after_the_other_button, confirmed_too_late, typed_what_is_unknown)
ALONE += (stopped_and_asked_before_it_goes_on,)


async def pressed_by_another(stand: Stand) -> None:
    card = await asked(stand)
    await stand.press(card, "批准", "operator")
    told = await stand.press(card, "批准")
    assert "张三" in all_of(told)
    assert [one.aside for one in told if "张三" in one.words] == [True], "to whoever pressed alone"


async def pressed_by_who_may_not(stand: Stand) -> None:
    card = await asked(stand)
    for who, why in (("viewer", "身份"), ("stranger", "没有登记")):
        told = await stand.press(card, "批准", who)
        assert why in all_of(told)
        assert all(one.aside for one in told), "to whoever pressed alone"
    assert await state(stand) is FulfilmentState.awaiting_approval
    await stand.press(card, "批准", "operator")
    assert await state(stand) is FulfilmentState.scheduled, "the buttons still work"


async def confirmed_by_another(stand: Stand) -> None:
    question = next(one for one in reversed(await stand.type("ship #1", "operator")) if one.buttons)
    await stand.press(question, question.buttons[0], "owner")
    assert await acts(stand, "ship") == []
    await stand.press(question, question.buttons[0], "operator")
    assert len(await acts(stand, "ship")) == 1


async def typed_by_who_may_not(stand: Stand) -> None:
    assert "身份" in all_of(await stand.type("approve #1", "viewer"))
    assert await stand.type("approve #1", "stranger") == []
    assert await state(stand) is FulfilmentState.awaiting_approval


async def replied_to_a_buyers_card(stand: Stand) -> None:
    card = next(one for one in reversed(await stand.type("chat c1")) if one.buttons)
    await stand.reply(card, "好的马上发")
    sent = await stand.c.store.people.all(
        "outbox.due_acts", words=True, now=2**62, most=10, kept="[]", full="[]", resting="[]"
    )
    assert [row["kind"] for row in sent].count("answer") == 1


TWO = (pressed_by_another, pressed_by_who_may_not, confirmed_by_another, typed_by_who_may_not, replied_to_a_buyers_card)


async def acts(stand: Stand, verb: str) -> list[object]:
    rows = await stand.c.store.people._connection.execute_fetchall("SELECT id FROM acts WHERE verb = ?", (verb,))
    return list(rows)


@pytest.mark.parametrize("front", EVERYWHERE)
@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.__name__)
async def test_a_rule_for_one_person(tmp_path: Path, rule: Callable[[Stand], Awaitable[None]], front: str):
    async with open_stands() as street, staged(tmp_path) as c:
        await rule(await street.stand(front, c))


@pytest.mark.parametrize("front", TOGETHER)
@pytest.mark.parametrize("rule", TWO, ids=lambda rule: rule.__name__)
async def test_a_rule_for_people_who_share_a_chat(tmp_path: Path, rule: Callable[[Stand], Awaitable[None]], front: str):
    async with open_stands() as street, staged(tmp_path) as c:
        await rule(await street.stand(front, c))


@pytest.mark.parametrize("front", TOGETHER)
async def test_a_card_still_answers_after_a_restart(tmp_path: Path, front: str):
    async with open_stands() as street, staged(tmp_path) as c:
        stand = await street.stand(front, c)
        card = await asked(stand)
        await stand.restart()
        await stand.press(card, "批准", "operator")
        assert await state(stand) is FulfilmentState.scheduled
        await stand.restart()
        assert "张三" in all_of(await stand.press(card, "批准"))


async def test_the_terminal_has_forgotten_its_numbers_after_a_restart_and_takes_the_words(tmp_path: Path):
    async with open_stands() as street, staged(tmp_path) as c:
        stand = await street.stand("terminal", c)
        card = await asked(stand)
        await stand.restart()
        await stand.press(card, "批准")
        assert await state(stand) is FulfilmentState.awaiting_approval
        await stand.type("批准 1")
        assert await state(stand) is FulfilmentState.scheduled
