"""Pauses and the emergency stop: a person halts automatic work, and who and why stays on record (law 8)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.errors import BadArgument, NotFound
from core.moves import acts, notices
from core.moves.cause import Cause
from core.store import pauses
from core.store.db import Tx
from core.store.rows import ms
from core.values.notices import NoticeKind
from core.values.views import Pause

ALL, PRODUCT, CHAT, ACCOUNT, STOP = "all", "product", "chat", "account", "stop"


def list_active(tx: Tx, cause: Cause) -> tuple[Pause, ...]:
    """What is paused now."""
    return pauses.list_active(tx, cause.now)


def is_stopped(active: Iterable[Pause]) -> bool:
    """Whether the emergency stop is on: nothing at all leaves the engine."""
    return any(pause.scope == STOP for pause in active)


def is_paused(
    active: Iterable[Pause], product_id: int | None = None, chat_id: int | None = None, account_id: int | None = None
) -> bool:
    """Whether automatic work on a product, a conversation, an account, or all of it waits."""
    return any(
        pause.scope in (ALL, STOP)
        or (pause.scope == PRODUCT and product_id is not None and pause.entity_id == product_id)
        or (pause.scope == CHAT and chat_id is not None and pause.entity_id == chat_id)
        or (pause.scope == ACCOUNT and account_id is not None and pause.entity_id == account_id)
        for pause in active
    )


def pause(tx: Tx, cause: Cause, scope: str, entity_id: int | None, until: datetime | None, reason: str = "") -> int:
    """Halt automatic work on everything, a product or a conversation, for a while or until resumed; the pause's id."""
    if scope not in (ALL, PRODUCT, CHAT) or (scope == ALL) != (entity_id is None):
        raise BadArgument("bad_scope", allowed="all, product, chat")
    if until is not None and until <= cause.now:
        raise BadArgument("time_is_past")
    return _begin(tx, cause, "pause", scope, entity_id, until, reason)


def pause_accounts(tx: Tx, cause: Cause, accounts: Sequence[int], until: datetime | None, reason: str = "") -> int:
    """Halt automatic work of some accounts: one act, a pause each; the id of the first."""
    if until is not None and until <= cause.now:
        raise BadArgument("time_is_past")
    first, *others = accounts
    pause_id = _begin(tx, cause, "pause", ACCOUNT, first, until, reason)
    for account_id in others:
        _add(tx, cause, ACCOUNT, account_id, until, reason)
    return pause_id


def resume_accounts(tx: Tx, cause: Cause, accounts: Sequence[int]) -> int:
    """End the pauses of some accounts; how many ended. NotFound when none of them is paused."""
    wanted = [on for on in list_active(tx, cause) if on.scope == ACCOUNT and on.entity_id in accounts]
    if not wanted:
        raise NotFound("no_such_pause")
    return _end(tx, cause, "resume_auto", wanted)


def stop(tx: Tx, cause: Cause) -> int:
    """The emergency stop: nothing leaves the engine until a person resumes. Stopping twice is one stop."""
    for active in list_active(tx, cause):
        if active.scope == STOP:
            return active.id
    return _begin(tx, cause, "stop_all", STOP, None, None, "")


def resume(tx: Tx, cause: Cause, pause_id: int | None) -> int:
    """End one pause, or those of everything; how many ended. What was paused by its own name stays.

    One that covers the same as another ends with it. NotFound when that pause is not on.
    """
    active = list_active(tx, cause)
    meant = {(on.scope, on.entity_id) for on in active if on.id == pause_id} if pause_id else {(ALL, None)}
    wanted = [on for on in active if (on.scope, on.entity_id) in meant and on.scope != STOP]
    if pause_id is not None and not wanted:
        raise NotFound("no_such_pause", pause=pause_id)
    return _end(tx, cause, "resume_auto", wanted) if wanted else 0


def resume_all(tx: Tx, cause: Cause) -> int:
    """End the emergency stop; pauses that were on before it stay."""
    return _end(tx, cause, "resume_all", [on for on in list_active(tx, cause) if on.scope == STOP])


def _end(tx: Tx, cause: Cause, verb: str, wanted: Sequence[Pause]) -> int:
    entity_id = wanted[0].id if len(wanted) == 1 else 0
    acts.record(tx, cause, verb, "pause", entity_id, before=", ".join(on.scope for on in wanted), after="off")
    for on in wanted:
        tx.run("pauses.end", id=on.id, by=_name(cause), now=cause.now_ms)
        notices.redraw(tx, cause, "pause", on.id, cause.now_ms)
    return len(wanted)


def _begin(
    tx: Tx, cause: Cause, verb: str, scope: str, entity_id: int | None, until: datetime | None, reason: str
) -> int:
    pause_id = _add(tx, cause, scope, entity_id, until, reason)
    wanted = f"{scope} {entity_id or ''} until {until.isoformat() if until else 'resumed'}"
    acts.record(tx, cause, verb, "pause", pause_id, after=wanted)
    told = f"{scope} {cause.actor.chat}".strip()
    notices.tell(tx, cause, NoticeKind.paused, "pause", pause_id, version=1, detail=told)
    return pause_id


def _add(tx: Tx, cause: Cause, scope: str, entity_id: int | None, until: datetime | None, reason: str) -> int:
    return tx.insert(
        "pauses.add",
        scope=scope,
        entity_id=entity_id,
        until_at=ms(until),
        by=_name(cause),
        reason=reason,
        now=cause.now_ms,
    )


def _name(cause: Cause) -> str:
    return cause.actor.name or cause.actor.who
