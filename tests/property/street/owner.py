"""The owner presses whatever he likes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.moves import by_hand, decisions, first_connect, keys, planning, stock
from core.moves.apply import apply
from core.moves.approvals import decide
from core.moves.cause import Cause
from core.moves.step import FulfilmentStep
from core.rules.fulfilment import FULFILMENTS, FulfilmentEvent
from core.store import fulfilments
from core.values.fulfilment import ApprovalState
from tests import stockroom as room
from tests.property.street.effects import Effects
from tests.property.street.truth import CHOICES, PICK, PRESSES, chosen


class Owner(Effects):
    """Every act at the counter, in any state."""

    @precondition(lambda self: self.orders)
    @rule(
        pick=PICK,
        act=st.sampled_from(PRESSES),
    )
    def the_owner_presses(self, pick: int, act: str) -> None:
        order_id = self.order_id(chosen(self.orders, pick))
        if order_id is None:
            return
        tx, terms, cause = self.tx, room.TERMS, self.cause(person=act != "expire")
        acts = {
            "ship": lambda: by_hand.ship(tx, cause, terms, order_id, None, "SF", "SF12345678"),
            "undo": lambda: by_hand.undo(tx, cause, terms, order_id, None),
            "hold": lambda: by_hand.hold(tx, cause, terms, order_id, "", None),
            "release": lambda: by_hand.release(tx, cause, terms, order_id, None),
            "hand_over": lambda: by_hand.hand_over(tx, cause, terms, order_id, None),
            "retry": lambda: by_hand.retry(tx, cause, terms, order_id, None),
            "approve": lambda: decisions.approve(tx, cause, terms, order_id, None),
            "reject": lambda: decisions.reject(tx, cause, terms, order_id, "", None),
            "delay": lambda: by_hand.delay(tx, cause, order_id, cause.now, None),
            "expire": lambda: self._expire(cause, order_id),
        }
        self.once(acts[act])

    def _expire(self, cause: Cause, order_id: int) -> None:
        task = fulfilments.find(self.tx, order_id)
        if not decide(self.tx, cause, order_id, ApprovalState.expired) or task is None:
            return
        if FULFILMENTS.allows(task.state, FulfilmentEvent.expire):
            apply(self.tx, cause, room.TERMS, FulfilmentStep(order_id, FulfilmentEvent.expire, reason="expired"))

    @precondition(lambda self: any(truth.doubted for truth in self.orders))
    @rule(pick=PICK, choice=st.sampled_from(CHOICES))
    def the_owner_settles(self, pick: int, choice: str) -> None:
        order_id = self.order_id(chosen([truth for truth in self.orders if truth.doubted], pick))
        cause = self.cause(person=True)
        if order_id is not None:
            self.once(lambda: by_hand.settle(self.tx, cause, room.TERMS, order_id, choice, None))

    @rule(more=st.integers(1, 3))
    def units_arrive(self, more: int) -> None:
        cause = self.cause(person=True)

        def work() -> None:
            names = [f"NEW-{self.presses}-{n}" for n in range(more)]
            keyed, counted = (self._product(item) for item in ("keyed", "counted"))
            keys.add_keys(self.tx, cause, keyed, names)
            planning.fill_short(self.tx, cause, room.TERMS, keyed)
            stock.add_units(self.tx, cause, counted, more)
            planning.fill_short(self.tx, cause, room.TERMS, counted)

        assert self.once(work)

    def _product(self, item: str) -> int:
        row = self.tx.one("stock.product_of_listing", account_id=1, item_id=item, spec="")
        assert row is not None
        return int(row["product_id"])

    @rule(by_hand=st.booleans())
    def old_orders_are_taken(self, by_hand: bool) -> None:
        cause = self.cause(person=True)
        assert self.once(lambda: first_connect.take(self.tx, cause, room.TERMS, 1, by_hand=by_hand))
