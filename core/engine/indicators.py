"""The five figures a shop is judged by (KPI-001 to KPI-005)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from core.engine.context import Shop
from core.moves.indicators import AUTO_FAILED, CALL, LATE
from core.rules.indicators import judge, p95, share
from core.rules.report import added
from core.store import indicators, stats
from core.values.indicators import CallTime, Indicator, IndicatorName, Indicators
from core.values.views import DayNumbers

SOON = timedelta(minutes=5)
"""A notice shown later than this has not done its work."""
N = IndicatorName


class Measured:
    """Figures of the last shop days, today included."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._reader = shop.store.people

    async def show(self, days: int = 1, accounts: Sequence[int] | None = None) -> Indicators:
        """Every figure of the last `days` shop days (1 = today) with its target and grade.

        Of some accounts only what is theirs: that the owner was told and that the shop was there are the whole shop's.
        """
        until = self._shop.now().astimezone(self._shop.zone).date()
        since = until - timedelta(days=max(1, days) - 1)
        buckets = await indicators.durations(self._reader, since, until, accounts)
        calls = _calls(buckets)
        late = buckets.get(LATE, {})
        shared = (await self._notices(since, until), await self._availability(since, until))
        failed = sum(buckets.get(AUTO_FAILED, {}).values())
        rows = (
            _auto_ship((await self._numbers(since, until, accounts)).shipped_auto, failed),
            judge(N.handling, p95(late), sum(late.values())),
            *(shared if accounts is None else ()),
            judge(N.api, calls[0].p95_ms if calls else None, sum(call.n for call in calls)),
        )
        return Indicators(since=since, until=until, rows=rows, calls=calls)

    async def _numbers(self, since: date, until: date, accounts: Sequence[int] | None) -> DayNumbers:
        if accounts is None:
            return await stats.numbers(self._reader, since, until)
        found = await stats.by_account(self._reader, since, until)
        return added(since, until, [day for one in accounts for day in found.get(one, ())])

    async def _notices(self, since: date, until: date) -> Indicator:
        """What waits for too long now counts as not told, whatever becomes of it."""
        zone = self._shop.zone
        begin = datetime.combine(since, time(), zone)
        end = datetime.combine(until + timedelta(days=1), time(), zone)
        done, soon = await indicators.told(self._reader, begin, end, round(SOON.total_seconds() * 1000))
        total = done + await indicators.untold(self._reader, self._shop.now() - SOON)
        return judge(N.notices, share(soon, total), total)

    async def _availability(self, since: date, until: date) -> Indicator:
        up_ms, down_ms = await indicators.presence(self._reader, since, until)
        return judge(N.availability, share(up_ms, up_ms + down_ms), round((up_ms + down_ms) / 1000))


def _auto_ship(shipped: int, failed: int) -> Indicator:
    return judge(N.auto_ship, share(shipped, shipped + failed), shipped + failed)


def _calls(buckets: dict[str, dict[int, int]]) -> tuple[CallTime, ...]:
    """Each call of the marketplace, slowest first."""
    found = [
        CallTime(name=name.removeprefix(CALL), p95_ms=p95(counts) or 0, n=sum(counts.values()))
        for name, counts in buckets.items()
        if name.startswith(CALL)
    ]
    return tuple(sorted(found, key=lambda call: -call.p95_ms))
