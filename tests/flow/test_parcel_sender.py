"""The sender's address is the one the platform offers at that moment: none is kept, none is made up.

The control stands in the contract of the pretend world: a parcel from any other address is refused there.
"""

from tests.flow.parcels import SF, SF2
from tests.flow.shop import Day


async def test_an_address_that_changed_between_two_parcels_is_read_anew(day: Day) -> None:
    item = await day.item("手机壳", virtual=False, mode="physical")
    for address, number in (("sender-1", SF), ("sender-9", SF2)):
        trade = await (await day.buyer()).pays(item)
        await day.until_shipping(trade, "manual")
        day.world.market.accounts["shop"].address_id = address
        await day.ship(trade, "顺丰", number)
        await day.until_shipping(trade, "succeeded")
        [shipped] = day.record("shipped", order_id=trade.order_no)
        assert shipped["tracking_no"] == number
