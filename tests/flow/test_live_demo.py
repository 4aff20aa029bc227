"""The live demo's street does not run dry, however long somebody plays."""

import asyncio

from bot.demo.goods import CARD, POSTER
from bot.demo.stage import open_stage
from bot.demo.wholesaler import BRINGS, delivery, keep_stocked
from bot.fronts.host import Host
from core.run import Shop, open_shop
from core.tools.control import ask, serve


async def shelf(shop: Shop) -> dict[str, int]:
    return {row.product.title: row.product.free for row in await shop.engine.stock.list()}


async def test_what_is_sold_out_comes_again_and_what_is_there_stays_as_it_is():
    async with open_stage(1, 60, goods=(CARD, POSTER)) as stage, open_shop(stage.config) as shop:
        host, folder = Host(shop.engine, "zh"), stage.config.shop.data_dir
        keyed, counted = [row.product for row in await shop.engine.stock.list()]
        await host.do(f"setstock p{counted.id} 0", sure=True)
        assert await shelf(shop) == {CARD.title: CARD.keys, POSTER.title: 0}
        async with serve(folder, host.verbs):
            wholesaler = asyncio.create_task(keep_stocked(stage, every_s=0.05))
            async with asyncio.timeout(20):
                while not (await shelf(shop))[POSTER.title]:  # noqa: ASYNC110 - it is brought by another task
                    await asyncio.sleep(0.02)
            wholesaler.cancel()
            assert await shelf(shop) == {CARD.title: CARD.keys, POSTER.title: BRINGS["counted"]}
            await asyncio.to_thread(ask, folder, delivery(keyed))
        assert (await shelf(shop))[CARD.title] == CARD.keys + BRINGS["keyed"]
