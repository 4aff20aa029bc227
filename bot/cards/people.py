"""Who somebody is to the shop."""

from bot.auth import Request
from bot.cards.card import Draft
from bot.cards.pen import Pen
from core.values.counter import Member


def whoami_card(request: Request, member: Member | None, pen: Pen, *, bound: bool) -> Draft:
    """The ids a person needs to be let in, and the role they have."""
    role = pen.word("role", member.role) if member else pen("people.stranger")
    facts = (
        (pen("label.who"), request.who),
        (pen("label.role"), role),
        (pen("label.chat"), f"{request.chat} · {pen('people.bound' if bound else 'people.not_bound')}"),
        (pen("label.topic"), request.topic or ""),
    )
    return Draft(
        entity="person",
        title=pen("title.whoami", name=request.name or request.who),
        fields=tuple(fact for fact in facts if fact[1]),
        note="" if member else pen("note.stranger"),
    )
