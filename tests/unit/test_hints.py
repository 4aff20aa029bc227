"""Which order explains a status that names none: what it says already, or may still become, or was at that instant."""

from typing import Any

import pytest

from core.moves.hints import SAME_EVENT_MS, explains
from core.values.orders import OrderState as S
from core.values.orders import PlatformStatus as P

ORDERED, PAID = 1_000_000, 2_000_000
LATER = PAID + 10 * SAME_EVENT_MS


def order(state: S) -> Any:
    return {"state": state.value, "created_at": ORDERED, "paid_at": None if state is S.pending_payment else PAID}


@pytest.mark.parametrize(
    ("state", "status", "at", "explained"),
    [
        (S.pending_payment, P.pending_payment, ORDERED, True),
        (S.pending_ship, P.pending_payment, ORDERED, True),
        (S.shipped, P.pending_ship, PAID, True),
        (S.shipped, P.pending_ship, PAID + SAME_EVENT_MS, True),
        (S.cancelled, P.pending_payment, ORDERED, True),
        (S.pending_ship, P.pending_payment, LATER, False),
        (S.shipped, P.pending_ship, LATER, False),
        (S.cancelled, P.pending_ship, LATER, False),
        (S.shipped, P.pending_ship, None, False),
        (S.shipped, P.shipped, LATER, True),
        (S.completed, P.shipped, LATER, False),
        (S.shipped, P.completed, LATER, True),
        (S.refunding, P.pending_ship, LATER, True),
    ],
)
def test_an_order_explains_a_status(state: S, status: P, at: int | None, *, explained: bool) -> None:
    assert explains(order(state), status, at) is explained
