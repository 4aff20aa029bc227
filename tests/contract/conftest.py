"""A pretend world with one seller, something virtual and something to post; files that need another make their own."""

import pytest

from core.sandbox import World
from tests.contract.xianyu_shop import market_of


@pytest.fixture
async def world():
    async with World.open(seed=7) as world:
        yield world


@pytest.fixture
async def cookie(world):
    return (await world.control.account())["cookie"]


@pytest.fixture
async def market(world, cookie):
    async with market_of(world, cookie) as market:
        yield market


@pytest.fixture
async def item(world):
    return await world.control.item("软件激活码", 1990, virtual=True)


@pytest.fixture
async def parcel(world):
    return await world.control.item(
        "旧键盘", 9900, virtual=False, postage_fen=800, skus=[{"spec": "颜色:红色", "price_fen": 9900}]
    )
