"""Captured payloads: replayed byte for byte, and the world's own records have their shapes."""

import json
from pathlib import Path

import pytest

from core.sandbox.wire import pack
from tests.contract.test_world_client import counter, decode

SAMPLES = Path(__file__).parent / "xianyu_samples"
RECORDS = ["01_chat_text_android_2025a", "03_order_waiting_payment_card", "04_red_reminder_waiting_payment"]


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", [*RECORDS, "24_session_arouse_bizType370"])
async def test_a_captured_record_travels_byte_for_byte(name):
    async with counter() as (world, client, _, _):
        await world.control.post("/push", raw=sample(name)["b64"])
        _, text, frame = await client.frame()
        (entry,) = frame["body"]["syncPushPackage"]["data"]
        assert entry["data"] == sample(name)["b64"]
        assert f'"data":"{sample(name)["b64"]}"' in text


@pytest.mark.parametrize("name", RECORDS)
async def test_a_decoded_record_is_packed_as_it_was_captured(name):
    async with counter() as (world, client, _, _):
        await world.control.post("/push", record=sample(name)["payload"])
        _, _, frame = await client.frame()
        assert frame["body"]["syncPushPackage"]["data"][0]["data"] == sample(name)["b64"]


async def test_a_whole_captured_frame_travels_as_it_is_and_is_acknowledged_by_its_mid():
    captured = json.dumps(sample("05_ws_sync_frame_full")["payload"], ensure_ascii=False, indent=1)
    async with counter() as (world, client, _, _):
        await world.control.post("/push", frame=captured)
        _, text, frame = await client.frame()
        assert (text, frame["headers"]["mid"]) == (captured, "8a990006 0")
        await client.rpc("/!", None)
        assert (await world.control.get("/state"))["connections"][0]["unacked"] == 0


def shape(value):
    """The keys of a payload, level by level, with JSON texts opened."""
    if isinstance(value, str) and value[:1] == "{":
        value = json.loads(value)
    return {str(key): shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


async def test_the_worlds_own_records_have_the_captured_keys():
    wanted = {name: shape(sample(name)["payload"]) for name in RECORDS}
    async with counter() as (world, client, item_id, buyer_id):
        await world.control.talk(buyer_id, item_id, "111")
        await world.control.order(buyer_id, item_id)
        seen = []
        # a push that never comes times out
        while wanted[RECORDS[0]] not in seen or wanted[RECORDS[2]] not in seen or not cards(seen):
            seen += [shape(record) for record in await client.records()]
    assert missing(wanted[RECORDS[1]], cards(seen)[0]) == []


def cards(seen):
    """The shapes that are order cards."""
    return [one for one in seen if one.get("1") and "6" in one["1"] and "dxCard" in one["1"]["6"]["3"]["5"]]


def missing(wanted, got, path=""):
    """The paths a shape lacks of another."""
    found = []
    for key in sorted(wanted or {}):
        if key not in (got or {}):
            found.append(f"{path}{key}")
        else:
            found += missing(wanted[key], got[key], f"{path}{key}/")
    return found


def test_packing_is_what_the_platform_packs():
    assert decode({"data": pack({"1": {"2": "三"}, "x": [1]})}) == {1: {2: "三"}, "x": [1]}
