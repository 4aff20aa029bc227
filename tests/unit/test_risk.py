"""Each risk rule hits at its border and not before it."""

from datetime import UTC, datetime

import pytest

from core.config import Risk
from core.rules.risk import find_risks
from core.values.fulfilment import RiskKind, RiskReason
from core.values.ids import AccountId, BuyerId, ItemId, OrderId, OrderNo, ProductId, UserId
from core.values.money import Fen
from core.values.orders import Buyer, Line, Order, OrderState
from core.values.products import Product

NOW = datetime(2026, 5, 1, tzinfo=UTC)
K = RiskKind
PRODUCT = Product(
    id=ProductId(1),
    title="耳机",
    configured=True,
    price_fen=Fen(10000),
    floor_fen=Fen(8000),
    postage_fen=Fen(1000),
    max_quantity=3,
    created_at=NOW,
    updated_at=NOW,
)
OLD_BUYER = Buyer(id=BuyerId(1), user_id=UserId("b"), first_seen_at=NOW, orders=5, paid_orders=5)


def find(
    amount: int | None,
    quantity: int = 1,
    *,
    product: Product | None = PRODUCT,
    buyer: Buyer | None = OLD_BUYER,
    recent_orders: int = 1,
    open_refund: bool = False,
    price_changed: bool = False,
) -> tuple[RiskReason, ...]:
    order = Order(
        id=OrderId(1),
        account_id=AccountId(1),
        account="main",
        order_no=OrderNo("1"),
        buyer=buyer,
        state=OrderState.pending_ship,
        version=1,
        lines=(Line(item_id=ItemId("i"), quantity=quantity),),
        amount_fen=None if amount is None else Fen(amount),
        created_at=NOW,
        updated_at=NOW,
    )
    return find_risks(
        order,
        product,
        recent_orders=recent_orders,
        open_refund=open_refund,
        limits=Risk(),
        price_changed=price_changed,
    )


def kinds(*args: object, **facts: object) -> list[RiskKind]:
    return [reason.kind for reason in find(*args, **facts)]  # type: ignore[arg-type]


def test_an_ordinary_order_has_no_risk():
    assert find(10000) == ()
    assert find(11000) == ()


@pytest.mark.parametrize(
    ("amount", "quantity", "hits"), [(8000, 1, False), (7999, 1, True), (16000, 2, False), (15999, 2, True)]
)
def test_an_amount_below_floor_times_quantity_hits(amount: int, quantity: int, hits: bool):
    assert (K.amount_low in kinds(amount, quantity)) is hits


@pytest.mark.parametrize(
    ("amount", "quantity", "hits"), [(13200, 1, False), (13201, 1, True), (25200, 2, False), (25201, 2, True)]
)
def test_an_amount_a_fifth_above_price_and_postage_hits(amount: int, quantity: int, hits: bool):
    assert (K.amount_high in kinds(amount, quantity)) is hits


def test_an_amount_we_changed_ourselves_is_as_agreed():
    assert find(5000, price_changed=True) == ()


def test_an_amount_over_five_hundred_hits():
    plain = PRODUCT.model_copy(update={"price_fen": None, "floor_fen": None})
    assert kinds(50000, product=plain) == []
    assert find(50001, product=plain) == (RiskReason(kind=K.amount_over_limit, seen=50001, limit=50000),)


@pytest.mark.parametrize("buyer", [None, OLD_BUYER.model_copy(update={"paid_orders": 1})])
def test_a_first_buyer_over_two_hundred_hits(buyer: Buyer | None):
    plain = PRODUCT.model_copy(update={"price_fen": None, "floor_fen": None})
    assert kinds(20000, product=plain, buyer=buyer) == []
    assert kinds(20001, product=plain, buyer=buyer) == [K.first_buyer_over_limit]
    assert kinds(20001, product=plain) == []


def test_a_quantity_over_the_items_maximum_hits():
    assert K.quantity_over_max not in kinds(30000, 3)
    assert K.quantity_over_max in kinds(40000, 4)


def test_the_third_order_of_a_buyer_within_the_window_hits():
    assert kinds(10000, recent_orders=2) == []
    assert kinds(10000, recent_orders=3) == [K.many_orders]


def test_a_blocked_buyer_and_an_open_refund_hit():
    blocked = OLD_BUYER.model_copy(update={"blocked_reason": "骗子"})
    assert find(10000, buyer=blocked) == (RiskReason(kind=K.blocked_buyer, seen="骗子"),)
    assert kinds(10000, open_refund=True) == [K.open_refund]


def test_an_unknown_product_hits_nothing_by_itself():
    assert find(10000, product=None) == ()


def test_an_order_nobody_knows_the_price_of_is_a_question():
    """A record without its amount can be held against no floor (law 6)."""
    assert kinds(None) == [K.amount_unknown]
    assert kinds(None, product=None) == [K.amount_unknown]
