"""How the owner wants to be told: each choice recorded; and what is counted instead of shown, never lost (law 10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.clock import to_ms
from core.errors import BadArgument, NotFound, Refused
from core.moves import acts
from core.moves.cause import Cause
from core.moves.notices import tell
from core.rules.telling import may_be_off
from core.store import telling
from core.store.db import Tx
from core.store.rows import ms
from core.values.notices import NoticeKind
from core.values.telling import Level, Mute, QuietHours, Route

GATHER_S = 60
"""A digest of a flood gathers for so long, in seconds, before it is shown."""


def set_level(tx: Tx, cause: Cause, word: str, level: Level) -> None:
    """How loudly an event or a kind is told; Refused("never_off") for what must not be missed."""
    if level is Level.off and not may_be_off(word):
        raise Refused("never_off")
    before = {row["event"]: row["level"] for row in tx.all("telling.levels")}.get(word, "")
    acts.record(tx, cause, "notify", "notify", 0, before=f"{word} {before}".strip(), after=f"{word} {level}")
    tx.run("telling.set_level", event=word, level=level.value)


def set_quiet(tx: Tx, cause: Cause, hours: QuietHours | None) -> None:
    """New quiet hours, or none."""
    after = f"quiet {hours.from_minute}-{hours.to_minute}" if hours else "quiet off"
    row = tx.one("telling.quiet")
    before = f"quiet {row['from_minute']}-{row['to_minute']}" if row else "quiet off"
    acts.record(tx, cause, "notify", "notify", 0, before=before, after=after)
    if hours is None:
        tx.run("telling.drop_quiet")
    else:
        tx.run("telling.set_quiet", from_minute=hours.from_minute, to_minute=hours.to_minute)


def set_route(tx: Tx, cause: Cause, event: str, route: Route | None) -> None:
    """Where an event is told first; None is the way of all others."""
    before = next((f"{r['chat']} {r['topic'] or ''}" for r in tx.all("telling.routes") if r["event"] == event), "main")
    after = f"{route.chat} {route.topic or ''}" if route else "main"
    acts.record(tx, cause, "notify", "notify", 0, before=f"{event} {before}".strip(), after=f"{event} {after}".strip())
    if route is None:
        tx.run("telling.drop_route", event=event)
    else:
        tx.run("telling.set_route", event=event, chat=route.chat, topic=route.topic)


def mute(tx: Tx, cause: Cause, scope: str, word: str, entity_id: int, until: datetime | None, times: int | None) -> int:
    """Count instead of show, until an instant or so many times; a mute of the same thing before it ends. Its id."""
    if until is None and times is None:
        raise BadArgument("mute_needs_end")
    for on in telling.list_mutes(tx):
        if (on.scope, on.word) == (scope, word):
            end_mute(tx, cause, on)
    mute_id = tx.insert(
        "telling.add_mute",
        scope=scope,
        word=word,
        entity_id=entity_id,
        until_at=ms(until),
        remaining=times,
        by=cause.actor.name or cause.actor.who,
        now=cause.now_ms,
    )
    end = f"until {until.isoformat()}" if until else f"{times} times"
    acts.record(tx, cause, "mute", "mute", mute_id, after=f"{word} {end}")
    return mute_id


def unmute(tx: Tx, cause: Cause, mute_id: int) -> None:
    """End a mute now; NotFound("no_such_mute")."""
    found = next((on for on in telling.list_mutes(tx) if on.id == mute_id), None)
    if found is None:
        raise NotFound("no_such_mute", mute=mute_id)
    acts.record(tx, cause, "unmute", "mute", mute_id, before=f"{found.word}: {found.muted}", after="off")
    end_mute(tx, cause, found, told=True)


def end_mute(tx: Tx, cause: Cause, on: Mute, *, told: bool = False) -> None:
    """A mute is over; one line says how many it counted, unless a person is told so already."""
    by = cause.actor.name or cause.actor.who
    if tx.run("telling.end_mute", id=on.id, by=by, now=cause.now_ms) and on.muted and not told:
        tell(tx, cause, NoticeKind.mute_over, "mute", on.id, once=on.id)


def hold_back(tx: Tx, cause: Cause, mute_id: int, notice_id: int) -> bool:
    """Count a notice with a mute instead of showing it; the last one it counts ends it. False when it is over."""
    row = tx.one("telling.mute", id=mute_id)
    if row is None or row["ended_at"] is not None:
        return False
    if tx.run("telling.hold_back", id=notice_id, mute=mute_id, now=cause.now_ms):
        tx.run("telling.count_muted", id=mute_id, notice=notice_id)
    row = tx.one("telling.mute", id=mute_id)
    if row is not None and row["remaining"] is not None and row["remaining"] <= 0:
        end_mute(tx, cause, telling.mute_of(row))
    return True


def fold(tx: Tx, cause: Cause, kind: NoticeKind, ids: Sequence[int]) -> None:
    """Count these in the kind's digest instead of showing them; it is shown a minute after it began."""
    found = tx.one("telling.open_digest", kind=kind.value)
    if found is None:
        tell(tx, cause, NoticeKind.flood, "notices", 0, once=f"{kind}:{ids[0]}", detail=kind.value)
        found = tx.one("telling.open_digest", kind=kind.value)
        assert found is not None
        tx.run("telling.gather", id=found["id"], more=-1)
        tx.run("telling.plan", id=found["id"], due_at=to_ms(cause.now + timedelta(seconds=GATHER_S)))
    now_ms, digest = cause.now_ms, found["id"]
    folded = tx.run_each("telling.fold", [{"id": one, "now": now_ms, "digest": digest} for one in ids])
    tx.run("telling.gather", id=digest, more=folded)


def sample(tx: Tx, cause: Cause, event: str) -> None:
    """Show what an event looks and sounds like."""
    acts.record(tx, cause, "notify_test", "notify", 0, after=event)
    tell(tx, cause, NoticeKind.sample, "event", 0, once=cause.actor.request or cause.now_ms, detail=event)
