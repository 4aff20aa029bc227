"""The sweep: every row of the table × (stranger, viewer, wrong chat, stale, double press, after restart).

The rows come from the table, their words from its examples: a new row is swept without a line here.
"""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.auth import RANKS, Request
from bot.cards.card import Fronts
from bot.commands.command import KEPT, Command, Table, read_arguments
from bot.commands.readers import Source
from bot.commands.table import TABLE
from bot.commands.words import read_line
from bot.desk import Desk
from bot.texts import load
from core.engine.actions import NewAction
from core.moves import chats
from core.values.fulfilment import FulfilmentState
from core.values.ids import ChatNo
from core.values.market import EventKind, MarketEvent
from core.values.orders import PlatformStatus
from core.values.people import ChatKind, Role
from tests import stockroom
from tests.counter import GROUP, OPERATOR, OWNER, STRANGER, VIEWER, Counter, open_counter

ROWS = TABLE.rows
MUTATING = [row for row in ROWS if row.mutating]
STATE_OF = {
    "approve": "risky", "reject": "risky", "postpone": "risky", "release": "held", "undo": "pressed", "retry": "failed",
    "settle": "unknown", "done": "taken", "unblock": "blocked", "resume_auto": "paused", "resume_all": "stopped",
    "unmute": "muted",
}  # fmt: skip
"""What must be so before a row can act; an order that is scheduled otherwise."""


def words_of(row: Command) -> str:
    """The row's example, about the things this test has; keys stand on lines of their own."""
    words = re.sub(r"c7", "c1", re.sub(r"#42", "#1", load("en")(f"example.{row.name}")))
    words = re.sub(r"\b(stock|setstock|item) 3", r"\1 p1", words)
    return "import p2\nAAAA-1111\nBBBB-2222" if row.name == "import" else words


@asynccontextmanager
async def shop(folder: Path, row: Command) -> AsyncIterator[Counter]:
    """A shop in which the row could act: an order, a product, a chat, and what else it needs."""
    async with open_counter(folder) as c:
        await c.store.write(lambda tx: _stage(tx, STATE_OF.get(row.name, "")))
        await _set_the_scene(c, STATE_OF.get(row.name, ""))
        await c.engine.rooms.bind(OWNER, ChatKind.private)
        yield c


def _stage(tx, state: str) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", auto_ship="on", price="50", max_quantity="2", text="好的")
    stockroom.add_product(tx, account, "900002", keyed="on")
    told = stockroom.record(1, "900001", PlatformStatus.pending_ship, 6 if state == "risky" else 1)
    told = told.model_copy(update={"chat_no": "6001@goofish"})
    number = stockroom.learn(tx, account, told)
    if state in ("failed", "unknown"):
        stockroom.begin(tx, number)
    event = MarketEvent(
        event=EventKind.chat_text,
        chat_id=ChatNo("6001@goofish"),
        buyer_id=told.buyer_user_id,
        sender_nick="小鱼",
        text="在吗",
    )
    chats.hear(tx, stockroom.cause(), stockroom.TERMS, account, event, inbox_id=1)


async def _set_the_scene(c: Counter, state: str) -> None:
    before = {"held": "hold #1", "taken": "takeover c1", "blocked": "block c1", "paused": "pause_auto"}
    before |= {"stopped": "stop_all", "muted": "mute buyers 30m"}
    if state in before:
        await c.type(before[state])
    if state == "pressed":
        await c.type("ship #1")
        await c.press("确认发货")
    if state in ("failed", "unknown"):
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = ? WHERE order_id = 1", (state,))


def traces(c: Counter) -> dict[str, object]:
    """Everything an act would have left: the acts themselves, and the states."""
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        tables = ("acts", "fulfilments", "products", "chats", "pauses", "card_keys", "outbox", "approvals")
        tables += ("logins", "mutes", "loudness")
        return {name: file.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}


def acts(c: Counter) -> int:
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        return int(file.execute("SELECT count(*) FROM acts").fetchone()[0])


async def carry_out(c: Counter, row: Command) -> None:
    """Type the row's words, and press the good button of a question."""
    await c.type(words_of(row))
    await confirm(c)


async def confirm(c: Counter) -> Request | None:
    """Press the button that confirms, if the last card asks."""
    for button in c.last.card.buttons:
        if (await c.engine.actions.find(button.action)).confirms:
            request = c.request(None, button=button.action, reply_to=c.last.message)
            await c.take(request)
            return request
    return None


def below(row: Command) -> list[str]:
    """The people whose role is too low for a row."""
    people = {Role.viewer: VIEWER, Role.operator: OPERATOR, Role.owner: OWNER}
    return [] if row.role is None else [people[role] for role in RANKS[: RANKS.index(row.role)]]


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


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_refuses_a_stranger_typed_and_pressed(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        await c.type(words_of(row), STRANGER)
        assert "没有登记" in c.last.card.title
        await _press_stored(c, row, STRANGER)
        assert "没有登记" in c.last.card.title
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if below(row)], ids=lambda row: row.name)
async def test_a_row_refuses_a_lower_role_typed_and_pressed(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        for who in below(row):
            await c.type(words_of(row), who)
            assert "身份" in c.last.card.title
            await _press_stored(c, row, who)
            assert "身份" in c.last.card.title
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_refuses_a_chat_that_is_not_the_shops(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        await c.type(words_of(row), OWNER, chat="dummy:77", chat_kind=ChatKind.private)
        assert "没有绑定" in c.last.card.title
        await _press_stored(c, row, OWNER, chat="dummy:77", chat_kind=ChatKind.private)
        assert c.last.card.ref == "refused:0"
        assert traces(c) == before


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
        if not await _has_confirm(c):
            pressed = await _store(c, row)
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
        pressed = await _store(c, row) if not await _has_confirm(c) else c.last.card.buttons[0].action
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


async def _has_confirm(c: Counter) -> bool:
    buttons = c.last.card.buttons
    return bool(buttons) and (await c.engine.actions.find(buttons[0].action)).confirms


async def _store(c: Counter, row: Command, chat: str = GROUP, *, confirms: bool = False) -> str:
    """A button with the row's words."""
    new = NewAction(words=words_of(row), entity="test", entity_id=0, version=0, chat=chat, confirms=confirms)
    return (await c.engine.actions.keep_all([new]))[0]


async def _press_stored(c: Counter, row: Command, who: str, **changes: object) -> None:
    """Press a button with the row's words that would act at once."""
    button = await _store(c, row, confirms=True)
    await c.take(c.request(None, who, button=button, reply_to="m1", **changes))


def test_the_sweep_sees_every_row():
    assert {row.name for row in ROWS} >= {"ship", "approve", "stop_all", "import", "whoami"}
    assert len(MUTATING) > 15


async def test_a_table_without_roles_would_be_seen(tmp_path: Path):
    """The control of the gate: with it taken away, a stranger's words act."""
    row = next(row for row in ROWS if row.name == "hold")
    async with shop(tmp_path, row) as c:
        c.desk = Desk(c.engine, Fronts({"dummy": c.front}), Table([replace(row, role=None) for row in ROWS]))
        before = traces(c)
        await c.type(words_of(row), STRANGER)
        assert traces(c) != before


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
        await carry_out(c, row)
        await c.tell()
        for shown in c.front.shown:
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
