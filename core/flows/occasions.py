"""Whether a text of the shop's own still fits: looked at once more, just before it is said."""

from datetime import timedelta

from core.clock import to_ms
from core.errors import Refused
from core.flows.work import Work
from core.moves.answers import GUARDED, KEY
from core.outside.ports import Market
from core.rules import guard
from core.rules.templates import PASSED, occasion_of
from core.store import fulfilments, orders
from core.store import stock as shelf
from core.values.effects import Effect
from core.values.orders import PlatformStatus
from core.values.templates import TemplateName

THOUGHT = timedelta(minutes=2)
"""An answer was thought of with what its product was then, at most so long before it was written."""


async def check_occasion(work: Work, market: Market, effect: Effect) -> None:
    """Refused(PASSED) when the order moved on; who is reminded to pay has not paid by the platform's own record."""
    found = occasion_of(effect.key)
    if found is None:
        return
    name, order_id = found
    if name is TemplateName.unpaid:
        record = await market.find_order((await orders.read(work.store.flows, order_id)).order_no)
        fits = record is not None and record.status is PlatformStatus.pending_payment
    else:
        task = await fulfilments.read(work.store.flows, order_id)
        fits = task is not None and task.state.value == name.value
    if not fits:
        raise Refused(PASSED)


async def check_words(work: Work, effect: Effect) -> None:
    """Refused(GUARDED) when the owner changed the product since an answer was thought of, and it breaks its word now.

    A floor that was raised meanwhile holds for what still waits, too (law 6).
    """
    if effect.chat_id is None or not effect.key.startswith(KEY):
        return
    row = await work.store.flows.one("stock.product_of_chat", id=effect.chat_id)
    if row is None or row["updated_at"] < to_ms(effect.created_at - THOUGHT):
        return
    product = await shelf.read_product(work.store.flows, row["product_id"])
    facts = guard.facts_of(product, max_chars=work.config.replies.max_chars)
    if not work.judge(effect.body, facts).passed:
        raise Refused(GUARDED)
