"""How loudly a notice is told, and in what order: what must never be missed may be silent, never off (laws 9, 10)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from core.values.notices import NoticeKind, Urgency
from core.values.telling import Event, Level, Mute, QuietHours

K = NoticeKind

URGENT = frozenset(
    {
        K.order_risky,
        K.order_short,
        K.order_failed,
        K.order_unknown,
        K.order_conflict,
        K.order_nameless,
        K.order_unread,
        K.approval_escalated,
        K.manual_escalated,
        K.login_expired,
        K.login_code,
        K.challenged,
        K.line_trouble,
        K.books_wrong,
        K.front_trouble,
        K.stock_out,
        K.answer_unknown,
        K.refusal_unknown,
        K.restored,
    }
)
QUIET = frozenset(
    {K.items_off, K.order_shipped, K.chat_takeover_ended, K.keep_expired, K.said, K.redraw, K.ready, K.goodbye}
)
"""Kinds that make no sound unless the owner asks for it."""
ALSO_PRIVATE = frozenset({K.order_risky, K.approval_escalated, K.manual_escalated})
"""Kinds that also stand in every owner's private chat (law 9: silence is escalated)."""

EVENTS: dict[NoticeKind, Event] = {
    **dict.fromkeys((K.order_risky, K.approval_reminder, K.approval_escalated, K.approval_expired), Event.approvals),
    **dict.fromkeys((K.stock_low, K.stock_out, K.order_short, K.waybills_low, K.keep_expired, K.key_gone), Event.stock),
    **dict.fromkeys((K.items_new, K.items_off, K.price_below_floor), Event.stock),
    **dict.fromkeys((K.login_expired, K.login_ending, K.login_code, K.challenged), Event.system),
    **dict.fromkeys((K.line_trouble, K.model_down), Event.system),
    **dict.fromkeys((K.books_wrong, K.quarantined, K.front_trouble, K.paused, K.restored), Event.system),
    **dict.fromkeys((K.config_changed, K.config_wrong, K.ready, K.goodbye, K.backup_failed), Event.system),
    **dict.fromkeys((K.flood, K.mute_over, K.sample, K.redraw), Event.system),
    K.said: Event.buyers,
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
        K.order_nameless,
        K.order_unread,
        K.answer_unknown,
        K.refusal_failed,
        K.refusal_unknown,
        K.books_wrong,
        K.front_trouble,
        K.login_expired,
        K.login_ending,
        K.login_code,
        K.challenged,
        K.line_trouble,
        K.restored,
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
        K.order_nameless,
        K.order_unread,
        K.order_refunding,
        K.order_back_from_refund,
        K.refusal_done,
        K.refusal_failed,
        K.refusal_unknown,
        K.books_wrong,
        K.restored,
    }
)
"""Money and goods are at stake: heard also in quiet hours."""
OWN_WAY = frozenset({K.flood, K.mute_over, K.sample, K.said, K.redraw})
"""What speaks of other notices, or of nothing but itself: never muted, folded or turned off."""
STOP = "stop"
"""How the detail of a pause begins that is the emergency stop: heard also in quiet hours."""


def is_quiet(hours: QuietHours | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is quiet now; a span from a minute to the same minute is the whole day."""
    if hours is None:
        return False
    here = now.astimezone(zone)
    minute = here.hour * 60 + here.minute
    if hours.from_minute < hours.to_minute:
        return hours.from_minute <= minute < hours.to_minute
    return minute >= hours.from_minute or minute < hours.to_minute


def event_of(kind: NoticeKind, detail: str = "") -> Event:
    """What a notice is about; of digests and samples the detail says it."""
    if kind is K.sample and detail in set(Event):
        return Event(detail)
    if kind is K.flood and detail in set(K):
        return event_of(NoticeKind(detail))
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
    if kind in (K.flood, K.mute_over):
        return 4
    if event_of(kind) is Event.approvals or kind in URGENT:
        return 1
    return 3 if kind in QUIET else 2


def natural_level(kind: NoticeKind) -> Level:
    """How loudly a kind is told when nobody chose."""
    return Level.silent if kind in QUIET else Level.on


def level_of(kind: NoticeKind, chosen: Mapping[str, Level]) -> Level:
    """How loudly a kind is told by the owner's choices: its own first, else that of its event."""
    natural = natural_level(kind)
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
    """The kinds an event has whose loudness can be chosen."""
    return tuple(kind for kind in K if kind not in OWN_WAY and event_of(kind) is event)


def can_fold(kind: NoticeKind) -> bool:
    """Whether many of a kind may become one digest: not what a person must decide one by one."""
    return kind not in NEVER_OFF and kind not in OWN_WAY


def covers(mute: Mute, kind: NoticeKind, things: Mapping[str, Collection[int]]) -> bool:
    """Whether a mute is for a notice about these things (order, product, chat → ids)."""
    if kind in OWN_WAY:
        return False
    if mute.scope == "event":
        return event_of(kind).value == mute.word
    if mute.scope == "kind":
        return kind.value == mute.word
    return mute.entity_id in things.get(mute.scope, ())


def is_heard(kind: NoticeKind, detail: str) -> bool:
    """Whether a notice makes its sound in quiet hours too."""
    return kind in MONEY or (kind is K.paused and detail.startswith(STOP))
