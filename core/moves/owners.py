"""What only an owner does is checked once more where it is done."""

from core.errors import NotAllowed
from core.moves.cause import Cause
from core.store import people
from core.store.db import Tx
from core.values.people import Role


def check_owner(tx: Tx, cause: Cause) -> None:
    """In the transaction itself: the gate looked a moment ago, and an owner may have been shut out since."""
    actor = people.see(tx, cause.actor.who)
    if actor is None or actor.role is not Role.owner:
        raise NotAllowed("role_too_low", role=Role.owner, yours=actor.role if actor else "")
