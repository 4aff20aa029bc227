"""Notices about the shop itself: it is up, the model is away, the books are wrong, something could not be used."""

from collections.abc import Mapping

from bot.cards.card import Draft, Offer
from bot.cards.pen import Pen
from core.values.notices import Notice

SHOWN = ("accounts", "products", "unconfigured", "orders_waiting", "chats_waiting", "pending")
"""Facts of the ready card that get a line, when they are not zero."""


def ready_card(facts: Mapping[str, object], pen: Pen) -> Draft:
    """The shop is up: how long it was away and what waits, in one card."""
    away = facts.get("away_s")
    counts = {name: facts.get(name) for name in SHOWN}
    return Draft(
        entity="shop",
        title=pen("title.back", span=pen.span(away))
        if isinstance(away, int | float) and away >= 60
        else pen("title.ready"),
        fields=tuple((pen(f"label.{name}"), str(value)) for name, value in counts.items() if value),
        note=pen("note.ready"),
        offers=(
            Offer(label=pen("button.pending"), words="pending"),
            Offer(label=pen("button.health"), words="health"),
            Offer(label=pen("button.help"), words="help"),
        ),
    )


def fact_card(notice: Notice, pen: Pen, text: str) -> Draft:
    """A plain notice: its title by kind, and the one fact there is."""
    return Draft(
        entity=notice.entity,
        entity_id=notice.entity_id,
        version=notice.version,
        urgency=notice.urgency,
        title=pen(f"notice.{notice.kind}"),
        fields=((pen("label.detail"), text),) if text else (),
        note=pen(f"note.{notice.kind}"),
        offers=(Offer(label=pen("button.health"), words="health"),),
        kind=notice.kind,
    )
