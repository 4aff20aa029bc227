"""Parity, one table: every rule of what people do and see holds in every chat, or its substitute does."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.cards.capabilities import CAPABILITIES, Can
from bot.cards.card import Card
from core.errors import Transient
from core.moves.notices import tell
from core.values.fulfilment import FulfilmentState
from core.values.ids import OrderId
from core.values.notices import NoticeKind, Urgency
from core.values.telling import Way
from tests import stockroom
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
    sent = await stand.c.store.people.all("outbox.due_acts", now=2**62, most=10, kept="[]", full="[]")
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


# -- what a platform cannot do, and what happens instead: one check a capability, asserted both ways


async def redraw(stand: Stand) -> bool:
    """The card that stands there changes; instead one line that names it and its new state."""
    await asked(stand)
    if stand.name == "wecomapp":  # it does once, with the code of its sending: not at any time
        await stand.front.redraw(stand.home, "order:1", plain_card())
    await stand.c.engine.approvals.reject(stand.c.actor(), OrderId(1), "不卖")
    seen = [one for one in await stand.tell() if "已拦截" in one.words]
    assert len(seen) == 1
    assert "#1" in seen[0].words
    if seen[0].again and not seen[0].words.startswith("↻"):
        return True
    assert len(seen[0].words.splitlines()) <= 2, "one line, not a second card"
    return False


async def toast(stand: Stand) -> bool:
    """A word that passes; instead a message that stays, or the card itself."""
    card = await asked(stand)
    await stand.press(card, "拒绝")
    told = await stand.press(card, "批准")
    assert "拒绝" in all_of(told)
    return [one.again for one in told] == [False] and told[0].aside


async def react(stand: Stand) -> bool:
    """A sign under the person's own words; instead a line that names the conversation."""
    if stand.alone or stand.name == "terminal":
        await stand.type("say c1 好的")
    else:
        card = next(one for one in reversed(await stand.type("chat c1")) if one.buttons)
        await stand.reply(card, "好的")
    message = str(stand.said.id) if stand.name == "telegram" else "1"
    detail = f"{message} c1"
    await stand.c.store.write(lambda tx: tell(tx, stockroom.cause(), NoticeKind.said, "reply", 1, detail=detail))
    seen = [one for one in await stand.tell() if "c1" in one.words and not one.buttons]
    if stand.name == "telegram":
        return bool(stand.said.reactions) and not seen
    assert len(seen) == 1
    return False


async def private_first(stand: Stand) -> bool:
    """The shop speaks first; instead that is refused clearly, until the person has spoken."""
    who = stand.ids["operator"]
    try:
        await stand.front.send(who, plain_card())
    except Transient:
        return False
    return True


async def topics(stand: Stand) -> bool:
    """A card goes to a part of the group; instead to the one chat, whatever part was asked for."""
    seen = await stand.tell(topic="77")
    assert any("待审批" in one.words for one in seen)
    return hasattr(stand.listener, "_mail")


async def pin(stand: Stand) -> bool:
    """The board follows and stays on top; instead it is shown as it is now, and says so."""
    seen = await stand.type("看板")
    return "再打一次" not in all_of(seen)


async def silent(stand: Stand) -> bool:
    """A quiet card makes no sound; instead it arrives all the same."""
    mark = stand.mark()
    await stand.front.send(stand.group, plain_card(Urgency.quiet))
    seen = stand.news(mark)
    assert [bare.words.strip("*").splitlines()[0] for bare in seen] == ["你好"]
    return stand.name == "terminal" or bool(getattr(seen[0].raw, "silent", False))


async def picture(stand: Stand) -> bool:
    """A picture stands there; instead its words alone."""
    mark = stand.mark()
    await stand.front.send(stand.group, plain_card().model_copy(update={"picture": PNG}))
    seen = stand.news(mark)
    assert "你好" in all_of(seen)
    return any(getattr(one.raw, "photo", None) or "image" in str(one.raw) for one in seen)


async def file(stand: Stand) -> bool:
    """A file stands there, or is put where the person finds it."""
    seen = await stand.type("export orders", private=True)
    return any(getattr(one.raw, "document", None) or "'file'" in str(one.raw) or ".csv" in one.words for one in seen)


async def group(stand: Stand) -> bool:
    """Several people stand in one chat; instead its one person is the owner, or each stands 1:1."""
    if stand.alone:
        await stand.notices.show(await risky_notice(stand), Way(chat=stand.group))
        return any(one.buttons for one in stand.news(0))
    return "operator" in stand.ids and not stand.ids["operator"].startswith("dummy")


async def risky_notice(stand: Stand) -> int:
    """The alert that waits for the approval."""
    rows = await stand.c.store.people.all("notices.due", now=2**62, most=100)
    return int(rows[0]["id"])


CHECKS = {
    Can.redraw: redraw,
    Can.toast: toast,
    Can.react: react,
    Can.private_first: private_first,
    Can.topics: topics,
    Can.pin: pin,
    Can.silent: silent,
    Can.picture: picture,
    Can.file: file,
    Can.group: group,
}


def plain_card(urgency: Urgency = Urgency.normal) -> Card:
    return Card(ref="shop:0", version=0, urgency=urgency, title="你好")


def png() -> bytes:
    from tests.contract.telegram_bot import png as draw

    return draw(16, 16)


PNG = png()


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("what", Can)
async def test_a_platform_can_what_the_table_says_or_does_what_stands_in(tmp_path: Path, what: Can, front: str):
    if (what, front) == (Can.private_first, "terminal"):
        pytest.skip("there is no other chat at the terminal")
    async with open_stands() as street, staged(tmp_path) as c:
        stand = await street.stand(front, c)
        assert await CHECKS[what](stand) == (what in CAPABILITIES[front])


def test_every_capability_has_its_check():
    assert set(CHECKS) == set(Can)
