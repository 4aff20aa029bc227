"""What a role may not do is not shown: a card is read with the eyes of whoever it is for."""

from bot.auth import may
from bot.cards.card import Draft, Offer
from bot.commands.command import KEPT, Table
from bot.commands.words import read_line
from core.values.counter import Member


def shown_to(member: Member | None, draft: Draft, table: Table) -> Draft:
    """The card without the buttons of rows that this person's role does not reach; pressing one refuses all the same.

    A group's own card, which many press, is not cut to one of them: whoever draws it asks only for the person's own.
    """
    offers = tuple(offer for offer in draft.offers if _is_for(member, offer, table))
    return draft if len(offers) == len(draft.offers) else draft.model_copy(update={"offers": offers})


def _is_for(member: Member | None, offer: Offer, table: Table) -> bool:
    if offer.words.startswith(KEPT):
        return True  # their own request, asked again
    row = table.find(read_line(offer.words).word)
    return row is None or may(member, row.role)


def known_to(member: Member | None, word: str | None, table: Table) -> str | None:
    """A word of the table, if it calls a row this person's role reaches."""
    row = table.find(word) if word else None
    return word if row is not None and may(member, row.role) else None
