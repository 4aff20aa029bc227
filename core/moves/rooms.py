"""The owner's chats: the shop is let in, thrown out, and follows a group that becomes another chat."""

from core.errors import NotFound
from core.moves import acts
from core.moves.cause import Cause
from core.store import rooms
from core.store.db import Tx
from core.values.counter import Room
from core.values.people import ChatKind


def unbind(tx: Tx, cause: Cause, chat: str) -> None:
    """Speak there no more; what waited for that chat goes to the first one. NotFound("no_such_room")."""
    room = _find(tx, chat)
    acts.record(tx, cause, "unbind", "room", room.id, before=f"{chat} {room.title}".strip())
    tx.run("rooms.drop_redraws", chat=chat)
    tx.run("rooms.drop_copies", chat=chat)
    tx.run("rooms.drop_topics", chat=chat)
    tx.run("rooms.drop_replies", chat=chat)
    tx.run("rooms.move_notices", old=chat, new=None)
    tx.run("rooms.drop", chat=chat)


def move(tx: Tx, cause: Cause, old: str, new: str) -> bool:
    """A room became another chat (Telegram's migrate_to_chat_id); False when `old` is no room, or followed before.

    Buttons and waiting notices follow. Cards do not: messages of the old chat cannot be edited, and their numbers
    begin anew in the new one, where they would name other messages.
    """
    room = rooms.see(tx, old)
    if room is None or room.moved_to is not None or old == new:
        return False
    acts.record(tx, cause, "move_room", "room", room.id, before=old, after=new)
    tx.run("rooms.drop_redraws", chat=old)
    tx.run("rooms.drop_copies", chat=old)
    tx.run("rooms.drop_replies", chat=old)
    tx.run("rooms.move_actions", old=old, new=new)
    tx.run("rooms.move_topics", old=old, new=new)
    tx.run("rooms.move_notices", old=old, new=new)
    tx.run("rooms.succeed", old=old, new=new)
    tx.run("rooms.move", old=old, new=new, now=cause.now_ms)
    return True


def leave(tx: Tx, cause: Cause, chat: str) -> bool:
    """The shop was thrown out; False when it was not in there. Nothing is drawn there until it is back."""
    room = rooms.see(tx, chat)
    if room is None or not tx.run("rooms.leave", chat=chat, now=cause.now_ms):
        return False
    tx.run("rooms.drop_redraws", chat=chat)
    acts.record(tx, cause, "leave_room", "room", room.id, before="in", after="out")
    return True


def back(tx: Tx, cause: Cause, chat: str) -> bool:
    """The shop may speak again in a room it had to leave; False when that is none, or it is in there."""
    room = rooms.see(tx, chat)
    if room is None or not tx.run("rooms.back", chat=chat):
        return False
    acts.record(tx, cause, "back_in_room", "room", room.id, before="out", after="in")
    return True


def speak(tx: Tx, cause: Cause, chat: str, locale: str | None) -> None:
    """The language of a room; None for each person's own. NotFound("no_such_room")."""
    room = _find(tx, chat)
    acts.record(tx, cause, "lang", "room", room.id, before=room.locale or "", after=locale or "")
    tx.run("rooms.speak", chat=chat, locale=locale)


def serve(tx: Tx, cause: Cause, chat: str, shop: str | None) -> None:
    """The shop whose alerts go to a room first; None for every shop's. NotFound("no_such_room")."""
    room = _find(tx, chat)
    acts.record(tx, cause, "room", "room", room.id, before=room.shop or "", after=shop or "")
    tx.run("rooms.serve", chat=chat, shop=shop)


def enter(tx: Tx, cause: Cause, chat: str, kind: ChatKind, title: str) -> Room:
    """Let the shop speak in a chat; the room it is now."""
    rooms.bind(tx, chat, kind, title, cause.now_ms)
    return _find(tx, chat)


def _find(tx: Tx, chat: str) -> Room:
    room = rooms.see(tx, chat)
    if room is None:
        raise NotFound("no_such_room", chat=chat)
    return room
