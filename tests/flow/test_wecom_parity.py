"""Parity: every row of the command table says the same in WeCom as at any other front, on the same shop."""

import asyncio

from bot.cards.capabilities import CAPABILITIES, Can
from bot.commands.table import TABLE
from bot.fronts.wecom.front import Wecom
from bot.fronts.wecom.paint import SEPARATOR, safe
from bot.texts import load
from tests import living
from tests.counter import GROUP as DUMMY
from tests.counter import OWNER, open_counter
from tests.flow.wecom_counter import BOSS, CHAT, open_wecom, text_of

ELSEWHERE = {"stats", "daily", "selftest"}
"""Rows that take a process of their own, for a picture or a shop: their own tests show them."""
TEXTS = load("zh")


def example(name: str) -> str:
    """A row's example, about things this shop has."""
    words = TEXTS(f"example.{name}")
    return words.replace("#42", f"#{living.ASKED}").replace("c7", "c1")


async def test_every_command_says_the_same_in_wecom(tmp_path):
    differs = {}
    async with open_counter(tmp_path / "a") as here, open_wecom(tmp_path / "b") as there:
        for counter in (here, there):
            await counter.store.write(living.live)
        for row in TABLE.rows:
            if row.name in ELSEWHERE:
                continue
            for counter in (here, there):
                counter.clock.advance(61)
            card = await here.type(example(row.name), OWNER, chat=DUMMY)
            shown = await said(there, example(row.name))
            if (card is None) is not (shown is None) or (card and missing(card, shown)):
                differs[row.name] = (card and card.plain(), shown)
    assert differs == {}


async def said(counter, words: str) -> str | None:
    """All that is shown to words, once nothing more comes; None when nothing is."""
    before, last = len(counter.shown()), -1
    await counter.world.people.type(CHAT, BOSS, words)
    async with asyncio.timeout(5):
        while True:
            now = len(counter.shown())
            if now > before and now == last:
                break
            last = now
            await asyncio.sleep(0.05)
    return "\n".join(text_of(body) for body in counter.shown()[before:])


def missing(card, shown: str) -> list[str]:
    """Parts of the title that are not said there; ids of people and chats differ."""
    plain, parts = bare(shown), card.title.split(SEPARATOR)
    return [part for part in parts if "dummy" not in part and bare(part) not in plain]


def bare(text: str) -> str:
    """Without blanks and breaks: a title may stand on two lines."""
    return "".join(safe(text).split())


def test_what_wecom_cannot_do_is_named_in_the_one_table():
    able = CAPABILITIES["wecom"]
    assert Can.redraw not in able, "states are told by lines"
    assert Can.toast not in able, "who pressed alone sees the word on the card"
    assert not hasattr(Wecom, "react")
    assert {Can.picture, Can.file} <= able


def test_the_comparison_would_see_a_difference():
    class Card:
        title = "🟢 已发货 · #1"

    assert missing(Card, "🟠 待审批 · #1") == ["🟢 已发货"]
    assert missing(Card, "**🟢 已发货 · #1**") == []
