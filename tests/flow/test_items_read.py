"""What an item's page says is read for an answer: once, and again after a day when it said nothing."""

import pytest

from tests.flow.people import Buyer
from tests.flow.shop import Day

PAGE = "mtop.taobao.idle.pc.detail"
QUESTIONS = ("在吗", "还有货吗", "包邮吗")
GONE = "FAIL_BIZ_ITEM_NOT_FOUND::商品不存在"


def reads(day: Day) -> int:
    return day.world._gate.calls.get(PAGE, 0)


async def asks(day: Day, buyer: Buyer, item: str, *questions: str) -> None:
    """Each waits for its answer."""
    for words in questions:
        before = len(day.record("sent"))
        await buyer.says(item, words)
        await day.until(lambda before=before: len(day.record("sent")) > before, f"an answer to {words}")


async def test_an_item_without_a_description_is_read_once_a_day(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await asks(day, buyer, item, *QUESTIONS)
    assert reads(day) == 1
    await day.later(hours=25)
    await asks(day, buyer, item, "在吗")
    assert reads(day) > 1


async def test_an_item_with_a_description_is_read_once(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    day.world.market.items[item].desc = "说明书齐全。"
    await asks(day, buyer, item, *QUESTIONS)
    await day.later(hours=25)
    await asks(day, buyer, item, "在吗")
    assert reads(day) == 1


async def test_an_item_the_platform_does_not_know_is_asked_for_once(day: Day) -> None:
    await day.world.control.post("/faults", dial="other_ret", probability=1, on="pc.detail", ret=[GONE])
    await asks(day, await day.buyer(), await day.card(), *QUESTIONS)
    assert reads(day) == 1


async def test_a_page_that_could_not_be_read_is_asked_for_with_the_next_answer(day: Day) -> None:
    await day.world.control.fault("http_5xx", times=1, on="pc.detail")
    await asks(day, await day.buyer(), await day.card(), *QUESTIONS)
    assert reads(day) == 2


@pytest.mark.day(
    replaced={"stock.read_listing": "UPDATE listings SET read_at = NULL WHERE :account_id || :item_id || :now = ''"}
)
async def test_without_the_note_it_is_read_for_every_answer(day: Day) -> None:
    """The control."""
    await asks(day, await day.buyer(), await day.card(), *QUESTIONS)
    assert reads(day) == len(QUESTIONS)
