"""Parcels at the counter: orders that wait for their numbers."""

from bot.cards.card import Card
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import Counter

SF, SF2, YT, ZT = "SF1234567890123", "SF1234567890124", "YT8765432109876", "78901234567890"
NOTICE = f"【顺丰速运】您的顺丰快递 {SF} 已揽收，快递员电话 13812345678"


async def parcel(counter: Counter, n: int = 1, status: PlatformStatus = PlatformStatus.pending_ship) -> int:
    """A paid order of physical goods that wait for a number."""

    def work(tx) -> int:
        account = stockroom.open_account(tx)
        stockroom.add_product(tx, account, f"80000{n}", mode="physical", price="50")
        return stockroom.learn(tx, account, stockroom.record(n, f"80000{n}", status))

    return await counter.store.write(work)


def labels(card: Card | None) -> list[str]:
    """The words of a card's buttons."""
    assert card is not None
    return [button.verb for button in card.buttons]


async def sent(counter: Counter, number: int) -> tuple[str | None, str | None, bool]:
    """The carrier, the number, and whether the parcel is on its way out."""
    task = (await counter.engine.orders.show(number)).fulfilment
    assert task is not None
    return task.carrier, task.tracking_no, task.due_at is not None
