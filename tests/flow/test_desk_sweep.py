"""The sweep: every row of the table × (those who may, stale, double press, after a crash).

The rows come from the table, their words from its examples: a new row is swept without a line here.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.card import Fronts
from bot.commands.command import KEPT, Command, read_arguments
from bot.commands.readers import Source
from bot.commands.table import TABLE
from bot.commands.words import read_line
from bot.desk import Desk
from bot.texts import load
from core.values.fulfilment import FulfilmentState
from tests import stockroom
from tests.counter import OWNER, Counter, open_counter
from tests.flow.sweep import MUTATING, ROWS, acts, carry_out, confirm, has_confirm, shop, store_button, traces, words_of


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_answers_those_who_may(tmp_path: Path, row: Command):
    """The control of all others: the same words do work."""
    async with shop(tmp_path, row) as c:
        before = traces(c)
        await carry_out(c, row)
        assert c.last.card.ref != "refused:0", c.last.card.plain()
        assert "出错" not in c.last.card.title
        if row.mutating and row.name not in ("retry", "first"):
            assert traces(c) != before, c.last.card.plain()


@pytest.mark.parametrize("row", MUTATING, ids=lambda row: row.name)
async def test_a_stale_act_asks_and_then_acts(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        await c.type(words_of(row), sent_at=c.clock.now() - timedelta(minutes=5))
        assert "还要执行吗" in c.last.card.title
        assert traces(c) == before
        await c.press("仍要执行")
        await confirm(c)
        assert c.last.card.ref != "refused:0", c.last.card.plain()


@pytest.mark.parametrize("row", MUTATING, ids=lambda row: row.name)
async def test_a_double_press_acts_once(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        await c.type(words_of(row))
        if not await has_confirm(c):
            pressed = await store_button(c, row)
            before = acts(c)
            for who in (OWNER, OWNER):
                await c.take(c.request(None, who, button=pressed, reply_to="m1"))
        else:
            before, asked = acts(c), c.last
            for _ in range(2):
                await c.press(asked.card.buttons[0].verb, OWNER, asked)
        assert acts(c) <= before + 1
        assert c.last.card.ref == "refused:0"


@pytest.mark.parametrize("row", MUTATING, ids=lambda row: row.name)
async def test_an_act_interrupted_by_a_crash_is_done_exactly_once(tmp_path: Path, row: Command):
    """Killed before the act, and again between the act and its answer."""
    async with shop(tmp_path, row) as c:
        await c.type(words_of(row))
        pressed = await store_button(c, row) if not await has_confirm(c) else c.last.card.buttons[0].action
        request = c.request(None, button=pressed, reply_to=c.last.message)
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        before = acts(c)
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        once = acts(c)
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE inbox SET state = 'waiting', done_at = NULL WHERE key = ?", (request.update_id,))
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert acts(c) == once <= before + 1
        assert await c.engine.requests.list_waiting() == ()
        assert c.front.shown, "the answer is shown after the restart"


def test_the_sweep_sees_every_row():
    assert {row.name for row in ROWS} >= {"ship", "approve", "stop_all", "import", "whoami"}
    assert len(MUTATING) > 15


async def test_a_desk_that_finds_nothing_stale_would_be_seen(tmp_path: Path):
    """The control of staleness."""
    row = next(row for row in ROWS if row.name == "hold")
    async with shop(tmp_path, row) as c:
        c.desk = Desk(c.engine, Fronts({"dummy": c.front}), TABLE, stale_s=1e6)
        before = traces(c)
        await c.type(words_of(row), sent_at=c.clock.now() - timedelta(minutes=5))
        assert traces(c) != before


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_every_button_an_answer_shows_is_a_command_that_can_be_typed(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        await c.type(words_of(row))
        asked = list(c.front.shown)
        for shown in asked:
            await _check_buttons(c, [button.action for button in shown.card.buttons])
        await confirm(c)
        await c.tell()
        for shown in c.front.shown[len(asked) :]:
            await _check_buttons(c, [button.action for button in shown.card.buttons])


@pytest.mark.parametrize("state", FulfilmentState)
async def test_an_order_in_any_state_is_a_card_whose_buttons_are_commands(tmp_path: Path, state: FulfilmentState):
    async with shop(tmp_path, next(row for row in ROWS if row.name == "order")) as c:
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = ? WHERE order_id = 1", (state.value,))
        await c.type("order #1")
        shown = c.last.card
        assert shown.ref == "order:1"
        word = "已发货" if state is FulfilmentState.succeeded else load("zh")(f"ship_state.{state}")
        assert word in shown.title
        await _check_buttons(c, [button.action for button in shown.buttons])


async def _check_buttons(c: Counter, buttons: list[str]) -> None:
    """Each button's words are a row of the table, and can be read; the ones that repeat a request are checked by it."""
    for button in buttons:
        words = (await c.engine.actions.find(button)).words
        if words.startswith(KEPT):
            assert await c.engine.requests.find(int(words.removeprefix(KEPT))) is not None
            continue
        line = read_line(words)
        row = TABLE.find(line.word)
        assert row is not None, words
        await read_arguments(row, Source(line, c.engine, c.clock.now(), stockroom.ZONE))
