"""The clock of a press: its card turns within five seconds of it, once; whatever comes later comes as a message."""

import asyncio

import pytest

from bot.cards.card import Card
from bot.fronts.wecom.presses import CLICK_S, Asked, Presses
from bot.fronts.wecom.shapes import GROUP as IN_GROUP
from bot.fronts.wecom.shapes import Place
from bot.sandbox.wecom.office import ANSWER_S
from core.errors import MaybeSent, Transient
from core.values.fulfilment import FulfilmentState
from core.values.notices import Urgency
from tests.counter import risky_order, state
from tests.flow.test_wecom_counter import held_store
from tests.flow.wecom_counter import BOSS, CHAT, ZHANG, open_wecom, text_of, words_of

PLACE = Place("cb-1", "m1", CHAT, IN_GROUP, ZHANG)
CARD = Card(ref="order:1", version=1, urgency=Urgency.normal, title="🟢 已发货 · #1")


class Mouthpiece:
    """Where presses are answered: what was said, or an error instead."""

    def __init__(self, error=None):
        self.error, self.said = error, []

    async def update(self, chat_id, req_id, template, userids=()):
        self.said.append((req_id, template["card_type"], userids))
        if self.error is not None:
            raise self.error
        return True


def asked(age_s):
    return Asked(PLACE, asyncio.get_running_loop().time() - age_s, task_id="order-1-1@0")


@pytest.mark.parametrize(("age_s", "turned"), [(0, True), (CLICK_S - 0.5, True), (CLICK_S + 0.1, False)])
async def test_a_card_turns_within_five_seconds_of_its_press(age_s, turned):
    mouth = Mouthpiece()
    presses = Presses(mouth, "处理中…")
    assert await presses.become(asked(age_s), CARD) is turned
    assert await presses.whisper(asked(age_s), CARD) is turned
    assert len(mouth.said) == 2 * turned, "nothing is asked of the gateway that it would refuse"


def test_the_platform_and_we_count_the_same_seconds():
    assert CLICK_S <= ANSWER_S


async def test_a_press_is_answered_by_its_card_once():
    presses = Presses(Mouthpiece(), "处理中…")
    one = asked(0)
    assert [await presses.become(one, CARD) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("error", [Transient("chat_unreachable"), MaybeSent("no_answer")])
async def test_a_card_that_could_not_turn_is_not_tried_again_but_answered_by_a_message(error):
    mouth = Mouthpiece(error)
    presses, one = Presses(mouth, "处理中…"), asked(0)
    assert [await presses.become(one, CARD) for _ in range(2)] == [False, False]
    assert len(mouth.said) == 1


async def test_the_clock_runs_from_the_press_and_not_from_when_it_was_stored(tmp_path):
    """The disk was busy for longer than the gateway waits: one line of the gateway's, no refused frame."""
    async with open_wecom(tmp_path, patience_s=(9, 9)) as counter:
        number = await risky_order(counter)
        await counter.tell()
        before, real = len(counter.shown()), counter.world.office.real
        loop = asyncio.get_running_loop()
        release = await held_store(counter)
        await counter.press("批准")
        await asyncio.sleep(0.05)
        (waiting,) = counter.front._presses._open.values()
        waiting.at_s = loop.time() - CLICK_S - 0.1
        counter.world.office.real = lambda: real() + CLICK_S + 0.1
        release.set()
        assert "#1" in text_of(await counter.next(before))
        assert await state(counter, number) is FulfilmentState.scheduled
        assert counter.world.office.noted("card_updated", "refused") == []


async def test_a_press_that_takes_long_says_so_first_and_its_outcome_comes_as_a_line(tmp_path):
    async with open_wecom(tmp_path, patience_s=(9, 0.05)) as counter:
        await risky_order(counter)
        await counter.tell()
        before = len(counter.shown())
        release = await held_store(counter)
        task_id = await counter.press("拒绝")
        assert "处理中" in words_of((await counter.updated(1))["card"])
        assert "button_list" not in counter.world.people.card(task_id)
        release.set()
        outcome = await counter.next(before)
        assert "已拦截" in text_of(outcome)
        assert len(counter.world.office.noted("card_updated")) == 1
        assert await counter.world.people.forge_click(CHAT, task_id, key_of(counter, task_id), BOSS)
        told = await counter.updated(2)
        assert told["for_"] == [BOSS]
        assert "张三" in words_of(told["card"]), "whoever presses what stands there no more hears who decided"


def key_of(counter, task_id):
    sent = [entry["body"].get("template_card", {}) for entry in counter.world.office.noted("sent", "replied")]
    card = next(one for one in sent if one.get("task_id") == task_id)
    return next(b["key"] for b in card["button_list"] if "批准" in b["text"])


async def test_a_press_in_time_turns_its_card(tmp_path):
    """The control: nothing was slow."""
    async with open_wecom(tmp_path, patience_s=(9, 9)) as counter:
        await risky_order(counter)
        await counter.tell()
        before = len(counter.shown())
        await counter.press("批准")
        assert (await counter.updated(1))["for_"] == []
        await asyncio.sleep(0.1)
        assert len(counter.shown()) == before
