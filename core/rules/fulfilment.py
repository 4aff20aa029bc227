"""The fulfilment machine (laws.md, "Fulfilment")."""

from collections.abc import Mapping
from enum import StrEnum

from core.rules.machine import Machine
from core.values.fulfilment import FulfilmentState

S = FulfilmentState


class FulfilmentEvent(StrEnum):
    """What happens to the shipping of an order."""

    schedule = "schedule"
    """Units arrived, nothing risky: it goes by itself."""
    ask = "ask"
    """Units arrived, and the owner must approve."""
    hand_over = "hand_over"
    """A person ships it."""
    approve = "approve"
    reject = "reject"
    expire = "expire"
    """The deadline passed in silence: held, never approved."""
    hold = "hold"
    release = "release"
    due = "due"
    """The planned time, or the end of the undo window, has come."""
    succeed = "succeed"
    again = "again"
    fail = "fail"
    doubt = "doubt"
    """A write got no answer and the platform cannot tell."""
    confirm_sent = "confirm_sent"
    resend = "resend"
    give_up = "give_up"
    retry = "retry"
    seen_shipped = "seen_shipped"
    """The platform says shipped."""
    close = "close"
    """The order closed."""


E = FulfilmentEvent

OPEN = frozenset(FulfilmentState) - {S.succeeded, S.cancelled}
"""States in which something is still to be done."""

_BY_PLATFORM: Mapping[E, S] = {E.seen_shipped: S.succeeded, E.close: S.cancelled}

FULFILMENTS: Machine[FulfilmentState, FulfilmentEvent] = Machine(
    name="fulfilment",
    born=frozenset({S.scheduled, S.awaiting_approval, S.manual, S.short}),
    moves={
        S.short: {E.schedule: S.scheduled, E.ask: S.awaiting_approval, E.hand_over: S.manual, **_BY_PLATFORM},
        S.awaiting_approval: {
            E.approve: S.scheduled,
            E.reject: S.held,
            E.expire: S.held,
            E.hold: S.held,
            **_BY_PLATFORM,
        },
        S.held: {E.release: S.scheduled, E.hand_over: S.manual, **_BY_PLATFORM},
        S.scheduled: {E.due: S.executing, E.hold: S.held, E.hand_over: S.manual, **_BY_PLATFORM},
        S.manual: {E.due: S.executing, E.hold: S.held, **_BY_PLATFORM},
        S.executing: {
            E.succeed: S.succeeded,
            E.again: S.scheduled,
            E.fail: S.failed,
            E.doubt: S.unknown,
            **_BY_PLATFORM,
        },
        S.unknown: {E.confirm_sent: S.succeeded, E.resend: S.scheduled, E.give_up: S.cancelled, **_BY_PLATFORM},
        S.failed: {E.retry: S.scheduled, E.hand_over: S.manual, **_BY_PLATFORM},
        S.succeeded: {},
        S.cancelled: {},
    },
)
