"""The figures at the counter: words and pictures, turned by six buttons; the day's report as a notice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.card import Card, Fronts, units
from bot.charts.chart import Chart
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.moves import answers, chats
from core.moves.apply import apply
from core.moves.daily import Count, count
from core.moves.notices import tell
from core.moves.step import OrderStep
from core.rules.orders import OrderEvent
from core.store import chats as talk
from core.values.ids import ChatNo, UserId
from core.values.market import EventKind, MarketEvent
from core.values.notices import NoticeKind
from core.values.people import ChatKind
from core.values.telling import Way
from tests import living, stockroom
from tests.counter import Counter, DummyFront, open_counter

GROUP = "telegram:-1"
CHIPS = ["今天", "7天", "30天", "💰 销售", "📋 订单", "📦 库存"]
CAPTION = 1024
"""UTF-16 units Telegram takes under a picture."""


@dataclass
class Sketches:
    """Draws nothing, and remembers what it was asked for; `picture` None is a drawing that fails."""

    picture: bytes | None = b"PNG"
    asked: list[Chart] = field(default_factory=list)

    async def draw(self, chart: Chart) -> bytes | None:
        self.asked.append(chart)
        return self.picture


@dataclass
class Room:
    """A counter with a front that shows pictures."""

    counter: Counter
    sketches: Sketches

    async def type(self, words: str) -> Card:
        card = await self.counter.type(words, chat=GROUP)
        assert card is not None
        return card

    async def press(self, label: str) -> Card:
        card = await self.counter.press(label, chat=GROUP)
        assert card is not None
        return card


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_counter(tmp_path) as counter:
        sketches = Sketches()
        counter.front = DummyFront("telegram")
        fronts = Fronts({"telegram": counter.front})
        await counter.engine.rooms.bind(GROUP, ChatKind.group)
        counter.desk = Desk(counter.engine, fronts, TABLE, drawing=sketches)
        counter.notices = Notices(counter.engine, fronts, drawing=sketches)
        await counter.store.write(living.live)
        yield Room(counter, sketches)


async def test_stats_are_words_a_picture_and_six_buttons(room: Room) -> None:
    card = await room.type("统计")
    assert card.picture == b"PNG"
    assert [button.verb for button in card.buttons] == CHIPS
    assert "付款 9 笔" in card.title
    assert room.sketches.asked[0].title.startswith("今天营业额")


async def test_the_buttons_turn_the_same_message_and_keep_the_other_choice(room: Room) -> None:
    await room.type("统计")
    first = room.counter.last.message
    for label, said in (
        ("订单", "付款笔数"),
        ("7天", "付款笔数"),
        ("销售", "营业额"),
        ("30天", "营业额"),
        ("库存", "种"),
    ):
        card = await room.press(label)
        assert room.counter.last.message == first
        assert room.counter.last.again
        assert card.picture == b"PNG"
        assert said in room.sketches.asked[-1].title, label
    assert [len(chart.panels) for chart in room.sketches.asked] == [1, 2, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("图表 订单处理量", "订单处理量"),
        ("chart 发货成功率", "发货成功率"),
        ("统计 30天 响应时间", "响应时间"),
        ("stats errors 7d", "错误率"),
        ("统计 库存 30天", "种"),
    ],
)
async def test_every_figure_has_a_word(room: Room, words: str, title: str) -> None:
    await room.type(words)
    assert title in room.sketches.asked[-1].title


async def test_a_strange_word_is_told_what_there_is(room: Room) -> None:
    card = await room.type("统计 去年")
    assert "去年" in card.plain()
    assert "销售" in card.plain()
    assert not room.sketches.asked


async def test_a_chat_without_pictures_has_the_words_alone(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        sketches = Sketches()
        counter.desk = Desk(counter.engine, Fronts({"dummy": counter.front}), TABLE, drawing=sketches)
        card = await counter.type("统计 7天")
        assert card is not None
        assert card.picture is None
        assert not card.note
        assert not sketches.asked


async def test_a_drawing_that_fails_leaves_the_words_with_one_remark(room: Room) -> None:
    room.sketches.picture = None
    room.counter.later(hours=1)
    card = await room.type("日报")
    assert card.picture is None
    assert "图没画出来" in card.note
    assert "付款 9" in card.plain()


async def test_refunds_asked_and_repaid_and_what_waits_stand_apart(room: Room) -> None:
    assert "申请 1 · 已退 0 笔 ¥ 0.00" in (await room.type("统计")).plain()
    refunded = OrderStep(living.REFUNDING, OrderEvent.refund)
    await room.counter.store.write(lambda tx: apply(tx, stockroom.cause(), stockroom.TERMS, refunded))
    card = await room.type("统计")
    assert "申请 1 · 已退 1 笔 ¥ 50.00" in card.plain()
    assert "问 2：批准 1 · 拒绝 0 · 超时 0 · 在等 1" in card.plain()


async def test_like_is_compared_with_like(room: Room) -> None:
    """Yesterday until noon, not all of yesterday; the seven days before likewise."""

    def yesterday(tx) -> None:
        for hour, paid in ((9, 3), (18, 100)):
            count(tx, stockroom.cause((hour - 12 - 24) * 60), Count.paid, paid)

    await room.counter.store.write(yesterday)
    room.counter.later(hours=1)
    report = await room.counter.engine.stats.day()
    assert (report.hours, report.numbers.paid) == (13, 9)
    assert report.yesterday is not None
    assert report.yesterday.paid == 3
    assert report.eve is not None
    assert report.eve.paid == 103
    assert "付款 9 · 下单 10 · 关闭 1（昨 3 · 均 3）" in (await room.type("日报")).plain()


async def test_asked_for_by_hand_the_report_holds_the_hour_that_runs(room: Room) -> None:
    room.counter.later(minutes=20)
    await room.counter.store.write(lambda tx: count(tx, stockroom.cause(20), Count.paid, 4))
    card = (await room.type("日报")).plain()
    assert "11-21 0:00–12:20" in card
    assert "付款 13" in card


async def test_the_picture_of_today_says_what_its_title_and_caption_say(room: Room) -> None:
    """Also of the hour that runs; yesterday and the mean are taken until its end."""
    room.counter.later(minutes=20)
    await room.counter.store.write(lambda tx: count(tx, stockroom.cause(20), Count.paid, 4))
    card = await room.type("统计")
    chart = room.sketches.asked[-1]
    assert chart.tiles[0].value == "13 笔"
    assert "付款 13 笔" in card.title
    assert "到 13:00" in chart.subtitle


async def test_a_day_that_is_over_is_reported_whole_and_a_day_to_come_refused(room: Room) -> None:
    room.counter.later(days=1)
    card = await room.type("日报 昨天")
    assert "11-21 0:00–24:00" in card.plain()
    assert "付款 9" in card.plain()
    assert "11-21" in (await room.type("daily 2026-11-21")).title
    for words in ("日报 2999-01-01", "日报 2026-02-30", "日报 明天"):
        assert (await room.type(words)).title.startswith("🚫"), words


async def test_the_evenings_notice_brings_words_and_picture_of_its_day(room: Room) -> None:
    day = (await room.counter.engine.stats.day()).day
    cause = stockroom.cause()
    await room.counter.store.write(
        lambda tx: tell(tx, cause, NoticeKind.daily_report, "report", day.toordinal(), once="x")
    )
    waiting = await room.counter.store.people.all("notices.due", now=2**62, most=100)
    notice = next(
        one
        for one in [await room.counter.engine.notices.find(row["id"]) for row in waiting]
        if one.kind is NoticeKind.daily_report
    )
    await room.counter.notices.show(notice.id, Way(chat=GROUP))
    card = room.counter.last.card
    assert card.title.startswith("📊 11-21 日报")
    assert card.picture == b"PNG"
    assert len(room.sketches.asked[-1].panels) == 3
    assert units(card.plain()) < CAPTION
    assert [button.verb for button in card.buttons] == CHIPS


async def test_how_long_a_buyer_waited_is_counted_from_the_first_words(room: Room) -> None:
    def work(tx) -> None:
        for n in (1.0, 1.1):
            said = MarketEvent(
                event=EventKind.chat_text,
                chat_id=ChatNo("c1"),
                buyer_id=UserId("2200000001001"),
                text="嗯",
                pnm_id=f"w{n}",
            )
            chats.hear(tx, stockroom.cause(n), stockroom.TERMS, 1, said, 0)
        chat, due_at = talk.find(tx, 1), stockroom.NOW + timedelta(seconds=72)
        answers.answer(tx, stockroom.cause(1.15), chat, 99, "好", due_at, Count.answers_by_rule, bargained=False)

    before = await room.counter.engine.stats.numbers(1)
    await room.counter.store.write(work)
    numbers = await room.counter.engine.stats.numbers(1)
    assert numbers.answer_wait_ms - before.answer_wait_ms == 12_000
    assert numbers.answers_by_rule - before.answers_by_rule == 1
