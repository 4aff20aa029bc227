"""Parity, one table: every kind of notice and every state of a card stands in every chat whole, within its limits."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from core.moves import chats
from core.values.fulfilment import FulfilmentState
from core.values.ids import ChatNo
from core.values.market import EventKind, MarketEvent
from core.values.notices import NoticeKind
from core.values.products import ProductState
from tests import stockroom
from tests.counter import Counter, open_counter
from tests.flow.stands import FRONTS, Seen, Stand, missing, open_stands
from tests.flow.test_desk_notices import TOLD, notice, stage

K = NoticeKind
HOSTILE = {
    "html": "<b>发货</b><script>alert(1)</script> &amp; </blockquote>",
    "markdown": "**批准** [点这里](http://x.cn) `rm -rf` # 标题 > 引用 ~~删~~ | 表 |",
    "mentions": "@all @店铺助手 /approve 1 <@Boss> tg://user?id=1",
    "bidi": "\u202e敌我不分\u202c \u2066abc\u2069 a\u200bb\u2060c\ufeffd",
    "json": '{"cmd":"aibot_send_msg"} {title} {0} %s ]]> </xml>',
    "lines": "第一行\n\n\n\n> 第二行\n- 第三行\n1. 第四行",
    "zalgo": "z" + "\u0301" * 60,
    "long": "长" * 100_000,
    "emoji": "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ＃４２ ﷽",
}


@asynccontextmanager
async def staged(folder: Path, text: str = "") -> AsyncIterator[Counter]:
    """An order at risk and a conversation, in which a buyer may have said something more."""
    async with open_counter(folder) as c:
        await c.store.write(stage)
        if text:
            await c.store.write(lambda tx: say(tx, text))
        yield c


def say(tx, text: str) -> None:
    event = MarketEvent(
        event=EventKind.chat_text,
        chat_id=ChatNo("6001"),
        buyer_id=stockroom.record(1, "900001").buyer_user_id,
        sender_nick=text[:60],
        text=text,
        pnm_id="hostile",
    )
    chats.hear(tx, stockroom.cause(), stockroom.TERMS, 1, event, inbox_id=2)


def alike(here: Stand, wanted: list[Seen], there: Stand, seen: list[Seen]) -> None:
    """Nothing of a card is missing, and its buttons are the same."""
    assert missing(wanted, seen, here, there) == [], [one.words for one in seen]
    assert verbs(seen) == [there.verb(verb) for verb in verbs(wanted)]


def verbs(seen: list[Seen]) -> list[str]:
    return next((list(one.buttons) for one in reversed(seen) if one.buttons), [])


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("kind", TOLD)
async def test_every_kind_of_notice_stands_whole(tmp_path: Path, kind: NoticeKind, front: str):
    async with open_stands() as street, staged(tmp_path / "a") as c, staged(tmp_path / "b") as d:
        shown = []
        for counter, name in ((c, "dummy"), (d, front)):
            if kind is K.paused:
                await counter.type("pause_auto")
            stand = await street.stand(name, counter)
            await notice(counter, kind)
            shown += [stand, await stand.tell()]
        assert shown[1], "nothing was told"
        alike(*shown)
        street.check()


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("state", FulfilmentState)
async def test_every_state_of_an_order_stands_whole(tmp_path: Path, state: FulfilmentState, front: str):
    await same_answer(tmp_path, front, "order #1", f"UPDATE fulfilments SET state = '{state}' WHERE order_id = 1")


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("mode", ["auto", "human"])
async def test_every_state_of_a_conversation_stands_whole(tmp_path: Path, mode: str, front: str):
    await same_answer(tmp_path, front, "chat c1", f"UPDATE chats SET mode = '{mode}' WHERE id = 1")


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("state", ProductState)
async def test_every_state_of_a_product_stands_whole(tmp_path: Path, state: ProductState, front: str):
    for words in ("item p1", "stock p1"):
        await same_answer(tmp_path / words, front, words, f"UPDATE products SET state = '{state}' WHERE id = 1")


async def same_answer(folder: Path, front: str, words: str, sql: str) -> None:
    async with open_stands() as street, staged(folder / "a") as c, staged(folder / "b") as d:
        for counter in (c, d):
            with closing(sqlite3.connect(counter.store.path, isolation_level=None)) as file:
                file.execute(sql)
        here, there = await street.stand("dummy", c), await street.stand(front, d)
        alike(here, await here.type(words, private=there.alone), there, await there.type(words))
        street.check()


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("text", HOSTILE)
async def test_what_a_hostile_buyer_wrote_is_shown_as_words(tmp_path: Path, text: str, front: str):
    """The same harmless words in every chat: nothing of it is markup, a mention or a sign nobody sees."""
    async with open_stands() as street:
        async with staged(tmp_path / "a", HOSTILE[text]) as c, staged(tmp_path / "b", HOSTILE[text]) as d:
            here, there = await street.stand("dummy", c), await street.stand(front, d)
            wanted, seen = await here.type("chat c1", private=there.alone), await there.type("chat c1")
            alike(here, wanted, there, seen)
            words = "\n".join(one.words for one in seen)
            assert not [sign for sign in "\u202e\u202c\u2066\u200b\ufeff" if sign in words]
            street.check()
