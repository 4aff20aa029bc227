"""The shop's numbers at an instant, read from the roll-ups alone: by the running shop, and by the host beside it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.rules.report import added, hours_begun, hours_over
from core.store import reports, stats
from core.store.accounts import list_sellers
from core.store.db import Reader
from core.values.ids import AccountId
from core.values.reports import DayReport, PartDay, Shelf, SpanReport
from core.values.views import DayNumbers


class Figures:
    """Numbers of shop days and their hours; `now` says which instant counts (aware)."""

    def __init__(self, reader: Reader, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._reader = reader
        self._now = now
        self._zone = zone

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return self._here.date()

    @property
    def _here(self) -> datetime:
        return self._now().astimezone(self._zone)

    async def numbers(self, days: int = 1) -> DayNumbers:
        """The last `days` shop days, today included (1 = today)."""
        return await stats.numbers(self._reader, self.today - timedelta(days=max(1, days) - 1), self.today)

    async def day(self, day: date | None = None, hours: int | None = None) -> DayReport:
        """A shop day beside the week before; today when none is named.

        Without `hours` a day that is over is taken whole, and of today the hours that are over.
        """
        wanted = day or self.today
        until = hours_over(wanted, self._here) if hours is None else hours
        report = await stats.report_day(self._reader, wanted, until)
        return report.model_copy(update={"parts": await self._parts(wanted)})

    async def _parts(self, day: date) -> tuple[PartDay, ...]:
        sellers = await list_sellers(self._reader)
        if not sellers.are_several:
            return ()
        parts = sellers.parts[len(sellers.rows) :] or sellers.accounts
        found = [await self.numbers_of(part.accounts, 1, day) for part in parts]
        return tuple(PartDay(name=part.name, numbers=n) for part, n in zip(parts, found, strict=True))

    async def so_far(self) -> DayReport:
        """Today until now, beside the days before until the end of the hour that runs."""
        return await self.day(hours=hours_begun(self._here))

    async def told(self, day: date) -> DayReport:
        """The report of a day as it was told, or as `day` gives it when none was."""
        return await self.day(day, await reports.hours_told(self._reader, day))

    async def span(self, days: int) -> SpanReport:
        """The last `days` shop days, each by itself, today included."""
        return await stats.report_span(self._reader, self.today, days)

    async def numbers_of(self, accounts: Sequence[AccountId], days: int, until: date | None = None) -> DayNumbers:
        """The last `days` shop days of some accounts: orders, money, shipments, refunds, messages."""
        last = until or self.today
        since = last - timedelta(days=max(1, days) - 1)
        found = await stats.by_account(self._reader, since, last)
        return added(since, last, [day for one in accounts for day in found.get(one, ())])

    async def shelf(self, days: int) -> Shelf:
        """What is in stock, with what was sold in the last `days` shop days."""
        return await stats.shelf(self._reader, self._now(), self._zone, days)
