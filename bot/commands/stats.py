"""The shop's numbers, in words and as pictures."""

from datetime import date
from typing import NamedTuple

from bot.cards.card import Draft
from bot.cards.pictures import daily_chart, shelf_chart, today_chart, with_picture
from bot.cards.report import report_card
from bot.cards.spans import span_chart
from bot.cards.stats import SPANS, View, part_card, shelf_card, stats_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Source, choice
from bot.commands.sellers import maybe_part, part_or_choice
from bot.commands.when import read_day
from core.errors import BadArgument
from core.values.people import Role
from core.values.sellers import Part

SPAN_WORDS = {
    "today": "today", "今天": "today", "今日": "today", "7d": "7d", "7天": "7d", "七天": "7d", "week": "7d", "周": "7d",
    "30d": "30d", "30天": "30d", "month": "30d", "月": "30d",
}  # fmt: skip
VIEW_WORDS = {
    "sales": "sales", "销售": "sales", "营业额": "sales", "orders": "orders", "订单": "orders",
    "stock": "stock", "库存": "stock", "processed": "processed", "订单处理量": "processed",
    "success": "success", "发货成功率": "success", "response": "response", "响应时间": "response",
    "errors": "errors", "错误率": "errors",
}  # fmt: skip
_DAYS = {name: days for days, name in SPANS.items()}
WEEK = 7
"""Days of a picture of today's KPI: one column says nothing."""


class Look(NamedTuple):
    """Of how many days, what, and whose."""

    days: int = 1
    view: View = View.sales
    part: Part | None = None


async def read_look(source: Source) -> Look:
    """A span, a view and an account or shop, in any order, each left out or not: today's sales of all."""
    days, view, part = 1, View.sales, None
    while word := source.peek():
        if word in SPAN_WORDS:
            days = _DAYS[SPAN_WORDS[word]]
        elif word in VIEW_WORDS:
            view = View(VIEW_WORDS[word])
        elif part is None:
            part = await part_or_choice(source, {**SPAN_WORDS, **VIEW_WORDS})
            continue
        else:
            await choice({**SPAN_WORDS, **VIEW_WORDS})(source)
        source.take()
    return Look(days, view, part)


async def stats(ask: Ask, look: Look) -> Draft:
    """The figures of today, a week or a month, and the picture of one view of them; of a part the figures alone."""
    days, view, part = look
    engine, pen = ask.engine.stats, ask.pen
    if part is not None:
        return part_card(await engine.numbers_of(part.accounts, days), days, part, pen)
    if view is View.stock:
        shelf = await engine.shelf(days)
        return await with_picture(shelf_card(shelf, days, pen), shelf_chart(shelf, pen), ask.drawing, pen)
    numbers, day = await engine.numbers(days), await engine.so_far()
    draft = stats_card(numbers, days, pen, view, day)
    if days == 1 and view in (View.sales, View.orders):
        chart = today_chart(day, numbers, view, pen)
    else:
        chart = span_chart(await engine.span(max(days, WEEK)), view, pen)
    return await with_picture(draft, chart, ask.drawing, pen)


async def read_past_day(source: Source) -> date | None:
    """A day that has begun: 11-20, 2026-11-20, 昨天."""
    word, today = source.take().text, source.now.astimezone(source.zone).date()
    day = read_day(word, today)
    if day is None or day > today:
        raise BadArgument("no_days", word=word)
    return day


async def daily(ask: Ask, part: Part | None, day: date | None) -> Draft:
    """Today until now; a day that is named as it was told, or as far as it is known. Of a part the whole day."""
    engine = ask.engine.stats
    if part is not None:
        return part_card(await engine.numbers_of(part.accounts, 1, day), 1, part, ask.pen, whole_day=day is not None)
    report = await (engine.told(day) if day is not None else engine.so_far())
    return await with_picture(report_card(report, ask.pen), daily_chart(report, ask.pen), ask.drawing, ask.pen)


ROWS = (
    Command(
        name="stats",
        words=("统计", "chart", "图表"),
        topic="shop",
        role=Role.viewer,
        run=stats,
        arguments=(optional("look", read_look, Look()),),
        in_menu=True,
    ),
    Command(
        name="daily",
        words=("日报",),
        topic="shop",
        role=Role.viewer,
        run=daily,
        arguments=(optional("part", maybe_part), optional("day", read_past_day)),
        in_menu=True,
    ),
)
