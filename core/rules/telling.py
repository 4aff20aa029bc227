"""How loudly a notice is told, and in what order: what must never be missed may be silent, never off (laws 9, 10)."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from core.values import Value
from core.values.notices import NoticeKind, Urgency
from core.values.telling import Event, Level

K = NoticeKind

URGENT = frozenset(
    {
        K.order_risky,
        K.order_short,
        K.order_failed,
        K.order_unknown,
        K.order_conflict,
        K.approval_escalated,
        K.manual_escalated,
        K.login_expired,
        K.login_code,
        K.challenged,
        K.books_wrong,
        K.front_trouble,
        K.stock_out,
        K.answer_unknown,
    }
)
QUIET = frozenset({K.order_shipped, K.chat_takeover_ended, K.redraw, K.ready})
"""Kinds that make no sound unless the owner asks for it."""
ALSO_PRIVATE = frozenset({K.order_risky, K.approval_escalated, K.manual_escalated})
"""Kinds that also stand in every owner's private chat (law 9: silence is escalated)."""

EVENTS: dict[NoticeKind, Event] = {
    **dict.fromkeys((K.order_risky, K.approval_reminder, K.approval_escalated, K.approval_expired), Event.approvals),
    **dict.fromkeys((K.stock_low, K.stock_out, K.order_short), Event.stock),
    **dict.fromkeys((K.login_expired, K.login_code, K.challenged, K.model_down), Event.system),
    **dict.fromkeys((K.books_wrong, K.quarantined, K.front_trouble, K.paused, K.ready, K.redraw), Event.system),
    K.daily_report: Event.report,
}
"""Kinds whose name does not say their event."""
BY_NAME = (("chat_", Event.buyers), ("answer_", Event.buyers), ("guard_", Event.buyers))

NEVER_OFF = frozenset(
    {
        K.order_risky,
        K.approval_reminder,
        K.approval_escalated,
        K.approval_expired,
        K.manual_escalated,
        K.order_unknown,
        K.order_conflict,
        K.answer_unknown,
        K.books_wrong,
        K.front_trouble,
        K.login_expired,
        K.login_code,
        K.challenged,
    }
)
"""What waits for a person and nobody else can settle: shown, silently if the owner wants it so."""
MONEY = frozenset(
    {
        K.order_risky,
        K.approval_reminder,
        K.approval_escalated,
        K.approval_expired,
        K.manual_escalated,
        K.order_failed,
        K.order_unknown,
        K.order_conflict,
        K.order_refunding,
        K.order_back_from_refund,
        K.books_wrong,
    }
)
"""Money and goods are at stake: heard also in quiet hours."""
STOP = "stop"
"""How the detail of a pause begins that is the emergency stop: heard also in quiet hours."""


class QuietHours(Value):
    """Minutes of the shop's day; a span may go over midnight."""

    from_minute: int
    to_minute: int

    def holds(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet now; a span from a minute to the same minute is the whole day."""
        here = now.astimezone(zone)
        minute = here.hour * 60 + here.minute
        if self.from_minute < self.to_minute:
            return self.from_minute <= minute < self.to_minute
        return minute >= self.from_minute or minute < self.to_minute


def event_of(kind: NoticeKind) -> Event:
    """What a kind is about."""
    named = next((event for name, event in BY_NAME if kind.startswith(name)), Event.orders)
    return EVENTS.get(kind, named)


def urgency_of(kind: NoticeKind) -> Urgency:
    """How loudly a kind is told by itself."""
    if kind in URGENT:
        return Urgency.urgent
    return Urgency.quiet if kind in QUIET else Urgency.normal


def priority_of(kind: NoticeKind) -> int:
    """Its rank among those that wait, first to last: what must be decided, alerts, the rest, digests, redraws."""
    if kind is K.redraw:
        return 5
    if event_of(kind) is Event.approvals or kind in URGENT:
        return 1
    return 3 if kind in QUIET else 2


def level_of(kind: NoticeKind, chosen: Mapping[str, Level]) -> Level:
    """How loudly a kind is told by the owner's choices: its own first, else that of its event."""
    natural = Level.silent if kind in QUIET else Level.on
    own = chosen.get(kind.value)
    whole = chosen.get(event_of(kind).value, natural)
    level = own or (natural if whole is Level.on else whole)
    return Level.silent if level is Level.off and kind in NEVER_OFF else level


def may_be_off(word: str) -> bool:
    """Whether an event or a kind may be turned off: not when all of it waits for a person."""
    if word in set(Event):
        return any(kind not in NEVER_OFF for kind in kinds_of(Event(word)))
    return NoticeKind(word) not in NEVER_OFF


def kinds_of(event: Event) -> tuple[NoticeKind, ...]:
    """The kinds an event has."""
    return tuple(kind for kind in K if kind is not K.redraw and event_of(kind) is event)


def is_heard(kind: NoticeKind, detail: str) -> bool:
    """Whether a notice makes its sound in quiet hours too."""
    return kind in MONEY or (kind is K.paused and detail.startswith(STOP))
