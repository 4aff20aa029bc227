"""The pretend world's rarer frames: what `decode` prints of each, as they came over the wire to a bare client."""

import base64
import json

import pytest

from core.tools.decode import decode_text
from tests.contract.test_world_client import counter

PAID = {
    "change": ("order", "pending_ship"),
    "flat": ("order_hint", "pending_ship"),
    "workbench": ("order", "pending_ship"),
    "workbench_unnamed": ("order_hint", "pending_ship"),
    "update": ("order", "pending_ship"),
}


async def decoded(client):
    """What the next frame says, record by record."""
    _, _, frame = await client.frame()
    return list(decode_text(json.dumps(frame), client.jar["unb"]))


@pytest.mark.parametrize("shown", PAID)
async def test_a_payment_is_shown_in_each_variant(shown):
    async with counter() as (world, client, item_id, buyer_id):
        made = await world.control.order(buyer_id, item_id)
        await world.control.pay(made["order_id"], show=shown)
        while (found := await decoded(client))[0]["event"] != PAID[shown][0] or len(found) > 1 or is_first(found[0]):
            pass
        (event,) = found
        assert (event["event"], event["platform_status"]) == PAID[shown]
        assert event.get("order_id") == (made["order_id"] if PAID[shown][0] == "order" else None)
        assert event.get("chat_id") == (None if shown.startswith("workbench") else made["chat_id"])


def is_first(event):
    """The frames of the order itself, before it was paid."""
    return event["platform_status"] != "pending_ship"


async def test_the_changed_card_bears_the_ids_of_the_card_it_changes():
    async with counter() as (world, client, item_id, buyer_id):
        made = await world.control.order(buyer_id, item_id)
        await world.control.pay(made["order_id"], show="change")
        pnms, seen = [], 0
        while seen < 2:
            (event, *_) = await decoded(client)
            if event["event"] == "order":
                pnms, seen = [*pnms, event["pnm_id"]], seen + 1
        assert pnms[0] == pnms[1]


async def test_words_travel_as_an_operation_and_items_as_cards():
    async with counter() as (world, client, item_id, buyer_id):
        where = {"account": "shop", "buyer_id": buyer_id, "item_id": item_id}
        await world.control.post("/talk", **where, text="还在吗", operation=True)
        await world.control.post("/talk", **where, card=item_id)
        texts = []
        while len(texts) < 2:
            _, _, frame = await client.frame()
            entries = frame["body"]["syncPushPackage"]["data"]
            found = list(decode_text(json.dumps(frame), client.jar["unb"]))
            said = [event for event in found if event["event"] == "chat_text"]
            if said and not texts:
                assert base64.b64decode(entries[0]["data"])[:1] == b"{"
            texts += [event["text"] for event in said]
        assert texts[0] == "还在吗" and texts[1] == world.market.items[item_id].title


async def test_a_seller_who_buys_sees_the_buyers_side():
    async with counter() as (world, client, _, _):
        await world.control.account("stranger")
        theirs = await world.control.item("二手手机", 5000, virtual=True, account="stranger")
        me = client.jar["unb"]
        made = await world.control.order(me, theirs, account="stranger")
        while (event := (await decoded(client))[0])["event"] != "order":
            pass
        assert (event["role"], event["buyer_id"], event["order_id"]) == ("buyer", me, made["order_id"])
        assert event["seller_id"] == world.market.accounts["stranger"].unb
        detail = await client.mtop("mtop.idle.web.trade.order.detail", {"tid": made["order_id"]})
        info = next(part["data"] for part in detail["data"]["components"] if part["render"] == "orderInfoVO")
        assert (info["buyerUserId"], detail["data"]["peerUserId"]) == (me, event["seller_id"])
