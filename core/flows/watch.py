"""Watch: deadlines that silence must not decide (law 9), reminders, idle takeovers, what is to be swept, the books."""

from datetime import datetime, timedelta
from functools import partial

from core.clock import from_ms, to_ms
from core.errors import IllegalMove
from core.flows.sweep import Sweep
from core.flows.work import Work
from core.moves import approvals
from core.moves.apply import apply, view_version
from core.moves.books import keep_findings
from core.moves.cause import Cause
from core.moves.chats import end_takeover
from core.moves.keeps import expire
from core.moves.notices import redraw, tell
from core.moves.planning import fill_short
from core.moves.reminders import remind_unpaid
from core.moves.step import FulfilmentStep
from core.rules import shipping
from core.rules.fulfilment import FulfilmentEvent
from core.rules.templates import is_night
from core.steps import Steps
from core.store import books
from core.store.approvals import pending_of
from core.store.db import Tx
from core.store.rows import ms
from core.store.templates import is_on
from core.values.fulfilment import ApprovalState
from core.values.notices import NoticeKind
from core.values.templates import TemplateName
from core.values.vitals import LineTrouble

GROUP = 200
REMINDED_WITHIN = timedelta(hours=24)
"""A buyer who did not pay for so long will not."""
SILENT_S = 600
"""An account whose calls find nobody for so long, in seconds, is told of."""


class Watch:
    """Looks for what has come due since the last pass."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.books_checked_at: datetime | None = None
        self._books_at = work.now()
        self._may_be_wrong = True
        """Whether a finding may stand that is to be struck out: one of a run before, or of the last check."""
        self._sweep = Sweep(work)
        self._silent: set[str] = set()
        """Accounts of which the owner was told that nobody answers."""

    async def step(self) -> bool:
        """One pass over everything that waits for a time; a bug in one keeps none of the others waiting (law 12)."""
        looks = (
            self._approvals,
            self._reminders,
            self._takeovers,
            self._keeps,
            self._short,
            self._unpaid,
            self._sweep.step,
            self._lines,
            self._check_books,
        )
        done, errors = list[bool](), list[Exception]()
        for look in looks:
            try:
                done.append(await look())
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return any(done)

    async def _approvals(self) -> bool:
        now_ms = to_ms(self._work.now())
        rows = await self._work.store.flows.all("approvals.due", now=now_ms, most=GROUP)
        for row in rows:
            self._work.steps.reached(Steps.watch_before_deadline)
            order_id, approval_id = row["order_id"], row["id"]
            if row["expires_at"] <= now_ms:
                await self._work.store.write(partial(self._expire, order_id))
            elif row["escalate_at"] <= now_ms:
                await self._nudge(approval_id, order_id, "approvals.set_escalated", NoticeKind.approval_escalated)
            else:
                await self._nudge(approval_id, order_id, "approvals.set_reminded", NoticeKind.approval_reminder)
        return bool(rows)

    async def _nudge(self, approval_id: int, order_id: int, query: str, kind: NoticeKind) -> None:
        cause = self._work.cause()

        def work(tx: Tx) -> None:
            if tx.run(query, id=approval_id, now=cause.now_ms):
                tell(tx, cause, kind, "order", order_id, once=cause.now_ms)

        await self._work.store.write(work)

    def _expire(self, order_id: int, tx: Tx) -> None:
        """Silence holds; it never approves."""
        cause, question = self._work.cause("nobody answered"), pending_of(tx, order_id)
        if question is None or question.expires_at > cause.now:
            return  # answered, or given more time, between the look and the move
        approvals.decide(tx, cause, order_id, ApprovalState.expired)
        step = FulfilmentStep(order_id, FulfilmentEvent.expire, reason="expired")
        try:
            apply(tx, cause, self._work.terms, step)
        except IllegalMove:
            redraw(tx, cause, "order", order_id, view_version(tx, order_id))  # held already, back from a refund
        tell(tx, cause, NoticeKind.approval_expired, "order", order_id, once=cause.now_ms)

    async def _reminders(self) -> bool:
        rows = await self._work.store.flows.all("fulfilments.due_for_reminder", now=to_ms(self._work.now()), most=GROUP)
        for row in rows:
            created_at, remind_at = from_ms(row["created_at"]), row["remind_at"]
            await self._remind(row["order_id"], created_at, row["reminders"] + 1, remind_at)
        return bool(rows)

    async def _remind(self, order_id: int, created_at: datetime, reminders: int, remind_at_ms: int) -> None:
        """Remind once, however many of the hours passed meanwhile; the planned instant is the reminder's own name."""
        cause, plan = self._work.cause(), self._work.config.shipping
        while (following := shipping.next_reminder_at(created_at, reminders, plan)) and following <= cause.now:
            reminders += 1
        urgent = shipping.is_escalation(created_at, cause.now, plan)
        kind = NoticeKind.manual_escalated if urgent else NoticeKind.manual_reminder

        def work(tx: Tx) -> None:
            following_ms, now_ms = ms(following), cause.now_ms
            if tx.run("fulfilments.reminded", id=order_id, reminders=reminders, remind_at=following_ms, now=now_ms):
                tell(tx, cause, kind, "order", order_id, once=remind_at_ms)

        await self._work.store.write(work)

    async def _keeps(self) -> bool:
        """What was kept for long enough goes back on the shelf: a row says when, so that no restart loses it."""
        rows = await self._work.store.flows.all("keeps.due", now=to_ms(self._work.now()), most=GROUP)
        if not rows:
            return False
        self._work.steps.reached(Steps.keep_before_end)
        ended = await self._work.store.write_each([partial(self._end_keep, row["id"]) for row in rows])
        for error in ended:
            if isinstance(error, BaseException):
                raise error  # the others are back; this one is tried again
        return True

    def _end_keep(self, keep_id: int, tx: Tx) -> bool:
        return expire(tx, self._work.cause("nobody came"), self._work.terms, keep_id)

    async def _short(self) -> bool:
        """Units that came back go to the orders that wait for them, in order of payment."""
        rows = await self._work.store.flows.all("fulfilments.short_with_units")
        filled = [await self._work.store.write(partial(self._fill, row["product_id"])) for row in rows]
        return any(filled)

    def _fill(self, product_id: int, tx: Tx) -> int:
        return fill_short(tx, self._work.cause("units came back"), self._work.terms, product_id)

    async def _unpaid(self) -> bool:
        """催付: by day, while the order is neither new nor a day old."""
        now, plan = self._work.now(), self._work.config.reminders
        if is_night(now, self._work.zone, plan.night_from, plan.night_to):
            return False
        span = {"oldest": ms(now - REMINDED_WITHIN), "newest": ms(now - timedelta(minutes=plan.unpaid_minutes))}
        reader, cause = self._work.store.flows, self._work.cause()
        rows = await reader.all("templates.unpaid", **span, most=GROUP)
        on = {shop: await is_on(reader, shop, TemplateName.unpaid) for shop in {row["shop"] for row in rows}}
        due = [row["id"] for row in rows if on[row["shop"]]]
        return any([await self._work.store.write(partial(_remind_unpaid, cause, order_id)) for order_id in due])

    async def _takeovers(self) -> bool:
        rows = await self._work.store.flows.all("chats.takeovers_due", now=to_ms(self._work.now()), most=GROUP)
        for row in rows:
            await self._end_takeover(row["id"], self._work.cause())
        return bool(rows)

    async def _end_takeover(self, chat_id: int, cause: Cause) -> None:
        def work(tx: Tx) -> None:
            if end_takeover(tx, cause, chat_id, idle=True):
                tell(tx, cause, NoticeKind.chat_takeover_ended, "chat", chat_id, once=cause.now_ms)

        await self._work.store.write(work)

    async def _lines(self) -> bool:
        """What is due of an account whose calls rest waits unseen: the owner is told once, while it lasts."""
        since = {account: market.line.rests_since for account, market in self._work.markets.items()}
        long_ago = self._work.now() - timedelta(seconds=SILENT_S)
        silent = {account for account, at in since.items() if at is not None and at <= long_ago}
        told, self._silent = silent - self._silent, silent
        for account in told:
            account_id, cause = self._work.accounts[account], self._work.cause()
            trouble = partial(_tell_silent, cause=cause, account_id=account_id)
            await self._work.store.write(trouble)
        return bool(told)

    async def _check_books(self) -> bool:
        """The standing check of law 7; the first wrong row is named on a card. False: it leaves nothing to be done."""
        now, wait = self._work.now(), timedelta(minutes=self._work.config.watch.check_minutes)
        if now < self._books_at <= now + wait:  # further off: the clock was put back
            return False
        self._books_at = now + wait
        findings = await books.check(self._work.store.flows, self._work.now())
        cause = self._work.cause()
        if findings or self._may_be_wrong:
            await self._work.store.write(lambda tx: keep_findings(tx, cause, findings))
        self._may_be_wrong = bool(findings)
        self.books_checked_at = self._work.now()
        return False

    async def next_at(self) -> datetime | None:
        """When something is next to be watched."""
        row = await self._work.store.flows.one("watch.next_due")
        times = [from_ms(row[0])] if row and row[0] is not None else []
        return min([*times, self._books_at])


def _remind_unpaid(cause: Cause, order_id: int, tx: Tx) -> bool:
    return remind_unpaid(tx, cause, order_id)


def _tell_silent(tx: Tx, cause: Cause, account_id: int) -> None:
    tell(tx, cause, NoticeKind.line_trouble, "account", account_id, once=cause.now_ms, detail=LineTrouble.silent)
