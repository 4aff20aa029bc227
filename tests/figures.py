"""Days made up for pictures and cards: an ordinary one, a first one, a large one, a bad one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards.pen import Pen
from bot.texts import load
from core.rules.report import find
from core.values.ids import ProductId
from core.values.products import Product
from core.values.reports import WHOLE_DAY, Course, DayReport, Shelf, SpanReport
from core.values.views import DayNumbers, StockRow

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 1, 3, 1, 1, 2, 1, 2, 2, 3, 4, 3, 1, 0)
"""Payments of an ordinary day by hour."""


def pen(locale: str = "zh") -> Pen:
    return Pen(load(locale), ZoneInfo("Asia/Shanghai"), NOW)


def numbers(day: date, paid: int, price_fen: int = 3990, **more: int) -> DayNumbers:
    """A day on which everything that was paid was shipped, but for what `more` says."""
    facts = {
        "orders": paid + paid // 5,
        "paid": paid,
        "revenue_fen": paid * price_fen,
        "cancelled": paid // 8,
        "shipped_auto": paid - paid // 6,
        "shipped_by_hand": paid // 6,
        "late_0_1_min": paid,
        "messages": paid * 3,
        "answers_by_rule": paid,
        "answers_by_model": paid * 2,
        "answer_wait_ms": paid * 3 * 5200,
    }
    return DayNumbers.model_validate({"since": day, "until": day, **facts, **more})


def course(day: date, times: float, hours: int = WHOLE_DAY) -> Course:
    paid = tuple(round(n * times) if h < hours else 0 for h, n in enumerate(HOURS))
    return Course(day=day, paid=paid, revenue_fen=tuple(n * 3990 for n in paid))


def day_report(times: float = 1.2, week: int = 7, hours: int = 21, **more: int) -> DayReport:
    """A day `times` as busy as an ordinary one, after so many days."""
    days = [DAY - timedelta(days=n) for n in range(week, 0, -1)]
    courses = [course(one, 0.8 + n % 3 * 0.1) for n, one in enumerate(days)]
    today = course(DAY, times, hours)
    report = DayReport(
        day=DAY,
        hours=hours,
        numbers=numbers(DAY, sum(today.paid[:hours]), **more),
        week=tuple(numbers(one.day, sum(one.paid[:hours])) for one in courses),
        eve=numbers(days[-1], sum(courses[-1].paid)) if courses else None,
        courses=(*courses, today),
        waiting=1,
        low=tuple(row for row in shelf().rows if row.product.free <= row.product.low_at),
    )
    return report.model_copy(update={"finding": find(report)})


def span_report(days: int, times: float = 1.0) -> SpanReport:
    each = [numbers(DAY - timedelta(days=n), round((18 + n * 7 % 11) * times)) for n in range(days - 1, -1, -1)]
    total = sum(one.paid for one in each)
    return SpanReport(days=tuple(each), total=numbers(DAY, total), before=numbers(DAY, round(total * 0.9)))


GOODS = (
    ("视频会员月卡", 0, 31),
    ("游戏点券 300 元（门骨直角复）", 3, 12),
    ("加油卡 100 元", 40, 9),
    ("手机壳", 120, 0),
)


def product(n: int, title: str, free: int) -> Product:
    return Product(id=ProductId(n), title=title, counted=True, free=free, created_at=NOW, updated_at=NOW)


def shelf(goods: tuple[tuple[str, int, int], ...] = GOODS, days: int = 7) -> Shelf:
    rows = tuple(StockRow(product=product(n, title, free)) for n, (title, free, _) in enumerate(goods, start=1))
    return Shelf(days=days, rows=rows, sold=tuple(sold for *_, sold in goods))
