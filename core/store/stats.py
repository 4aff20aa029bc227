"""Roll-ups: whole shop days, the first hours of a day beside those of the days before, and the shelf."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from core.rules.report import find
from core.store import stock
from core.store.db import Reader
from core.store.rows import Row
from core.values.products import Product
from core.values.reports import WHOLE_DAY, Course, DayReport, Shelf, SpanReport
from core.values.views import DayNumbers, StockRow

WEEK = 7
COURSES = ("revenue_fen", "paid")
LOW_SHOWN = 8


async def numbers(reader: Reader, since: date, until: date) -> DayNumbers:
    """The numbers of a span of shop days, both ends included."""
    rows = await reader.all("daily.between", since=since.isoformat(), until=until.isoformat())
    return DayNumbers.model_validate({"since": since, "until": until, **{row["name"]: row["value"] for row in rows}})


async def by_account(reader: Reader, since: date, until: date) -> dict[int, tuple[DayNumbers, ...]]:
    """Each account's shop days of a span, both ends included, oldest first: what is counted by account."""
    rows = await reader.all("daily.each_of_account", since=since.isoformat(), until=until.isoformat())
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    found = {
        account: _by_day(row for row in rows if row["account_id"] == account)
        for account in {row["account_id"] for row in rows}
    }
    return {account: tuple(_numbers(day, each) for day in days) for account, each in found.items()}


async def report_day(reader: Reader, day: date, hours: int) -> DayReport:
    """The first `hours` of a shop day, and the same hours of the week before."""
    first = await _first(reader, "daily.first_hours")
    days = [day - timedelta(days=n) for n in range(WEEK, 0, -1)]
    known = [one for one in days if first is not None and one >= first]
    span = {"since": days[0].isoformat(), "until": day.isoformat()}
    cut = _by_day(await reader.all("daily.until_hour", **span, hours=hours))
    courses = await reader.all("daily.course", **span, names=orjson.dumps(COURSES).decode())
    report = DayReport(
        day=day,
        hours=hours,
        numbers=_numbers(day, cut),
        week=tuple(_numbers(one, cut) for one in known),
        eve=await numbers(reader, known[-1], known[-1]) if known else None,
        courses=tuple(_course(one, courses) for one in [*known, day]),
        waiting=await _count_waiting(reader),
        low=await _list_low(reader),
    )
    return report.model_copy(update={"finding": find(report)})


async def report_span(reader: Reader, until: date, days: int) -> SpanReport:
    """So many shop days up to one, each by itself, and the sum of as many before."""
    since, first = until - timedelta(days=days - 1), await _first(reader, "daily.first")
    rows = await reader.all("daily.each", since=since.isoformat(), until=until.isoformat())
    each, start = _by_day(rows), since - timedelta(days=days)
    return SpanReport(
        days=tuple(_numbers(since + timedelta(days=n), each) for n in range(days)),
        total=await numbers(reader, since, until),
        before=await numbers(reader, start, since - timedelta(days=1)) if first and first <= start else None,
    )


async def shelf(reader: Reader, now: datetime, zone: ZoneInfo, days: int) -> Shelf:
    """What is counted, what runs out first before the rest; `days` shop days of sales, today included."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    sold = await stock.sold_since(reader, today - timedelta(days=days - 1))
    short = await stock.short_waiting(reader)
    products = [product for product in await stock.list_products(reader) if product.counted]
    rows = sorted(products, key=lambda product: _lasts(product, sold.get(product.id, 0), days))
    return Shelf(
        days=days,
        rows=tuple(StockRow(product=one, waiting_short=short.get(one.id, 0)) for one in rows),
        sold=tuple(sold.get(one.id, 0) for one in rows),
    )


def _lasts(product: Product, sold: int, days: int) -> tuple[bool, float, int]:
    """What is low comes first, then what lasts shortest."""
    return product.free > product.low_at, product.free * days / sold if sold else float("inf"), product.free


async def _first(reader: Reader, query: str) -> date | None:
    row = await reader.one(query)
    return date.fromisoformat(row["day"]) if row and row["day"] else None


def _by_day(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["day"]][row["name"]] = row["value"]
    return found


def _numbers(day: date, by_day: dict[str, dict[str, int]]) -> DayNumbers:
    return DayNumbers.model_validate({"since": day, "until": day, **by_day.get(day.isoformat(), {})})


def _course(day: date, rows: Iterable[Row]) -> Course:
    hours = {name: [0] * WHOLE_DAY for name in COURSES}
    for row in rows:
        if row["day"] == day.isoformat():
            hours[row["name"]][row["hour"]] = row["value"]
    return Course.model_validate({"day": day, **hours})


async def _count_waiting(reader: Reader) -> int:
    row = await reader.one("approvals.count_pending")
    return int(row["n"]) if row else 0


async def _list_low(reader: Reader) -> tuple[StockRow, ...]:
    products = [one for one in await stock.list_products(reader) if one.counted and one.free <= one.low_at]
    return tuple(StockRow(product=one) for one in sorted(products, key=lambda one: one.free)[:LOW_SHOWN])
