"""Buyers and the platform: orders change there, and the shop hears of it late, out of order or never."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.clock import to_ms
from core.moves import frames, records
from core.values.ids import ChatNo, ItemId, UserId
from core.values.market import EventKind, MarketEvent
from tests import stockroom as room
from tests.property.street.file import ShopFile
from tests.property.street.truth import HAPPENS, ITEMS, OPEN_PAID, PICK, P, Truth, chosen


class Buyers(ShopFile):
    """The truth, and the frames and records that tell it."""

    @rule(item=st.sampled_from(ITEMS), quantity=st.integers(1, 3), paid=st.booleans())
    def a_buyer_orders(self, item: str, quantity: int, paid: bool) -> None:
        if len(self.orders) < 8:
            self.orders.append(Truth(len(self.orders) + 1, item, quantity))
            self._tell(self.orders[-1])
            if paid:
                self._pay(self.orders[-1])

    def _pay(self, truth: Truth) -> None:
        truth.status, truth.was_paid = P.pending_ship, True
        self._tell(truth)

    @precondition(lambda self: self.orders)
    @rule(pick=PICK, what=st.sampled_from(HAPPENS))
    def the_buyer_or_the_app_acts(self, pick: int, what: str) -> None:
        truth = chosen(self.orders, pick)
        if what == "pay" and truth.status is P.pending_payment:
            return self._pay(truth)
        if what == "cancel" and truth.status in (P.pending_payment, P.pending_ship):
            truth.status = P.closed
        elif what == "refund" and truth.status in OPEN_PAID:
            truth.before_refund, truth.status = truth.status, P.refunding
        elif what == "withdraw" and truth.status is P.refunding:
            truth.status = truth.before_refund
        elif what == "agree" and truth.status is P.refunding:
            truth.status = P.refunded
        elif what == "app" and truth.status is P.pending_ship:
            truth.status, truth.shipped = P.shipped, truth.shipped + 1
        elif what == "confirm" and truth.status is P.shipped:
            truth.status = P.completed
        else:
            return None
        return self._tell(truth)

    def _tell(self, truth: Truth) -> None:
        """A frame is made; it comes later, after a younger one, or never (a repeated one is nothing to the inbox)."""
        self.frames += 1
        self.heard.append(
            MarketEvent(
                event=EventKind.order,
                platform_status=truth.status,
                order_id=truth.order_no,
                chat_id=ChatNo(f"c{truth.number}"),
                item_id=ItemId(truth.item),
                buyer_id=UserId(f"{2200000001000 + truth.number}"),
                seller_id=UserId("2200000000001"),
                needs_postage=truth.item == "parcel",
                ts_ms=to_ms(room.NOW) + self.frames,
            )
        )

    @precondition(lambda self: self.heard)
    @rule(pick=PICK)
    def a_frame_comes(self, pick: int) -> None:
        event = self.heard.pop(-1 - pick % min(len(self.heard), 6))
        cause = self.cause(platform=True)
        assert self.once(lambda: frames.hear(self.tx, cause, room.TERMS, 1, event, 0))

    @precondition(lambda self: self.orders)
    @rule(pick=PICK)
    def a_record_is_read(self, pick: int) -> None:
        truth = chosen(self.orders, pick)
        cause = self.cause(platform=True)
        assert self.once(lambda: records.learn(self.tx, cause, room.TERMS, 1, truth.record()))
