"""The dashboard: one a chat, pinned, drawn again at most once a minute and only when the shop is another."""

from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cards.card import BRIEF, Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.errors import Busy
from core.moves.notices import redraw
from core.values.notices import NoticeKind
from core.values.people import ChatKind
from tests import stockroom
from tests.counter import VIEWER, Counter, DummyFront, open_counter, order, risky_order
from tests.flow.people import ROOM
from tests.flow.shop import Day

GROUP = "telegram:-100"
K = NoticeKind


async def in_telegram(c: Counter, front: DummyFront | None = None) -> None:
    """The same counter, in a chat whose messages can be edited."""
    c.front = front or DummyFront("telegram")
    fronts = Fronts(dict.fromkeys(("telegram", "wecom", "dummy"), c.front))
    c.desk, c.notices = Desk(c.engine, fronts, TABLE), Notices(c.engine, fronts)
    await c.engine.rooms.bind(GROUP, ChatKind.group)


async def follow(c: Counter) -> None:
    """What the flow does when the shop is another."""
    cause = stockroom.cause(c.clock.now().timestamp() / 60 - stockroom.NOW.timestamp() / 60)
    await c.store.write(lambda tx: redraw(tx, cause, "board", 1, cause.now_ms))
    await c.tell()


async def test_the_board_stands_pinned_and_shows_the_whole_shop(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await risky_order(c)
        card = await c.type("看板", chat=GROUP)
        assert card is not None
        assert card.title == "📌 看板 · ▶ 运行中 · 待办 1"
        assert "付款 1 · ¥ 300.00" in card.plain()
        assert "🟠 待审批 1" in card.plain()
        assert "小店 在线" in card.plain()
        assert c.front.pins == [(GROUP, c.last.message, True)]


async def test_the_board_follows_the_shop_in_its_own_message(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await c.type("看板", chat=GROUP)
        message = c.last.message
        await order(c)
        await c.type("急停", chat=GROUP)
        c.later(minutes=1)
        await follow(c)
        boards = [shown for shown in c.front.shown if shown.message == message]
        assert boards[-1].again
        assert "急停中" in boards[-1].card.title
        assert "付款 1" in boards[-1].card.plain()


async def test_a_second_board_takes_the_place_of_the_first(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await c.type("看板", chat=GROUP)
        first = c.last.message
        await c.type("看板", chat=GROUP)
        second = c.last.message
        assert c.front.pins[1:] == [(GROUP, first, False), (GROUP, second, True)]
        c.later(minutes=1)
        before = len(c.front.shown)
        await follow(c)
        assert [shown.message for shown in c.front.shown[before:]] == [second]


async def test_a_board_that_is_off_is_let_go_and_follows_no_longer(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await c.type("看板", chat=GROUP)
        message = c.last.message
        await c.type("看板 关", chat=GROUP)
        assert c.front.pins[-1] == (GROUP, message, False)
        c.later(minutes=1)
        before = len(c.front.shown)
        await follow(c)
        assert len(c.front.shown) == before
        again = await c.type("看板 关", chat=GROUP)
        assert again is not None
        assert "没有看板" in again.title


async def test_the_board_survives_a_restart(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await c.type("看板", chat=GROUP)
        message = c.last.message
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        c.later(minutes=2)
        await follow(c)
        assert [(shown.message, shown.again) for shown in c.front.shown] == [(message, True)]


async def test_where_messages_cannot_be_edited_the_board_is_shown_once(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        await c.engine.rooms.bind("wecom:wr1", ChatKind.group)
        card = await c.type("看板", chat="wecom:wr1")
        assert card is not None
        assert "再打一次" in card.note
        assert c.front.pins == []
        assert await c.store.people.one("board.standing") is None


class Unpinnable(DummyFront):
    """A front that is too busy to pin."""

    async def pin(self, chat: str, message: str, *, on: bool) -> None:
        raise Busy("too_fast", retry_after_s=5.0)


async def test_a_chat_that_does_not_take_the_pin_has_its_board(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c, Unpinnable("telegram"))
        await c.type("看板", chat=GROUP)
        assert len(c.front.shown) == 1, "shown once, however often the pin is refused"
        assert await c.store.people.one("board.standing") is not None


async def test_a_viewer_pins_nothing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await in_telegram(c)
        card = await c.type("看板", VIEWER, chat=GROUP)
        assert card is not None
        assert "身份" in card.title
        assert c.front.pins == []


def edits(day: Day) -> int:
    return len([notice for notice in day.owner.told("redraw") if notice.entity == "board"])


async def test_it_is_drawn_again_once_a_minute_and_only_after_a_change(day: Day) -> None:
    buyer, item = await day.buyer(), await day.card()
    await day.engine.notices.keep_copy(ROOM, "m1", BRIEF, "board", 1, 1)
    here = day.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    await day.later(hours=24 - here.hour)  # a day that ends meanwhile would be a change
    await day.until(lambda: edits(day) == 1, "the board's first look")
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.quiet()
    assert edits(day) == 1, "much happened within the minute, and nothing is drawn yet"
    await day.later(hours=2)
    await day.until(lambda: edits(day) == 2, "the board after the minute")
    await day.later(hours=2)
    await day.quiet()
    assert edits(day) == 2, "nothing changed"
    priority = await day.one("SELECT min(priority) FROM notices WHERE entity = 'board'")
    others = await day.one("SELECT max(priority) FROM notices WHERE kind != 'redraw'")
    assert priority > others, "its edits come last"


async def test_without_a_board_nothing_is_read_or_drawn(day: Day) -> None:
    await day.later(hours=2)
    await day.quiet()
    assert edits(day) == 0
    assert day.shop.board._shown is None
