"""An account that was taken out of the settings: no longer offered, its orders and books where they were."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.config import Account, Config
from core.config.schema import Shop as ShopConfig
from core.run import open_shop
from core.store.db import Tx
from tests import stockroom as room
from tests.counter import open_counter


async def start(folder: Path, *names: str) -> None:
    """The shop starts with these accounts, and stops."""
    accounts = tuple(Account(name=name) for name in names)
    async with open_shop(Config(shop=ShopConfig(data_dir=folder), accounts=accounts)):
        await asyncio.sleep(0)


def trade(tx: Tx) -> None:
    """An order of each of two accounts; one login is over, and effects of it wait."""
    for n, name in enumerate(("大号", "小号"), 1):
        account = room.open_account(tx, name)
        product = room.add_product(tx, account, f"90000{n}", text="好的", auto_ship="on")
        room.stock_up(tx, product, 5)
        room.learn(tx, account, room.record(n, f"90000{n}"))
    tx.run("accounts.set_state", id=2, state="login_expired", reason="", now=room.cause().now_ms)


async def both(folder: Path) -> None:
    await start(folder, "大号", "小号")
    async with open_counter(folder) as c:
        await c.store.write(trade)


async def test_it_is_shown_as_removed_and_offered_nowhere(tmp_path: Path) -> None:
    await both(tmp_path)
    await start(tmp_path, "大号")
    async with open_counter(tmp_path) as c:
        card = await c.type("账号")
        shown = card.plain()
        assert "a2 小号 ⚫ 配置里没有了" in shown and "1" in card.title
        assert not any("小号" in button.verb for button in card.buttons)
        for words in ("健康", "待办"):
            assert "登录失效" not in (await c.type(words)).plain()
        assert "大号" in (await c.type("重连")).plain(), "the only one there is needs no name"
        assert (await c.type("登录 小号")).ref == "refused:0"


async def test_its_orders_keep_their_history_and_can_be_looked_at(tmp_path: Path) -> None:
    await both(tmp_path)
    async with open_counter(tmp_path) as c:
        before = await c.engine.orders.show(2)
    await start(tmp_path, "大号")
    async with open_counter(tmp_path) as c:
        assert (await c.engine.orders.show(2)).history == before.history
        listed = await c.type("订单 小号")
        assert "#2" in listed.plain() and "#1" not in listed.plain()
        assert "小号" in (await c.type("查单 #2")).plain(), "what is not of the one account there is, is named"
        assert "大号" not in (await c.type("查单 #1")).plain()
        assert "#2" in (await c.type("订单")).plain()


async def test_written_down_again_it_is_back_as_it_was(tmp_path: Path) -> None:
    await both(tmp_path)
    await start(tmp_path, "大号")
    await start(tmp_path, "小号", "大号")
    async with open_counter(tmp_path) as c:
        shown = (await c.type("账号")).plain()
        assert "配置里没有了" not in shown and "a2 小号" in shown
        assert (await c.engine.accounts.find("小号")).id == 2


async def test_what_waits_for_it_is_not_told_as_late(tmp_path: Path) -> None:
    """The control is the same shop with the account still written down."""
    await both(tmp_path)
    late: dict[int, int] = {}
    for names in (("大号", "小号"), ("大号",)):
        await start(tmp_path, *names)
        async with open_counter(tmp_path) as c:
            c.later(hours=2)
            with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
                file.execute("UPDATE accounts SET state = 'offline'")
                if len(names) == 2:
                    add = "INSERT INTO outbox (key, kind, account_id, state, due_at, created_at) VALUES (?, ?, 2, ?, 1, 1)"
                    file.execute(add, ("x", "answer", "waiting"))
            late[len(names)] = (await c.engine.health.show()).outbox_waiting
    assert (late[2], late[1]) == (1, 0)


@pytest.mark.parametrize("names", [("大号", "小号"), ("大号",)])
async def test_a_restart_changes_nothing_but_that(tmp_path: Path, names: tuple[str, ...]) -> None:
    await both(tmp_path)
    await start(tmp_path, *names)
    with closing(sqlite3.connect(next(tmp_path.glob("*.db")))) as file:
        tables = ("orders", "order_lines", "fulfilments", "history", "ledger", "reservations", "products", "listings")
        before = {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    await start(tmp_path, *names)
    with closing(sqlite3.connect(next(tmp_path.glob("*.db")))) as file:
        assert {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in tables} == before


async def test_nobody_answers_for_it(tmp_path: Path) -> None:
    """The control is the same question while the account is written down: it is due then."""
    await both(tmp_path)
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: room.say(tx, 2, 7, "在吗"))
    due: dict[int, int] = {}
    for names in (("大号", "小号"), ("大号",)):
        await start(tmp_path, *names)
        async with open_counter(tmp_path) as c:
            later = room.cause(60).now_ms
            due[len(names)] = len(await c.store.flows.all("chats.due", now=later, full="[]", most=10))
            assert (await c.engine.health.show()).chat_backlog == due[len(names)]
    assert due == {2: 1, 1: 0}
