"""SIGKILL at every member of the Steps enum: nothing is lost, shipped or answered twice, and no alert is missing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.steps import Steps
from core.store.db import FILE
from core.tools.verify import verify
from tests.crash.day import OWNER_SAYS, QUESTION, Day, a_day

AGAIN = {Steps.tell_claimed: 3, Steps.tell_shown_unnoted: 3, Steps.deliver_claimed: 4, Steps.deliver_noted: 4}
"""Steps that the shop's own start passes first: killed at a later pass, when an order is under way."""


async def live(day: Day, step: str, nth: int) -> tuple[str, str, str]:
    """The day, whatever happens to the process in it; the chat asked in, the order that ships, the one left alone."""
    control = day.world.control
    await day.shop.start(step, nth)
    asker, buyer, big = [await control.buyer(nick) for nick in ("问问", "买买", "大户")]
    asked = await control.talk(asker, day.item, QUESTION)
    order = await control.order(buyer, day.item)
    await control.pay(order["order_id"], show="card")
    risky = await control.order(big, day.item, quantity=3)
    await control.pay(risky["order_id"], show="card")
    await day.until(lambda: day.record("sent", chat_id=asked["chat_id"]), "an answer")
    await day.until(lambda: day.record("shipped", order_id=order["order_id"]), "the shipment")
    await day.until(lambda: day.told("order_risky"), "the question about the risky order")
    if step.startswith("report"):
        await day.until(lambda: day.told("daily_report"), "the day's report")
    if step == Steps.login_done_unnoted:
        await day.log_in_anew()
    if step == Steps.refusal_done_unnoted:
        await day.refuse_refund(risky["order_id"])
    if step == Steps.keep_before_end:
        await day.shop.type("留货 p2 2 1分钟 王先生")
    if step == Steps.setting_stored:
        await day.set_workers(2)
    if step and not step.startswith("request"):
        await day.until(day.shop.killed.is_set, f"the kill at {step}")  # what is typed to a dying terminal is not kept
    await day.shop.type(f"回复 c1 {OWNER_SAYS}")
    await day.until(lambda: day.record("sent", text=OWNER_SAYS), "the owner's words")
    await day.until(lambda: day.told("approval_expired"), "the end of the question")
    await day.until(lambda: day.told("order_shipped"), "the card of the shipment")
    return asked["chat_id"], order["order_id"], risky["order_id"]


def check(day: Day, chat_id: str, order_no: str, risky_no: str) -> None:
    """The world's own record and the shop's books agree."""
    answers = [entry["text"] for entry in day.record("sent", chat_id=chat_id) if entry["text"] != OWNER_SAYS]
    assert len(answers) == 1, f"answered {answers}"
    assert len(day.record("sent", text=OWNER_SAYS)) == 1, "the owner's words went out more than once"
    assert len(day.record("shipped", order_id=order_no)) == 1
    assert not day.record("shipped", order_id=risky_no), "silence shipped goods"
    keys = [entry["text"] for entry in day.record("sent") if "KEY-" in entry["text"]]
    assert len(keys) == 1, f"delivered {keys}"
    for kind in ("order_risky", "approval_expired", "order_shipped"):
        assert day.told(kind), f"nobody was told {kind}"
    assert [count for _, count in reports(day)] in ([], [1]), "the day was reported twice"
    if day.record("login"):
        assert day.told("login_code"), "nobody saw the code"
    if day.record("refund_asked"):
        assert len(day.record("refund_refused")) == 1, "the refund was refused more than once, or not at all"
        assert day.told("refusal_done"), "nobody was told that it was refused"
    if chosen := settings(day):
        assert chosen == [("limits.workers", "2", 1)], "a setting that was stored counts, and once"
    if kept := keeps(day):
        assert kept == [("expired", 5, 1)], "kept units came back once"
        assert day.told("keep_expired"), "nobody was told that they are back"
    verdict = verify(day.folder / "data", ZoneInfo("Asia/Shanghai"))
    assert verdict.is_right, verdict.findings


def settings(day: Day) -> list[tuple[str, str, int]]:
    """What was chosen in the chat, with how often it is on record."""
    counted = "SELECT key, value, (SELECT count(*) FROM acts WHERE verb = 'set') FROM settings"
    with closing(sqlite3.connect(day.folder / "data" / FILE)) as connection:
        return connection.execute(counted).fetchall()


def keeps(day: Day) -> list[tuple[str, int, int]]:
    """What was kept: its state, how many are free now, and how often they came back."""
    released = "SELECT count(*) FROM ledger WHERE keep_id = keeps.id AND kind = 'release'"
    with closing(sqlite3.connect(day.folder / "data" / FILE)) as connection:
        return connection.execute(
            f"SELECT state, (SELECT free FROM products WHERE id = 2), ({released}) FROM keeps"
        ).fetchall()


def reports(day: Day) -> list[tuple[str, int]]:
    """The notices of the day's report, each with how often it was wanted."""
    with closing(sqlite3.connect(day.folder / "data" / FILE)) as connection:
        return connection.execute("SELECT key, count FROM notices WHERE kind = 'daily_report'").fetchall()


@pytest.mark.parametrize("step", list(Steps), ids=lambda step: step.value)
async def test_a_process_killed_at_a_step_loses_and_doubles_nothing(step: Steps, tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        trades = await live(day, step.value, AGAIN.get(step, 1))
        assert day.shop.killed.is_set(), f"{step} was never reached"
        if step is Steps.setting_stored:
            await day.shop.type("配置 limits")
            await day.until(
                lambda: "2 · 聊天里设的" in "".join(day.shop.printed), "the setting in force after the kill"
            )
        assert await day.shop.stop() == 0
        check(day, *trades)


async def test_a_day_without_a_kill_is_right_too(tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        trades = await live(day, "", 0)
        assert not day.shop.killed.is_set()
        assert day.told("approval_reminder")
        assert day.told("approval_escalated")
        assert await day.shop.stop() == 0
        check(day, *trades)


async def test_a_shop_that_does_not_ask_first_delivers_twice(tmp_path: Path) -> None:
    """The control of law 3: without the question a text whose answer was lost goes out again."""
    async with a_day(tmp_path) as day:
        await day.shop.start(Steps.deliver_done_unnoted, 1, blind=True)
        buyer = await day.world.control.buyer("买买")
        order = await day.world.control.order(buyer, day.item)
        await day.world.control.pay(order["order_id"], show="card")
        await day.until(lambda: day.record("shipped", order_id=order["order_id"]), "the shipment")
        assert day.shop.killed.is_set()
        assert len([entry for entry in day.record("sent") if "KEY-" in entry["text"]]) == 2
