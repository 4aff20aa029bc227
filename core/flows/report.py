"""Report: once a day the owner is told how the day was.

A row holds when the alarm is next due, and another the days that were told: a restart, a second one, a clock that
jumps or an hour that comes twice tells no day again. After a time away the newest day that was missed is told, alone.
"""

from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from core.clock import to_ms
from core.flows.work import Work
from core.moves.notices import tell
from core.rules.report import covers
from core.steps import Steps
from core.store import reports
from core.store.db import Tx
from core.store.reports import Alarm
from core.values.notices import NoticeKind

LOOK_BACK = timedelta(hours=50)
"""Two days of 25 hours: one of their evenings is the newest."""


class Report:
    """Tells the day when its evening has come."""

    def __init__(self, work: Work) -> None:
        self._work = work
        hour, minute = work.config.report.at.split(":")
        self._evening = CronTrigger(hour=hour, minute=minute, timezone=work.zone)

    async def step(self) -> bool:
        """Set the alarm, and tell the newest evening since it was first set, if nobody told it before."""
        alarm, now = await reports.find_alarm(self._work.store.flows), self._work.now()
        if not self._work.config.report.on:
            return await self._turn_off(alarm)
        newest, due_at = self._around(now)
        if alarm is not None and alarm.due_at == due_at:
            return False
        if alarm is None or newest <= alarm.since_at:
            await self._work.store.write(lambda tx: reports.set_alarm(tx, Alarm(now, due_at)))
            return True
        self._work.steps.reached(Steps.report_due)
        await self._work.store.write(lambda tx: self._tell(tx, newest, Alarm(now, due_at)))
        self._work.steps.reached(Steps.report_planned)
        return True

    async def _turn_off(self, alarm: Alarm | None) -> bool:
        if alarm is not None:
            await self._work.store.write(reports.drop_alarm)
        return False

    def _tell(self, tx: Tx, evening: datetime, alarm: Alarm) -> None:
        """The alarm moves on and the day is told, in one transaction."""
        cause, zone = self._work.cause(), self._work.zone
        reports.set_alarm(tx, alarm)
        day, hours = covers(evening.astimezone(zone), cause.now.astimezone(zone))
        if reports.add(tx, day, hours, to_ms(cause.now)):
            tell(tx, cause, NoticeKind.daily_report, "report", day.toordinal(), once=day.isoformat())

    def _first_from(self, at: datetime) -> datetime:
        """The first evening that is not before an instant, aware UTC."""
        found: datetime = self._evening.get_next_fire_time(None, at)
        return found.astimezone(UTC)

    def _around(self, now: datetime) -> tuple[datetime, datetime]:
        """The newest evening that has come, and the one after it.

        Both by one walk: asked from an instant in the night the clocks change, the trigger skips an evening it names
        when it is asked from before.
        """
        newest = following = self._first_from(now - LOOK_BACK)
        while following <= now:
            newest, following = following, self._first_from(following + timedelta(minutes=1))
        return newest, following

    async def next_at(self) -> datetime | None:
        """When the alarm is due."""
        alarm = await reports.find_alarm(self._work.store.flows) if self._work.config.report.on else None
        return alarm.due_at if alarm else None
