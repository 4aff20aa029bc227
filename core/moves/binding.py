"""Binding: who types the printed code is an owner, and the chat they type it in is the shop's."""

from datetime import timedelta

from core.errors import NotFound
from core.moves import acts, rooms
from core.moves.cause import Cause
from core.store import people
from core.store.db import Tx
from core.store.rows import ms
from core.values.people import ChatKind, Role


def issue(tx: Tx, cause: Cause, code: str, good_for: timedelta) -> None:
    """Keep a new code by its fingerprint; whatever was printed before is good no longer."""
    tx.run("binding.void", now=cause.now_ms)
    tx.run(
        "binding.keep",
        fingerprint=tx.vault.fingerprint(code),
        now=cause.now_ms,
        expires_at=ms(cause.now + good_for),
    )


def bind_with_code(tx: Tx, cause: Cause, code: str, kind: ChatKind, title: str) -> None:
    """The sender is an owner and the chat a room, if the code is right, unused and young enough.

    Raises NotFound("wrong_code") otherwise, without saying which; Refused("done_before") when this request bound it.
    """
    actor = cause.actor
    room = rooms.enter(tx, cause, actor.chat, kind, title)
    known = people.see(tx, actor.who)
    before = f"{known.role} {known.name}" if known else ""
    after = f"{actor.chat} {title}: {Role.owner} {actor.name} {actor.who}"
    acts.record(tx, cause, "bind", "room", room.id, before=before, after=after)
    fingerprint = tx.vault.fingerprint(code)
    if not tx.run("binding.use", fingerprint=fingerprint, who=actor.who, chat=actor.chat, now=cause.now_ms):
        raise NotFound("wrong_code")
    people.keep(tx, actor.who, known.name if known else actor.name, Role.owner, cause.now_ms)


def bind(tx: Tx, cause: Cause, kind: ChatKind, title: str) -> None:
    """An owner lets the shop into one more chat; the gate saw that they are one."""
    room = rooms.enter(tx, cause, cause.actor.chat, kind, title)
    acts.record(tx, cause, "bind", "room", room.id, after=f"{cause.actor.chat} {title}".strip())
