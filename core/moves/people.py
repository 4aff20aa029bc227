"""Who may act here: people are let in, raised, joined and shut out by an owner; the last owner stays."""

from collections.abc import Sequence

from core.errors import NotFound, Refused
from core.moves import acts, tags
from core.moves.cause import Cause
from core.moves.owners import check_owner
from core.store import people
from core.store.db import Tx
from core.values.counter import Member
from core.values.people import Role

Change = tuple[Sequence[str], Sequence[str]]
"""Tags to give, and tags to take away."""
TERMINAL = "terminal:"
"""How the ids of whoever sits at the host begin: they are no help to people who only have a chat."""


def grant(tx: Tx, cause: Cause, who: str, role: Role, name: str = "", change: Change = ((), ())) -> int:
    """Give a person a role, by their id; a name that is empty is kept. `change`: tags to give and to take away.

    The person's number.

    Raises NotAllowed when the actor is no owner (any more) and Refused("last_owner").
    """
    check_owner(tx, cause)
    known = people.see(tx, who)
    if known is not None and role is not Role.owner:
        _check_last_owner(tx, cause, known)
    called = name or _name_of(tx, who)
    number = people.keep(tx, who, called, role, cause.now_ms)
    before = f"{known.role} {known.name}" if known else ""
    told = " ".join((*(f"@{tag}" for tag in change[0]), *(f"-{tag}" for tag in change[1])))
    acts.record(tx, cause, "grant", "member", number, before=before, after=f"{role} {called} {who} {told}".strip())
    tags.put(tx, number, *change)
    return number


def join(tx: Tx, cause: Cause, who: str, member_id: int) -> None:
    """Let a second id be the same person (Telegram and WeCom). NotFound("no_such_member"), Refused("other_person").

    An id that is another living person's is refused: what was done under it must stay theirs.
    """
    check_owner(tx, cause)
    rows = tx.all("people.of_member", id=member_id)
    if not rows or rows[0]["role"] is None:
        raise NotFound("no_such_member", word=f"m{member_id}")
    known = people.see(tx, who)
    if known is not None and known.id != member_id:
        raise Refused("other_person", name=known.name)
    acts.record(tx, cause, "join", "member", member_id, before=_ids(tx, member_id), after=f"+ {who}")
    if tx.one("people.find", who=who) is None:
        tx.run("people.add_identity", who=who, member_id=member_id, now=cause.now_ms)
    else:
        tx.run("people.join", who=who, member_id=member_id)


def revoke(tx: Tx, cause: Cause, member_id: int) -> str:
    """Shut a person out, by every id, and leave their private chats; the name. Their buttons refuse from now on.

    Raises NotAllowed when the actor is no owner (any more), NotFound("no_such_member") and Refused("last_owner").
    """
    check_owner(tx, cause)
    rows = tx.all("people.of_member", id=member_id)
    if not rows or rows[0]["role"] is None:
        raise NotFound("no_such_member", word=f"m{member_id}")
    gone = people.member_of(rows[0])
    _check_last_owner(tx, cause, gone)
    acts.record(tx, cause, "revoke", "member", member_id, before=f"{gone.role} {gone.name}", after=_ids(tx, member_id))
    tx.run("people.change", id=member_id, name=gone.name, role=None)
    tx.run("tags.drop_all", member_id=member_id)
    for row in rows:
        tx.run("rooms.leave", chat=row["who"], now=cause.now_ms)
    return gone.name


def speak(tx: Tx, cause: Cause, member: Member, locale: str | None) -> None:
    """The person's own language, and their private chats'; None for whatever the chat or their app speaks."""
    acts.record(tx, cause, "lang", "member", member.id, before=member.locale or "", after=locale or "")
    tx.run("people.speak", id=member.id, locale=locale)
    for row in tx.all("people.of_member", id=member.id):
        tx.run("rooms.speak", chat=row["who"], locale=locale)


def _check_last_owner(tx: Tx, cause: Cause, member: Member) -> None:
    if member.role is not Role.owner:
        return
    anywhere = cause.actor.who.startswith(TERMINAL)
    if tx.one("people.owners_elsewhere", id=member.id, anywhere=int(anywhere)) is None:
        raise Refused("last_owner", name=member.name)


def _name_of(tx: Tx, who: str) -> str:
    """What the person was called here, else their bare id."""
    known = tx.one("people.find", who=who)
    return str(known["name"]) if known else who.partition(":")[2]


def _ids(tx: Tx, member_id: int) -> str:
    return " ".join(row["who"] for row in tx.all("people.of_member", id=member_id))
