"""Parity, one table: what a platform cannot do, and what happens instead; one check a capability, asserted both ways."""

from pathlib import Path

import pytest

from bot.cards.capabilities import CAPABILITIES, Can
from bot.cards.card import Card
from core.errors import Transient
from core.moves.notices import tell
from core.values.ids import OrderId
from core.values.notices import NoticeKind, Urgency
from core.values.telling import Way
from tests import stockroom
from tests.flow.stands import FRONTS, Stand, open_stands
from tests.flow.test_parity_cards import staged
from tests.flow.test_parity_rules import all_of, asked


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
