"""Every dial does what it says, and nothing when it is off; limits are kept and can be switched off."""

import time

import httpx2
import pytest

from bot.sandbox.faults import Dial, Faults, UnknownDial
from bot.sandbox.telegram.cloud import DIALS
from bot.sandbox.telegram.pace import Pace
from bot.sandbox.telegram.refusal import Refusal
from tests.contract.telegram_bot import counter


async def test_a_limited_call_says_when_to_come_back_and_does_nothing():
    async with counter() as place:
        place.world.fault("rate_limit", times=1, on="sendMessage", by_s=3)
        said = await place.bot.refuses("sendMessage", chat_id=place.group, text="一")
        assert (said.code, said.words) == (429, "Too Many Requests: retry after 3")
        assert said.parameters == {"retry_after": 3}
        assert place.world.record.list("sent") == []
        await place.says("二")


@pytest.mark.parametrize(("dial", "happened"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_call_breaks_before_or_after_its_effect(dial, happened):
    async with counter() as place:
        place.world.fault(dial, times=1, on="sendMessage")
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            await place.says("一")
        assert len(place.world.record.list("sent")) == happened
        await place.says("二")
        assert place.world.faults.struck == {dial: 1}


async def test_a_slow_call_is_late():
    async with counter() as place:
        place.world.fault("slow", times=1, on="sendMessage", by_s=0.2)
        began = time.monotonic()
        await place.says("慢")
        slow_s = time.monotonic() - began
        began = time.monotonic()
        await place.says("快")
        assert slow_s >= 0.2 > time.monotonic() - began


async def test_a_broken_server_does_nothing():
    async with counter() as place:
        place.world.fault("server_error", probability=1.0)
        assert (await place.bot.refuses("sendMessage", chat_id=place.group, text="x")).code == 502
        place.world.fault("server_error", probability=0)
        await place.says()
        assert len(place.world.record.list("sent")) == 1


async def test_a_conflict_comes_without_another_poller():
    async with counter() as place:
        place.world.fault("conflict", times=1)
        assert (await place.bot.refuses("getUpdates")).code == 409
        assert await place.bot.updates() == []


async def test_an_unknown_kind_of_update_comes_before_a_good_one():
    async with counter() as place:
        place.world.fault("unknown_update", times=1)
        place.world.people.type(place.owner, place.group, "一")
        place.world.people.type(place.owner, place.group, "二")
        kinds = [next(key for key in one if key != "update_id") for one in await place.bot.updates()]
        assert kinds == ["purple_dinosaur", "message", "message"]


def test_dials_are_known_and_say_how_often():
    faults = Faults(DIALS, 1)
    for wrong in (Dial("gravity", 1.0), Dial("slow"), Dial("slow", 0.5, 1)):
        with pytest.raises(UnknownDial):
            faults.set(wrong)
    faults.set(Dial("slow", probability=0.5))
    struck = sum(faults.strikes("slow", "any") is not None for _ in range(400))
    assert 140 < struck < 260
    faults.clear()
    assert faults.strikes("slow", "any") is None


class Watch:
    """Seconds that move when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def writes(pace, chat, count):
    """How many of so many writes pass, and the seconds the first refused one is told."""
    for n in range(count):
        try:
            pace.check(chat)
        except Refusal as refusal:
            return n, (refusal.parameters or {})["retry_after"]
    return count, 0


def test_a_group_takes_20_a_minute_and_a_person_about_one_a_second():
    watch = Watch()
    pace = Pace(watch)
    assert writes(pace, -100, 21) == (20, 60)
    watch.now_s += 59.5
    assert writes(pace, -100, 1) == (0, 1)
    watch.now_s += 0.5
    assert writes(pace, -100, 30) == (20, 60)
    watch.now_s += 2
    assert writes(pace, 7, 9) == (5, 5)


def test_all_chats_together_take_30_a_second():
    watch = Watch()
    pace = Pace(watch)
    assert [writes(pace, chat, 5)[0] for chat in range(1, 8)] == [5] * 6 + [0]
    watch.now_s += 1
    assert writes(pace, 7, 5) == (5, 0)


async def test_edits_share_a_groups_budget_and_answers_do_not():
    async with counter() as place:
        sent = await place.says(reply_markup=place.buttons([{"text": "好", "callback_data": "1"}]))
        at = {"chat_id": place.group, "message_id": sent["message_id"]}
        for n in range(19):
            await place.bot("editMessageText", **at, text=f"{n}")
        said = await place.bot.refuses("editMessageText", **at, text="够了")
        assert (said.code, 0 < said.parameters["retry_after"] <= 60) == (429, True)
        press = place.world.people.press_data(place.owner, place.group, sent["message_id"], "1")
        await place.bot("answerCallbackQuery", callback_query_id=press.id)
        place.world.pacing(on=False)
        await place.bot("editMessageText", **at, text="不限")
