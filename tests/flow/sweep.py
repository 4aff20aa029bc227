"""What the sweeps over the command table stand on: a shop in which a row could act, and what an act would leave."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

from bot.auth import RANKS, Request
from bot.commands.command import Command
from bot.commands.table import TABLE
from bot.texts import load
from core.engine.actions import NewAction
from core.moves import binding, chats
from core.values.ids import ChatNo
from core.values.market import EventKind, MarketEvent
from core.values.orders import PlatformStatus
from core.values.people import ChatKind, Role
from tests import stockroom
from tests.counter import GROUP, OPERATOR, OWNER, VIEWER, Counter, open_counter

ROWS = TABLE.rows
MUTATING = [row for row in ROWS if row.mutating]
STATE_OF = {
    "approve": "risky", "reject": "risky", "postpone": "risky", "release": "held", "undo": "pressed", "retry": "failed",
    "settle": "unknown", "done": "taken", "unblock": "blocked", "resume_auto": "paused", "resume_all": "stopped",
    "bind": "printed", "unmute": "muted", "resend": "unsaid", "reload": "edited",
    "remind": "unpaid", "refuse_refund": "refunding", "put_away": "numbers", "correct": "sent",
    "returned": "back", "void_keys": "keyed",
    "keep": "counted", "put_back": "kept", "collect": "kept", "keep_on": "kept",
}  # fmt: skip
"""What must be so before a row can act; an order that is scheduled otherwise."""


def words_of(row: Command) -> str:
    """The row's example, about the things this test has; keys stand on lines of their own."""
    words = re.sub(r"c7", "c1", re.sub(r"#42", "#1", load("en")(f"example.{row.name}")))
    words = re.sub(r"\b(stock|setstock|item|keep) p3( 2 p5)?", r"\1 p1", words)
    return f"{row.name} p2\nAAAA-1111\nBBBB-2222" if row.name in ("import", "void_keys") else words


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
    status = PlatformStatus.pending_payment if state == "unpaid" else PlatformStatus.pending_ship
    told = stockroom.record(1, "900001", status, 6 if state == "risky" else 1)
    told = told.model_copy(update={"chat_no": "6001@goofish"})
    if state == "back":
        stockroom.stock_up(tx, 1, 3)
    number = stockroom.learn(tx, account, told)
    if state == "back":
        stockroom.ship(tx, number, told)
    if state in ("failed", "unknown"):
        stockroom.begin(tx, number)
    if state == "refunding":
        stockroom.ask_refund(tx, number)
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
    before |= {"stopped": "stop_all", "muted": "mute buyers 30m", "unsaid": "say c1 hello"}
    if state in ("counted", "kept"):
        await c.engine.stock.set_free(c.actor(OWNER), 1, 20)
    if state == "keyed":
        await c.engine.stock.add_keys(c.actor(OWNER), 2, ["AAAA-1111"])
    if state == "kept":
        await c.type("keep p1 2 30m Mr Wang")
    if state in before:
        await c.type(before[state])
    if state == "numbers":
        await c.type("导入单号 顺丰 SF1234567890123")
        await c.press("导入")
    if state == "edited":
        (c.store.path.parent / "config.toml").write_text("[replies]\nmax_chars = 111\n")
    if state == "printed":
        await print_code(c, "K7QFM3ZP")
    if state == "pressed":
        await c.type("ship #1")
        await c.press("确认发货")
    if state == "sent":
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = 'succeeded' WHERE order_id = 1")
    if state in ("failed", "unknown"):
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = ? WHERE order_id = 1", (state,))
    if state == "unsaid":
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE outbox SET state = 'refused' WHERE kind = 'answer'")


async def print_code(c: Counter, code: str) -> None:
    """A one-time code, as `run` prints one."""
    await c.store.write(lambda tx: binding.issue(tx, stockroom.cause(), code, timedelta(hours=24)))


def traces(c: Counter) -> dict[str, object]:
    """Everything an act would have left: the acts themselves, and the states."""
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        tables = ("acts", "fulfilments", "products", "waybills", "chats", "pauses", "card_keys", "outbox", "approvals")
        tables += ("members", "identities", "rooms", "binding_codes", "logins", "mutes", "loudness", "settings")
        tables += ("templates", "keeps")
        return {name: file.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}


def acts(c: Counter) -> int:
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        return int(file.execute("SELECT count(*) FROM acts").fetchone()[0])


async def carry_out(c: Counter, row: Command) -> None:
    """Type the row's words, and press the good button of a question."""
    await c.type(words_of(row))
    await confirm(c)


async def confirm(c: Counter, **changes: object) -> Request | None:
    """Press the button that confirms, if the last card asks."""
    for button in c.last.card.buttons:
        if (await c.engine.actions.find(button.action)).confirms:
            request = c.request(None, button=button.action, reply_to=c.last.message, **changes)
            await c.take(request)
            return request
    return None


def below(row: Command) -> list[str]:
    """The people whose role is too low for a row."""
    people = {Role.viewer: VIEWER, Role.operator: OPERATOR, Role.owner: OWNER}
    return [] if row.role is None else [people[role] for role in RANKS[: RANKS.index(row.role)]]


async def has_confirm(c: Counter) -> bool:
    buttons = c.last.card.buttons
    return bool(buttons) and (await c.engine.actions.find(buttons[0].action)).confirms


async def store_button(c: Counter, row: Command, chat: str = GROUP, *, confirms: bool = False) -> str:
    """A button with the row's words."""
    new = NewAction(words=words_of(row), entity="test", entity_id=0, version=0, chat=chat, confirms=confirms)
    return (await c.engine.actions.keep_all([new]))[0]


async def press_stored(c: Counter, row: Command, who: str, **changes: object) -> None:
    """Press a button with the row's words that would act at once."""
    button = await store_button(c, row, confirms=True)
    await c.take(c.request(None, who, button=button, reply_to="m1", **changes))
