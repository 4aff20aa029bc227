"""What becomes of the shop with laws 10 and 12 switched off, and an order of which the platform says another thing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.flows.watch import Watch
from core.sandbox.things import PENDING_SHIP
from core.supervise import Supervisor
from core.values.notices import Urgency
from tests.flow.shop import Day


class BrokenWatch(Watch):
    """A loop that has a bug."""

    async def step(self) -> bool:
        raise RuntimeError("a bug in a loop")


class Together(Supervisor):
    """No supervision: all loops in one group, which a bug in one ends."""

    def start(self, name: str, child: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await child()

        self._tasks[name] = asyncio.create_task(run(), name=name)
        self._tasks[name].add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            for other in self._tasks.values():
                other.cancel()


@pytest.mark.day(opened=False, errors=True, right=False)
async def test_without_supervision_a_bug_in_one_loop_ships_nothing_any_more(day: Day) -> None:
    await day.build()
    day.shop._supervisor = Together()
    day.shop.watch = BrokenWatch(day.shop.work)
    await day.shop.start()
    await day.until(lambda: all(task.done() for task in day.shop._supervisor._tasks.values()))
    trade = await (await day.buyer()).pays(await day.card())
    await asyncio.sleep(0.5)
    assert not day.is_shipped(trade)
    assert await day.order_id(trade) is None


FORGET = """UPDATE notices SET state = 'done', error = :error, attempts = attempts - :uncounted
WHERE id = :id AND state = 'claimed'"""


@pytest.mark.day(replaced={"notices.again": FORGET})
async def test_without_the_second_try_an_alert_is_lost_and_nobody_sees_it(day: Day) -> None:
    day.owner.down = True
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.until(
        lambda: day.rows("SELECT 1 FROM notices WHERE kind = 'order_manual' AND state = 'done'"), "its loss"
    )
    day.owner.down = False
    await day.later(minutes=3)
    await day.quiet()
    assert day.owner.told("order_manual") == []
    assert (await day.engine.health.show()).notice_backlog == 0


async def test_a_platform_that_contradicts_a_closed_order_is_told_and_changes_nothing(day: Day) -> None:
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    order = day.world.market.orders[trade.order_no]
    await day.world.control.act("cancel", trade.order_no)
    view = await day.until_state(trade, "cancelled")
    order.status = PENDING_SHIP  # paid and waiting: a closed order is closed, whatever a list says later
    await day.later(minutes=40)
    notice = await day.until_told("order_conflict", view.order.id)
    assert notice.urgency is Urgency.urgent
    assert notice.detail == "pending_ship"
    assert await day.state(trade) == "cancelled"
    await day.later(minutes=40)
    await day.quiet()
    assert len(day.owner.told("order_conflict")) == 1
