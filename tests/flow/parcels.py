"""Parcels at the counter: orders that wait for their numbers, and numbers bought for them."""

import sqlite3
from contextlib import closing

from bot.cards.card import Card
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import Counter

SF, SF2, YT, ZT = "SF1234567890123", "SF1234567890124", "YT8765432109876", "78901234567890"
POOL = ("SF1000000000001", "SF1000000000002", "SF1000000000003")
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


async def fill(c: Counter, words: str = "导入单号 顺丰\n" + "\n".join(POOL)) -> None:
    """Numbers bought beforehand, three of one carrier unless `words` say others."""
    await c.type(words)
    await c.press("导入")


def states(c: Counter) -> list[tuple[str, int | None]]:
    """Where each number stands, and with which order."""
    with closing(sqlite3.connect(c.store.path)) as file:
        return file.execute("SELECT state, order_id FROM waybills ORDER BY id").fetchall()
