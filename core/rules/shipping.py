"""How a paid order ships: when, by whom, with which words."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.config import Shipping
from core.errors import BadArgument
from core.values import Value
from core.values.fulfilment import FulfilmentState, RiskReason, ShipMode
from core.values.products import Lack, Product, ProductState

PLACES = ("{keys}", "{order}", "{title}")
"""What a delivery text may hold a place for."""
TRACKING = re.compile(r"[0-9A-Za-z]{8,30}")


class Plan(Value):
    """The state a fulfilment starts in; `reason` is a text key."""

    state: FulfilmentState
    reason: str | None = None
    due_at: datetime | None = None


def plan(
    product: Product | None,
    risks: Sequence[RiskReason],
    *,
    needs_postage: bool | None,
    now: datetime,
    dice: float,
) -> Plan:
    """Decide for an order whose units are there. Nothing is skipped silently: what cannot go by itself is manual."""
    reason = why_manual(product, needs_postage)
    if product is None or reason is not None:
        return Plan(state=FulfilmentState.manual, reason=reason)
    if risks:
        return Plan(state=FulfilmentState.awaiting_approval, reason="risky")
    return Plan(state=FulfilmentState.scheduled, due_at=due_at(product, now, dice))


def why_manual(product: Product | None, needs_postage: bool | None) -> str | None:
    """Why an order cannot ship by itself: a text key, or None when it can.

    A parcel needs a real number, which only a person or a carrier has (laws.md, "Tracking numbers"); goods handed over
    without postage go after their wait.
    """
    if product is None or not product.configured:
        return "unconfigured"
    if not product.auto_ship:
        return "auto_ship_off"
    if product.state is ProductState.paused:
        return "product_paused"
    if product.mode is ShipMode.physical:
        return "tracking_needed" if needs_postage else None
    if lacks_keys(product):
        return "no_keys"
    return None if product.delivery_text or product.keyed else "no_text"


def lacks_keys(product: Product) -> bool:
    """Whether the text promises keys that the product does not have: it would reach the buyer empty."""
    return "{keys}" in (product.delivery_text or "") and not product.keyed


def lack_of(product: Product) -> Lack | None:
    """What a product that is to ship by itself has not; None when nothing is missing, or a person ships it."""
    reason = why_manual(product.model_copy(update={"configured": True}), needs_postage=None)
    if reason in (Lack.no_keys, Lack.no_text):
        return Lack(reason)
    return Lack.keys_out if reason is None and product.keyed and not product.free else None


def due_at(product: Product, now: datetime, dice: float) -> datetime:
    """Virtual goods at once; others after a random wait within the product's range (`dice` in 0–1)."""
    if product.mode is ShipMode.virtual:
        return now
    span = product.delay_max_minutes - product.delay_min_minutes
    return now + timedelta(minutes=product.delay_min_minutes + span * dice)


def check_tracking(tracking_no: str) -> str:
    """A tracking number as it is stored: 8–30 letters or digits, upper case; BadArgument otherwise."""
    compact = re.sub(r"[\s-]", "", tracking_no)
    if not TRACKING.fullmatch(compact):
        raise BadArgument("bad_tracking", given=tracking_no[:40])
    return compact.upper()


def delivery_text(product: Product, keys: Sequence[str], order_no: str) -> str:
    """The text a buyer gets. Keys are added at the end when the template has no place for them."""
    text = product.delivery_text or ""
    if keys and "{keys}" not in text:
        text = f"{text}\n{{keys}}".strip()
    values = {"{keys}": "\n".join(keys), "{order}": order_no, "{title}": product.title}
    return re.sub("|".join(map(re.escape, PLACES)), lambda place: values[place[0]], text)


def ship_by_at(paid_at: datetime, shipping: Shipping) -> datetime:
    """The platform's deadline for what was paid then."""
    return paid_at + timedelta(hours=shipping.deadline_hours)


def next_reminder_at(created_at: datetime, reminders: int, shipping: Shipping) -> datetime | None:
    """When the owner is reminded of manual work the next time: the fixed hours, then before the platform's deadline."""
    hours = (*shipping.reminder_hours, shipping.deadline_hours - shipping.escalate_before_hours)
    later = sorted(set(hours))
    return created_at + timedelta(hours=later[reminders]) if reminders < len(later) else None


def is_escalation(created_at: datetime, now: datetime, shipping: Shipping) -> bool:
    """Whether the platform's deadline is so near that the reminder escalates."""
    return now >= created_at + timedelta(hours=shipping.deadline_hours - shipping.escalate_before_hours)
