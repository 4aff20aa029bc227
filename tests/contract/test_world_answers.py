"""The dials of what a call is answered: each does what it says (more of them: test_world_faults)."""

from json import JSONDecodeError

import httpx2
import pytest

from tests.contract.test_world_calls import DUMMY, dummy, paid
from tests.contract.test_world_client import counter


@pytest.mark.parametrize(
    ("dial", "ret"), [("traffic_limit", "FAIL_SYS_TRAFFIC_LIMIT"), ("other_ret", "FAIL_SYS_SERVICE_FAULT")]
)
async def test_a_call_can_be_refused_with_another_code_and_does_nothing(dial, ret):
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        await world.control.fault(dial, times=1, on="consign.dummy")
        assert (await client.mtop(DUMMY, dummy(order_id)))["ret"][0].startswith(ret)
        assert await world.control.record("shipped") == []
        assert (await client.mtop(DUMMY, dummy(order_id)))["ret"] == ["SUCCESS::调用成功"]


@pytest.mark.parametrize(("dial", "happens"), [("html_page", False), ("half_body", True)])
async def test_what_is_no_answer_can_be_dialled(dial, happens):
    async with counter() as (world, client, item_id, buyer_id):
        order_id = await paid(world, buyer_id, item_id)
        await world.control.fault(dial, times=1, on="consign.dummy")
        with pytest.raises((JSONDecodeError, httpx2.RemoteProtocolError)):
            await client.mtop(DUMMY, dummy(order_id))
        assert bool(await world.control.record("shipped")) is happens
