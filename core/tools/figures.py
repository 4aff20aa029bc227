"""`zhanggui chart`: the figures of the file, read beside a running shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.rules.report import hours_begun, hours_over
from core.store import reports, stats
from core.store.db import Reader, open_reader
from core.values.reports import DayReport, Shelf, SpanReport
from core.values.views import DayNumbers


class Figures:
    """The shop's numbers as the file has them at an instant (shop time, aware)."""

    def __init__(self, reader: Reader, here: datetime, zone: ZoneInfo) -> None:
        self._reader = reader
        self._here = here
        self._zone = zone

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return self._here.date()

    async def numbers(self) -> DayNumbers:
        """Today so far."""
        return await stats.numbers(self._reader, self.today, self.today)

    async def told(self, day: date) -> DayReport:
        """The report of a day as it was told; what is known of it when none was."""
        hours = await reports.hours_told(self._reader, day)
        return await stats.report_day(self._reader, day, hours_over(day, self._here) if hours is None else hours)

    async def so_far(self) -> DayReport:
        """Today until now, beside the days before until the end of the hour that runs."""
        return await stats.report_day(self._reader, self.today, hours_begun(self._here))

    async def span(self, days: int) -> SpanReport:
        """The last shop days, today included."""
        return await stats.report_span(self._reader, self.today, days)

    async def shelf(self, days: int) -> Shelf:
        """What is in stock, with the sales of the last shop days."""
        return await stats.shelf(self._reader, self._here, self._zone, days)


@asynccontextmanager
async def open_figures(data_dir: Path, zone: ZoneInfo, clock: Clock) -> AsyncIterator[Figures]:
    """The figures of a data folder now; BadConfig when there is no shop, or one of another schema."""
    async with open_reader(data_dir) as reader:
        yield Figures(reader, clock.now().astimezone(zone), zone)
