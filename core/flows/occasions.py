"""Whether the shop's own polite text still fits: looked at once more, just before it is said."""

from core.errors import Refused
from core.flows.work import Work
from core.outside.ports import Market
from core.rules.templates import PASSED, occasion_of
from core.store import fulfilments, orders
from core.values.effects import Effect
from core.values.orders import PlatformStatus
from core.values.templates import TemplateName


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
