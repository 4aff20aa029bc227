"""The refund calls against the pretend world: what is read, how a no is said, and what the platform answers."""

import pytest

from core.errors import Refused, Unknown
from core.outside.xianyu.refunds import reasons_of_render, refund_of_detail
from tests.contract.xianyu_shop import calls, paid_order

REFUSE = "mtop.taobao.idle.refund.refuse"


async def asked(world, item, reason="发错货了"):
    order, _, _ = await paid_order(world, item)
    await world.control.act("ask_refund", order, reason=reason)
    return order


async def test_a_request_is_read_with_its_reasons(world, market, item):
    found = await market.find_refund(await asked(world, item))
    assert (found.amount_fen, found.reason, found.refusable, found.refused) == (1990, "发错货了", True, False)
    assert [one.id for one in found.choices] == ["101", "102", "103"]


async def test_an_order_without_a_request_has_none(world, market, item):
    order, _, _ = await paid_order(world, item)
    assert await market.find_refund(order) is None
    assert await market.find_refund("1") is None


async def test_a_refused_request_is_over_and_twice_is_refused(world, market, item):
    order = await asked(world, item)
    found = await market.find_refund(order)
    await market.refuse_refund(found.refund_no, "102")
    after = await market.find_refund(order)
    assert (after.refusable, after.refused, after.choices) == (False, True, ())
    with pytest.raises(Refused, match="REFUND_STATUS_ERROR"):
        await market.refuse_refund(found.refund_no, "102")
    assert len(await world.control.record("refund_refused")) == 1


@pytest.mark.parametrize("act", ["withdraw_refund", "agree_refund"])
async def test_a_request_that_ended_otherwise_was_not_refused(world, market, item, act):
    order = await asked(world, item)
    await world.control.act(act, order)
    found = await market.find_refund(order)
    assert (found.refusable, found.refused) == (False, False)


async def test_a_reason_of_nobodys_and_a_request_of_anothers_are_refused(world, market, item):
    order = await asked(world, item)
    found = await market.find_refund(order)
    with pytest.raises(Refused, match="REFUSE_REASON_ERROR"):
        await market.refuse_refund(found.refund_no, "7")
    with pytest.raises(Refused, match="REFUND_NOT_FOUND"):
        await market.refuse_refund("28", "102")


@pytest.mark.parametrize("dial", ["timeout_before_effect", "timeout_after_effect", "http_5xx"])
async def test_a_no_without_an_answer_is_unknown_and_never_repeated(world, market, item, dial):
    order = await asked(world, item)
    found = await market.find_refund(order)
    await world.control.fault(dial, times=1, on="refund.refuse")
    with pytest.raises(Unknown):
        await market.refuse_refund(found.refund_no, "102")
    assert await calls(world, REFUSE) == 1
    assert len(await world.control.record("refund_refused")) == (dial == "timeout_after_effect")


@pytest.mark.parametrize(
    "junk", [{}, {"data": []}, {"data": {"components": [1, {"render": 2}, {"render": "bottomBar"}]}}]
)
def test_an_answer_of_another_shape_names_no_request(junk):
    assert refund_of_detail(junk) is None
    assert reasons_of_render(junk) == ()


@pytest.mark.parametrize(
    ("words", "fen"), [("¥39.00", 3900), ("1,200.5元", 120050), ("￥ 8", 800), ("全额", None), ("", None)]
)
def test_an_amount_is_read_however_it_is_written(words, fen):
    parts = [{"render": "refundInfo", "data": {"refundId": 280311427650001, "refundAmount": words}}]
    found = refund_of_detail({"components": parts})
    assert (found.refund_no, found.amount_fen) == ("280311427650001", fen)
