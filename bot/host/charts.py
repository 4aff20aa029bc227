"""chart: a picture of the figures, drawn on the host."""

import argparse
import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands, add_config, read_config
from core.errors import BadConfig

if TYPE_CHECKING:
    from bot.cards.pen import Pen
    from bot.charts.chart import Chart
    from core.config import Config
    from core.tools.figures import Figures

KINDS = ("daily", "sales", "orders", "stock")
LONGEST_DAYS = 31
PATIENCE_S = 60.0
"""Nobody waits in a chat: a slow machine may take its time."""


def add(commands: Commands) -> None:
    """Add the verb."""
    chart = commands.add_parser(
        "chart",
        help="draw the day's report or a figure, also while the shop runs",
        description="A PNG of 1280 × 720, as the owner's chat has it.",
    )
    chart.add_argument("kind", choices=KINDS)
    chart.add_argument(
        "--days", type=_days, default=None, metavar="N", help=f"1 to {LONGEST_DAYS} shop days up to today"
    )
    chart.add_argument("--date", type=_day, default=None, metavar="D", help="the report's day: 2026-11-21")
    chart.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the PNG goes")
    add_config(chart)
    chart.set_defaults(run=_chart)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS):
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 1 to {LONGEST_DAYS} is wanted")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: a day of the calendar is wanted, as 2026-11-21") from error


def _chart(args: argparse.Namespace) -> int:
    if args.date if args.kind != "daily" else args.days:
        raise BadConfig("--date is of daily alone, --days of the others")
    config = read_config(args)
    picture = asyncio.run(_draw(args, config))
    if picture is None:
        print("zhanggui chart: it could not be drawn; the line above says why", file=sys.stderr)
        return WRONG
    args.out.write_bytes(picture)
    print(f"{args.out}: {len(picture)} bytes")
    return OK


async def _draw(args: argparse.Namespace, config: "Config") -> bytes | None:
    from zoneinfo import ZoneInfo

    from bot.cards.pen import Pen
    from bot.charts.drawing import FONTS, Workers
    from bot.texts import load
    from core.clock import SystemClock
    from core.tools.figures import open_figures

    zone, clock = ZoneInfo(config.shop.timezone), SystemClock(config.clock.speed, config.clock.since)
    async with open_figures(config.shop.data_dir, zone, clock) as figures:
        pen = Pen(load(config.shop.locale), zone, clock.now())
        chart = await _read(args, figures, pen)
    return await Workers(config.shop.data_dir / FONTS, deadline_s=PATIENCE_S).draw(chart)


async def _read(args: argparse.Namespace, figures: "Figures", pen: "Pen") -> "Chart":
    from bot.cards.pictures import daily_chart, shelf_chart, today_chart
    from bot.cards.spans import span_chart
    from bot.cards.stats import View

    if args.kind == "daily":
        if args.date and args.date > figures.today:
            raise BadConfig(f"{args.date} is still to come")
        return daily_chart(await (figures.told(args.date) if args.date else figures.so_far()), pen)
    if args.kind == "stock":
        return shelf_chart(await figures.shelf(args.days or 7), pen)
    view, days = View(args.kind), args.days or 1
    if days == 1:
        return today_chart(await figures.so_far(), await figures.numbers(), view, pen)
    return span_chart(await figures.span(days), view, pen)
