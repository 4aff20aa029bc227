"""Tags: a person goes by them; alerts call them. Each change is an act."""

from collections.abc import Sequence

from core.errors import NotFound, Refused
from core.moves import acts
from core.moves.cause import Cause
from core.moves.owners import check_owner
from core.rules.tags import MOST, check_tag
from core.store import tags
from core.store.db import Tx


def change(tx: Tx, cause: Cause, member_id: int, add: Sequence[str], drop: Sequence[str]) -> None:
    """Give and take tags, on record. NotFound("no_such_member"), Refused("too_many_tags"), BadArgument("no_tag")."""
    check_owner(tx, cause)
    rows = tx.all("people.of_member", id=member_id)
    if not rows or rows[0]["role"] is None:
        raise NotFound("no_such_member", word=f"m{member_id}")
    before = tags.list_of(tx, member_id)
    put(tx, member_id, add, drop)
    after = " ".join(tags.list_of(tx, member_id))
    acts.record(tx, cause, "tag", "member", member_id, before=" ".join(before), after=after)


def put(tx: Tx, member_id: int, add: Sequence[str], drop: Sequence[str]) -> None:
    """The change itself, where another act is on record that says it."""
    for tag in drop:
        tx.run("tags.drop", member_id=member_id, tag=tag)
    for tag in add:
        tx.run("tags.add", member_id=member_id, tag=check_tag(tag))
    if len(tags.list_of(tx, member_id)) > MOST:
        raise Refused("too_many_tags", limit=MOST)


def call(tx: Tx, cause: Cause, word: str, tag: str) -> None:
    """An event or a kind of notice calls a tag from now on; empty: nobody."""
    before = {row["event"]: row["tag"] for row in tx.all("tags.calls")}.get(word, "")
    acts.record(tx, cause, "notify", "notify", 0, before=f"{word} @{before}", after=f"{word} @{tag}")
    tx.run("tags.call", event=word, tag=check_tag(tag) if tag else "")
