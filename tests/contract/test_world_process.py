"""The pretend world as a process of its own, and over restarts of either side."""

import ast
import asyncio
import json
from pathlib import Path

import pytest

import core.sandbox
from core.clock import SystemClock, from_ms
from core.sandbox import ControlClient, World
from tests.contract.test_world_calls import DETAIL
from tests.contract.test_world_client import BareClient, counter, says, shop
from tests.mortal import mortal

START = ("bot", "sandbox", "--seed", "4", "--record")


async def test_it_prints_its_addresses_serves_and_ends_on_sigterm(tmp_path):
    record = tmp_path / "market.jsonl"
    process = await asyncio.create_subprocess_exec(*mortal(*START, str(tmp_path)), stdout=asyncio.subprocess.PIPE)
    try:
        addresses = json.loads(await process.stdout.readline())
        assert {"market_ws", "market_api", "passport", "upload", "model", "control", "telegram_api"} < set(addresses)
        control = ControlClient(addresses["control"])
        client = BareClient(addresses, (await control.account())["cookie"])
        assert (await client.connect())["code"] == 200
        item_id, buyer_id = await control.item("书", 100, virtual=True), await control.buyer()
        await control.talk(buyer_id, item_id, "在吗")
        await client.until(says("在吗"))
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
        await client.close()
        await control.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    (line,) = record.read_text("utf-8").splitlines()
    assert (json.loads(line)["kind"], json.loads(line)["text"]) == ("buyer_said", "在吗")


async def test_a_shop_may_come_and_go_against_a_living_world():
    async with counter() as (world, client, item_id, buyer_id):
        await client.close()
        chat_id = (await world.control.talk(buyer_id, item_id, "没人在"))["chat_id"]
        async with shop(world) as again:
            assert (await again.connect())["code"] == 200
            assert len((await again.history(chat_id))["userMessageModels"]) == 1
            await world.control.talk(buyer_id, item_id, "回来了")
            await again.until(says("回来了"))


@pytest.mark.parametrize("same", [True, False])
async def test_a_world_opened_on_the_same_record_goes_on(tmp_path, same):
    record = tmp_path / "record.jsonl"
    async with World.open(record=record) as world, shop(world) as client:
        item_id, buyer_id = await world.control.item("书", 100, virtual=True), await world.control.buyer()
        order_id = (await world.control.order(buyer_id, item_id))["order_id"]
        cookie, token = world.market.accounts["shop"].cookie, await client.token()
    async with World.open(record=record if same else tmp_path / "other.jsonl") as world:
        client = BareClient(world.addresses, cookie, did=client.did)
        assert ((await client.connect(token=token))["code"] == 200) is same
        assert (await client.mtop(DETAIL, {"tid": order_id}))["ret"][0].startswith("SUCCESS") is same
        assert bool(await world.control.record("ordered")) is same
        if same:
            assert (await world.control.order(buyer_id, item_id))["order_id"] != order_id
        await client.close()


async def test_a_fast_clock_stamps_the_record_and_still_accepts_calls():
    since = from_ms(1_789_142_000_000)
    clock = SystemClock(120, since)
    async with World.open(clock=clock) as world, shop(world) as client:
        ahead = world.market.now_ms()
        assert (await client.mtop("mtop.taobao.idlemessage.pc.loginuser.get", {}, t=ahead))["data"]["userId"]
        buyer_id, item_id = await world.control.buyer(), await world.control.item("书", 100, virtual=True)
        await world.control.talk(buyer_id, item_id, "在吗")
        assert (await world.control.record("buyer_said"))[0]["at"] >= ahead


async def test_the_same_seed_gives_the_same_orders_however_often_a_token_is_asked_for():
    async def ordered(seed, tokens):
        async with counter(seed) as (world, client, item_id, buyer_id):
            for _ in range(tokens):
                await client.token()
            orders = [await world.control.order(buyer_id, item_id) for _ in range(2)]
            return item_id, buyer_id, orders

    assert await ordered(1, 0) == await ordered(1, 3)
    assert await ordered(1, 0) != await ordered(2, 0)


def shop_imports(source):
    """What a module imports of the shop besides the world itself and the clock."""
    allowed = ("core.clock", "core.sandbox")
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        found += [name for name in names if name.split(".")[0] in ("core", "bot") and not name.startswith(allowed)]
    return found


def test_the_world_knows_nothing_of_the_shop_but_its_clock():
    files = sorted(Path(core.sandbox.__file__).parent.glob("*.py"))
    assert len(files) > 10
    assert {file.name: found for file in files if (found := shop_imports(file.read_text("utf-8")))} == {}
    assert shop_imports("from core.store.db import Db\nimport core.clock") == ["core.store.db"]
