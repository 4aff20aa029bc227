"""Whatever chats do, an alert arrives: in one chat, unless the answer of one that showed it was lost."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.values.notices import NoticeKind
from tests.counter import GROUP, DummyFront
from tests.flow.telling import SECOND, THIRD, open_telling

CHATS = (GROUP, SECOND, THIRD)
DOES = st.sampled_from(("down", "back", "lost", "found", "busy", "news", "later"))
SCRIPT = st.lists(st.tuples(DOES, st.sampled_from(CHATS)), max_size=25)


def does(front: DummyFront, chat: str, what: str) -> None:
    if what == "busy":
        front.busy += 2
    elif what in ("down", "lost"):
        getattr(front, what).add(chat)
    elif what == "back":
        front.down.discard(chat)
    elif what == "found":
        front.lost.discard(chat)


async def play(script: list[tuple[str, str]]) -> tuple[int, list[str], int]:
    """Act it out, then let every chat come back: how many were to be told, the titles shown, how many still wait."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_telling(Path(folder), chats=CHATS) as t:
            news = 0
            for what, chat in script:
                does(t.fronts[chat.partition(":")[0]], chat, what)
                if what == "news":
                    news += 1
                    await t.happens(NoticeKind.books_wrong, entity="finding", detail=str(news))
                t.counter.later(seconds=7)
                await t.passes()
            for front in t.fronts.values():
                front.down, front.lost, front.busy = set(), set(), 0
            await t.lives(240, step_s=20)
            return news, [title for name in t.fronts for title in t.titles(name)], await t.waiting()


@settings(max_examples=15, deadline=None)
@given(script=SCRIPT)
def test_an_alert_arrives_whatever_chats_do_and_comes_twice_only_marked_so(script: list[tuple[str, str]]) -> None:
    news, titles, waiting = asyncio.run(play(script))
    assert waiting == 0
    assert len([title for title in titles if "可能重复" not in title]) <= news, "none is shown twice unmarked"
    assert len(titles) >= news, "none is lost"
    if not any(what == "lost" for what, _ in script):
        assert len(titles) == news, "none comes twice for nothing"
