"""What the platform knows of an order, and what really reached its buyer."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from core.values.ids import ChatNo, ItemId, OrderNo
from core.values.money import Fen
from core.values.orders import OrderRecord, PlatformStatus
from tests import stockroom as room

T = TypeVar("T")
P = PlatformStatus
ITEMS = ("keyed", "counted", "endless", "parcel", "unknown")
WAY = {P.pending_payment: P.pending_ship, P.pending_ship: P.shipped, P.shipped: P.completed}
PICK = st.integers(0, 23)
FATES = ("well", "well", "well", "refused", "later", "lost", "lost_done", "used_up")
PRESSES = ("ship", "undo", "hold", "release", "hand_over", "retry", "approve", "reject", "expire", "delay")
HAPPENS = ("pay", "pay", "cancel", "refund", "withdraw", "agree", "app", "confirm")
CHOICES = ("sent", "again", "give_up")
OPEN_PAID = (P.pending_ship, P.shipped, P.completed)


def chosen(things: Sequence[T], pick: int) -> T:
    """One of the things."""
    return things[pick % len(things)]


class Truth:
    """An order as the platform has it, and what really reached its buyer."""

    def __init__(self, number: int, item: str, quantity: int) -> None:
        self.number = number
        self.item = item
        self.quantity = quantity
        self.status = P.pending_payment
        self.before_refund = P.pending_ship
        self.was_paid = False
        self.texts: list[str] = []
        self.shipped = 0
        self.doubted = False

    @property
    def order_no(self) -> OrderNo:
        return OrderNo(f"{3000000000000000000 + self.number}")

    def record(self) -> OrderRecord:
        plain = room.record(self.number, self.item, self.status, self.quantity)
        return plain.model_copy(
            update={
                "paid": self.was_paid,
                "shipped": self.shipped > 0,
                "can_ship": self.status is P.pending_ship,
                "paid_at": plain.ordered_at if self.was_paid else None,
                "chat_no": ChatNo(f"c{self.number}"),
                "item_id": ItemId(self.item),
                "amount_fen": Fen(5000 * self.quantity),
                "in_refund": self.status is P.refunding,
            }
        )
