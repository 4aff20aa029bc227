"""How the shop did."""

from datetime import date, timedelta

from core.engine.context import Shop
from core.rules.report import hours_begun, hours_over
from core.store import reports, stats
from core.values.reports import DayReport, Shelf, SpanReport
from core.values.views import DayNumbers


class Stats:
    """Numbers of shop days and their hours, read from the roll-ups alone."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return self._shop.now().astimezone(self._shop.zone).date()

    async def numbers(self, days: int) -> DayNumbers:
        """The last `days` shop days, today included (1 = today)."""
        return await stats.numbers(self._shop.store.people, self.today - timedelta(days=max(1, days) - 1), self.today)

    async def day(self, day: date | None = None, hours: int | None = None) -> DayReport:
        """A shop day beside the week before; today when none is named.

        Without `hours` a day that is over is taken whole, and of today the hours that are over.
        """
        here = self._shop.now().astimezone(self._shop.zone)
        wanted = day or here.date()
        return await stats.report_day(
            self._shop.store.people, wanted, hours_over(wanted, here) if hours is None else hours
        )

    async def so_far(self) -> DayReport:
        """Today until now, beside the days before until the end of the hour that runs."""
        return await self.day(hours=hours_begun(self._shop.now().astimezone(self._shop.zone)))

    async def told(self, day: date) -> DayReport:
        """The report of a day as it was told, or as `day` gives it when none was."""
        return await self.day(day, await reports.hours_told(self._shop.store.people, day))

    async def span(self, days: int) -> SpanReport:
        """The last `days` shop days, each by itself, today included."""
        return await stats.report_span(self._shop.store.people, self.today, days)

    async def shelf(self, days: int) -> Shelf:
        """What is in stock, with what was sold in the last `days` shop days."""
        return await stats.shelf(self._shop.store.people, self._shop.now(), self._shop.zone, days)
