"""Several accounts and shops at one counter: words name them, cards say whose something is, pauses and figures by part."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.flows.routes import Routes
from core.moves.shipping import fail
from core.rules.reach import Standing
from core.store.db import Tx
from core.values.fulfilment import ErrorClass
from core.values.ids import AccountId
from core.values.people import ChatKind
from core.values.sellers import Seller, Sellers
from core.values.telling import Choices
from tests import stockroom as room
from tests.counter import GROUP, OWNER, Counter, open_counter

SELLERS = Sellers(
    rows=(
        Seller(id=AccountId(1), name="大号", shop="A"),
        Seller(id=AccountId(2), name="小号", shop="B"),
        Seller(id=AccountId(3), name="小号2", shop="B"),
    )
)


def stage(tx: Tx, accounts: tuple[tuple[str, str], ...]) -> None:
    """An order a shop, the first without a plan to ship, and a product each."""
    for n, (name, shop) in enumerate(accounts, start=1):
        account = room.open_account(tx, name, shop)
        product = room.add_product(tx, account, f"90000{n}", title=f"{name}的点卡", text="好的", auto_ship="on")
        room.stock_up(tx, product, 5)
        room.learn(tx, account, room.record(n, f"90000{n}"))
        room.learn(tx, account, room.record(10 + n, f"99999{n}"))


@asynccontextmanager
async def counter(folder: Path, *accounts: tuple[str, str]) -> AsyncIterator[Counter]:
    async with open_counter(folder) as c:
        await c.store.write(lambda tx: stage(tx, accounts))
        yield c


TWO = (("大号", "A"), ("小号", "B"))
ONE = (("大号", "A"),)


@pytest.mark.parametrize(
    ("word", "accounts"),
    [("小号", (2,)), ("a3", (3,)), ("店B", (2, 3)), ("shop:b", (2, 3)), ("B", (2, 3)), ("ａ2", (2,)), ("A", (1,))],
)
def test_a_word_names_an_account_or_a_shop(word: str, accounts: tuple[int, ...]) -> None:
    assert [part.accounts for part in SELLERS.list_named(word)] == [accounts]


def test_what_begins_alike_is_several_and_a_strange_word_is_nothing() -> None:
    assert len(SELLERS.list_named("小", begins=True)) == 2
    assert SELLERS.list_named("小") == ()
    assert SELLERS.list_named("店C", begins=True) == ()


def test_an_account_that_is_called_like_its_whole_shop_is_one_meaning() -> None:
    rows = (Seller(id=AccountId(1), name="甲", shop="甲"), Seller(id=AccountId(2), name="乙", shop="乙"))
    assert len(Sellers(rows=rows).list_named("甲")) == 1
    more = (*rows, Seller(id=AccountId(3), name="丙", shop="甲"))
    assert [part.accounts for part in Sellers(rows=more).list_named("甲")] == [(1,), (1, 3)]


@pytest.mark.parametrize(
    ("words", "has", "hasnt"),
    [
        ("订单 小号", "900002", "900001"),
        ("订单 店A", "900001", "900002"),
        ("库存 店B", "小号的点卡", "大号的点卡"),
        ("库存 a1", "大号的点卡", "小号的点卡"),
        ("待办 店B", "B·小号", "A·大号"),
        ("待办 大", "A·大号", "B·小号"),
    ],
)
async def test_a_row_shows_the_part_that_is_named_and_no_other(
    tmp_path: Path, words: str, has: str, hasnt: str
) -> None:
    async with counter(tmp_path, *TWO) as c:
        said = (await c.type(words)).plain()
        assert has in said
        assert hasnt not in said
        everything = (await c.type(words.split(maxsplit=1)[0])).plain()
        assert has in everything and hasnt in everything, "the control: without the word both are there"


async def test_the_orders_of_a_part_are_leafed_through_newest_first(tmp_path: Path) -> None:
    """Those of a shop's accounts come out of two indexes, in one order, none twice and none left out."""

    def more(tx: Tx) -> None:
        for n in range(40):
            room.learn(tx, 1 + n % 3, room.record(100 + n, "900001"))

    async with counter(tmp_path, ("大号", "A"), ("小号", "B"), ("小号2", "B")) as c:
        await c.store.write(more)
        every = [row.order for row in (await c.engine.orders.list(limit=99)).rows]
        seen: list[int] = []
        before = None
        while True:
            page = await c.engine.orders.list(before=before, accounts=(2, 3))
            seen += [row.order.id for row in page.rows]
            if not page.more:
                break
            before = page.rows[-1].order.id
        assert seen == [order.id for order in every if order.account != "大号"] and len(seen) > 16


@pytest.mark.parametrize(
    "words", ["待办 店C", "库存 店C", "订单 店C", "统计 火星", "库存 火星", "暂停 火星", "登录 火星"]
)
async def test_an_unknown_word_says_which_there_are(tmp_path: Path, words: str) -> None:
    async with counter(tmp_path, *TWO) as c:
        said = (await c.type(words)).plain()
        assert "大号" in said and "小号" in said


async def test_a_word_with_two_meanings_is_asked_about_and_a_press_says_which(tmp_path: Path) -> None:
    async with counter(tmp_path, ("大号", "A"), ("小号", "B"), ("小号2", "B")) as c:
        asked = await c.type("待办 小")
        assert [button.verb for button in asked.buttons] == ["小号", "小号2"]
        answer = await c.press("小号2")
        assert "B·小号2" in answer.plain() and "B·小号 " not in answer.plain()


async def test_login_without_a_name_asks_which_of_several(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        asked = await c.type("重连")
        assert [button.verb for button in asked.buttons] == ["大号", "小号"]
        assert "小号" in (await c.press("小号")).title


async def test_cards_name_the_account_where_there_are_several_and_never_where_there_is_one(tmp_path: Path) -> None:
    shown = {}
    for accounts in (TWO, ONE):
        async with counter(tmp_path / str(len(accounts)), *accounts) as c:
            words = ("查单 #1", "订单", "待办")
            shown[len(accounts)] = [(await c.type(word)).plain() for word in words]
    assert all("A·大号" in card for card in shown[2])
    assert not any("A·大号" in card or "账号" in card for card in shown[1])


async def test_a_stock_alert_says_who_sells_it_and_a_list_of_chats_whose_they_are(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        await c.engine.stock.set_free(c.actor(), 1, 1)
        await c.store.write(lambda tx: room.learn(tx, 1, room.record(30, "900001")))
        await c.tell()
        alert = next(s.card for s in c.front.shown if "p1" in s.card.title and "卖完" in s.card.title)
        assert "A·大号" in alert.plain()
        await c.store.write(lambda tx: room.say(tx, 2, 7, "在吗"))
        assert "B·小号" in (await c.type("对话")).plain()


async def test_a_paused_account_waits_and_the_other_ships(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        card = await c.type("暂停 小号 2小时")
        assert "小号" in card.plain() and "2小时" not in card.title
        later = room.cause(60).now_ms
        due = await c.store.flows.all("fulfilments.due", now=later, paused=0, most=10)
        assert {row["account_id"] for row in due} == {1}
        await c.type("恢复 小号")
        due = await c.store.flows.all("fulfilments.due", now=later, paused=0, most=10)
        assert {row["account_id"] for row in due} == {1, 2}, "the control: without the pause both are due"


async def test_a_paused_shop_is_all_its_accounts_and_one_act(tmp_path: Path) -> None:
    async with counter(tmp_path, ("大号", "A"), ("小号", "B"), ("小号2", "B")) as c:
        card = await c.type("暂停 店B")
        assert [field.label for field in card.fields] == ["小号", "小号2"]
        on = await c.store.people.all("pauses.active", now=room.cause(1).now_ms)
        assert [row["entity_id"] for row in on] == [2, 3]
        assert "没有" in (await c.type("恢复 大号")).plain()
        assert not (await c.type("恢复 店B")).fields


async def test_figures_of_a_part_are_its_own_and_together_they_are_all(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        every = (await c.type("统计")).title
        east, west = (await c.type("统计 店A")).title, (await c.type("统计 小号 7天")).title
        assert "4" in every and "2" in east and "2" in west
        assert "A" in east and "小号" in west
        report = (await c.type("日报")).plain()
        assert "A 全天 2 单 · ¥ 100.00" in report and "B 全天 2 单 · ¥ 100.00" in report
        assert "小号" in (await c.type("日报 小号")).title


async def test_with_one_account_the_report_speaks_of_no_parts(tmp_path: Path) -> None:
    async with counter(tmp_path, *ONE) as c:
        assert "全天 2" not in (await c.type("日报")).plain()


async def test_a_group_serves_a_shop_and_its_alerts_go_there_first(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        await c.engine.rooms.bind("dummy:second", ChatKind.group, "二店")
        card = await c.type("本群 店B", chat="dummy:second")
        assert "B" in card.title
        rooms = {row.chat: row.shop for row in await c.engine.rooms.list()}
        assert rooms["dummy:second"] == "B" and rooms[GROUP] is None
        due = await c.store.flows.all("notices.due", now=room.cause(1).now_ms, most=20)
        told = {row["entity_id"]: row["shop"] for row in due if row["entity"] == "order"}
        assert told == {2: "A", 4: "B"}
        homes = ("dummy:first", "dummy:second")
        routes = Routes(frozenset(homes), homes, {"dummy:second": "B"}, (), Choices(levels={}, routes={}))
        due = [row for row in due if row["entity"] == "order"]
        assert [routes.target(row, {}, c.clock.now()) for row in due] == ["dummy:first", "dummy:second"]
        down = {"dummy:second": Standing(failures=9, free_at=c.clock.now() + timedelta(hours=1))}
        assert {routes.target(row, down, c.clock.now()) for row in due} == {"dummy:first"}, "it arrives (law 10)"
        await c.type("本群 全部", chat="dummy:second")
        assert {row.shop for row in await c.engine.rooms.list()} == {None}


async def test_of_many_accounts_those_in_trouble_stand_first_and_alone_have_buttons(tmp_path: Path) -> None:
    names = tuple((f"号{n}", "A" if n < 10 else "B") for n in range(30))
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: [room.open_account(tx, *one) for one in names])
        trouble = {"id": 28, "state": "challenged", "reason": "滑块", "now": room.cause().now_ms}
        await c.store.write(lambda tx: tx.run("accounts.set_state", **trouble))
        card = await c.type("账号")
        assert card.title == "🔑 账号 30 个 · 🟢 29 · 🔴 1"
        assert card.fields[0].label == "a28 号27" and "B" in card.fields[0].value and "滑块" in card.fields[0].value
        assert [button.verb for button in card.buttons] == ["📷 扫码登录 号27", "🔌 重连 号27"]
        assert "6" in card.note and len(card.fields) == 24


async def test_a_table_of_a_part_holds_its_orders_and_says_whose_in_the_record(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        await c.engine.rooms.bind(OWNER, ChatKind.private)
        found = {}
        for words in ("导出 订单", "导出 订单 小号 7天", "导出 订单 7天 店A"):
            card = await c.type(words, OWNER, chat=OWNER, chat_kind=ChatKind.private)
            rows = list(csv.DictReader(io.StringIO(card.file.content.decode("utf-8-sig"), newline="")))
            found[words] = {row["账号"] for row in rows}, card.file.name
        assert [accounts for accounts, _ in found.values()] == [{"大号", "小号"}, {"小号"}, {"大号"}]
        assert found["导出 订单 小号 7天"][1].startswith("orders_a2_")
        last = await c.store.people.one("acts.last_of", entity="orders", entity_id=0, verb="export")
        act = await c.store.people.one("acts.find", id=last["id"])
        assert act["after"].startswith("orders A ")
        refused = await c.type("导出 审计 小号", OWNER, chat=OWNER, chat_kind=ChatKind.private)
        assert refused.ref == "refused:0" and refused.file is None
        for strange in ("导出 订单 火星", "指标 火星"):
            assert (await c.type(strange, OWNER, chat=OWNER, chat_kind=ChatKind.private)).ref == "refused:0"


async def test_figures_by_which_a_part_is_judged_are_its_own(tmp_path: Path) -> None:
    """One account's shipment failed, the other's went: the shop's figure is between, each part's is its own."""

    def ships(tx: Tx) -> None:
        room.ship(tx, 1, room.record(1, "900001"))
        room.begin(tx, 3)
        fail(tx, room.cause(1), room.TERMS, 3, ErrorClass.business, "系统繁忙")

    async with counter(tmp_path, *TWO) as c:
        await c.store.write(ships)
        rates = {}
        for words in ("指标", "指标 大号", "指标 店B 今天", "指标 7天 小号"):
            card = await c.type(words)
            rates[words] = next(line.value for line in card.fields if line.label == "自动发货成功率")
            assert ("系统可用性" in card.plain()) == (words == "指标"), card.plain()
        assert "50%" in rates["指标"] and "100%" in rates["指标 大号"]
        assert "0%" in rates["指标 店B 今天"] and "100%" not in rates["指标 7天 小号"]


async def test_the_board_of_a_part_is_shown_once_and_leaves_the_one_that_follows(tmp_path: Path) -> None:
    async with counter(tmp_path, *TWO) as c:
        await c.type("看板")
        first = await c.store.people.one("acts.last_of", entity="board", entity_id=1, verb="board")
        await c.type("暂停 小号")
        whole = (await c.type("看板 小号")).plain()
        assert "小号" in whole and "大号" not in whole and "不会跟着变" in whole
        other = (await c.type("看板 店A")).plain()
        assert "大号" in other and "小号" not in other and "⏸" not in other, "a pause of another holds it not up"
        assert not c.front.pins
        last = await c.store.people.one("acts.last_of", entity="board", entity_id=1, verb="board")
        assert first["id"] is not None and last["id"] == first["id"], "looking at a part takes no board down"
