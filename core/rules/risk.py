"""When a shipment is put before the owner (laws.md, "Risk"): plain rules, no score, no facts nobody has."""

from core.config import Risk
from core.values.fulfilment import RiskKind, RiskReason
from core.values.orders import Buyer, Order
from core.values.products import Product

K = RiskKind


def find_risks(
    order: Order,
    product: Product | None,
    *,
    recent_orders: int,
    open_refund: bool,
    limits: Risk,
    price_changed: bool = False,
) -> tuple[RiskReason, ...]:
    """Every rule an order hits. `recent_orders` counts the buyer's paid orders within the window, this one included.

    `price_changed` says that we or the owner changed this order's price: then its amount is as agreed.
    """
    quantity = sum(line.quantity for line in order.lines) or 1
    found = [] if product is None or price_changed else _amount(order.amount_fen, product, quantity, limits)
    if product is not None and product.max_quantity is not None and quantity > product.max_quantity:
        found.append(RiskReason(kind=K.quantity_over_max, seen=quantity, limit=product.max_quantity))
    if recent_orders >= limits.orders_in_window:
        found.append(RiskReason(kind=K.many_orders, seen=recent_orders, limit=limits.orders_in_window))
    if open_refund:
        found.append(RiskReason(kind=K.open_refund))
    return (*_limits(order, limits), *found, *_buyer(order.buyer))


def _amount(amount: int | None, product: Product, quantity: int, limits: Risk) -> list[RiskReason]:
    if amount is None:
        return []
    if product.floor_fen is not None and amount < product.floor_fen * quantity:
        return [RiskReason(kind=K.amount_low, seen=amount, limit=product.floor_fen * quantity)]
    if product.price_fen is None:
        return []
    most = (product.price_fen * quantity + product.postage_fen) * (100 + limits.tolerance_percent) // 100
    return [RiskReason(kind=K.amount_high, seen=amount, limit=most)] if amount > most else []


def _limits(order: Order, limits: Risk) -> tuple[RiskReason, ...]:
    amount = order.amount_fen
    if amount is None:
        return (RiskReason(kind=K.amount_unknown),)
    if amount > limits.amount_limit_fen:
        return (RiskReason(kind=K.amount_over_limit, seen=amount, limit=limits.amount_limit_fen),)
    first = order.buyer is None or order.buyer.paid_orders <= 1
    if first and amount > limits.first_buyer_limit_fen:
        return (RiskReason(kind=K.first_buyer_over_limit, seen=amount, limit=limits.first_buyer_limit_fen),)
    return ()


def _buyer(buyer: Buyer | None) -> tuple[RiskReason, ...]:
    if buyer is None or buyer.blocked_reason is None:
        return ()
    return (RiskReason(kind=K.blocked_buyer, seen=buyer.blocked_reason),)
