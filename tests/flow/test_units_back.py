"""Units that come back from a closed order go to the one that waited for them."""

from tests.flow.shop import Day


async def test_units_of_a_closed_order_go_to_the_short_one(day: Day) -> None:
    item = await day.item(mode="physical", auto_ship="on", delay="60-60", stock="1")
    holder = await (await day.buyer("先来")).pays(item)
    await day.until_shipping(holder, "scheduled")
    waiting = await (await day.buyer("后来")).pays(item)
    await day.until_shipping(waiting, "short")
    await day.world.control.act("cancel", holder.order_no, by="seller")
    await day.until_shipping(holder, "cancelled")
    await day.until_shipping(waiting, "scheduled")
