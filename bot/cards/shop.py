"""Notices about the shop itself: it is up, the model is away, the books are wrong, something could not be used."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Draft, Offer
from bot.cards.pen import Pen
from core.values.notices import Notice, NoticeKind, Urgency
from core.values.views import PendingRow

SHOWN = ("accounts", "products", "unconfigured", "orders_waiting", "chats_waiting", "pending")
"""Facts of the ready card that get a line, when they are not zero."""
LEFT = ("orders_waiting", "chats_waiting", "pending")
"""The same of the goodbye card."""

APPROVALS_SHOWN = 3
"""So many orders that wait for approval are named on the ready card, each with its button; the rest is counted."""


def ready_card(facts: Mapping[str, object], pen: Pen, approvals: Sequence[PendingRow] = ()) -> Draft:
    """The shop is up: how long it was away and what waits, in one card; what must be decided first stands there."""
    away = facts.get("away_s")
    counts = {name: facts.get(name) for name in SHOWN}
    return Draft(
        entity="shop",
        title=pen("title.back", span=pen.span(away))
        if isinstance(away, int | float) and away >= 60
        else pen("title.ready"),
        fields=(
            *((pen("label.approval"), _approval(row, pen)) for row in _urgent(approvals)[:APPROVALS_SHOWN]),
            *((pen(f"label.{name}"), str(value)) for name, value in counts.items() if value),
            (pen("label.version"), _version(facts, pen)),
        ),
        note=pen("note.ready"),
        offers=(
            *(
                Offer(label=f"🟠 #{row.order.id}", words=f"order #{row.order.id}")
                for row in _urgent(approvals)[:APPROVALS_SHOWN]
                if row.order is not None
            ),
            Offer(label=pen("button.pending"), words="pending"),
            Offer(label=pen("button.health"), words="health"),
            Offer(label=pen("button.help"), words="help"),
        ),
    )


def goodbye_card(facts: Mapping[str, object], pen: Pen) -> Draft:
    """The shop stops: what it leaves behind. Nothing can be pressed: nobody is there to answer."""
    counts = {name: facts.get(name) for name in LEFT}
    return Draft(
        entity="shop",
        urgency=Urgency.quiet,
        title=pen("title.goodbye"),
        fields=tuple((pen(f"label.{name}"), str(value)) for name, value in counts.items() if value),
        note=pen("note.goodbye"),
        kind=NoticeKind.goodbye,
    )


def _version(facts: Mapping[str, object], pen: Pen) -> str:
    """Which one runs, and after an upgrade which one ran before."""
    version, former = str(facts.get("version") or "–"), str(facts.get("former") or "")
    return pen("shop.upgraded", version=version, former=former) if former else version


def _urgent(rows: Sequence[PendingRow]) -> list[PendingRow]:
    """The nearest deadline first."""
    return sorted(rows, key=lambda row: row.deadline_at or row.since_at)


def _approval(row: PendingRow, pen: Pen) -> str:
    number = f"#{row.order.id}" if row.order else ""
    amount = pen.money(row.order.amount_fen) if row.order else ""
    left = pen.until(row.deadline_at) if row.deadline_at else ""
    return " · ".join(filter(None, (number, amount, left)))


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
