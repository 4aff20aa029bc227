"""Many parcels in one message or file: a verdict a line, one press, each shipped once."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.auth import Attachment
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import OPERATOR, open_counter
from tests.flow.parcels import POOL, SF, SF2, YT, ZT, fill, labels, parcel, sent, states

LIST = f"发货 1 顺丰 {SF}\n发货 #2 圆通 {YT}\n3，{ZT}\n4 顺丰 {YT}\n99 顺丰 {SF2}\n5 顺丰\n1 顺丰 {SF2}\n"


async def test_each_line_has_its_verdict_and_one_press_ships_what_can_go(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for n in range(1, 6):
            await parcel(c, n)
        card = await c.type(LIST)
        shown = card.plain()
        assert "4/7 单可发" in card.title
        assert f"#1 ✅ 顺丰速运 {SF}" in shown and f"#2 ✅ 圆通速递 {YT}" in shown
        assert f"#3 ⚠ 中通快递 {ZT}" in shown and "没写快递公司" in shown
        assert f"#4 ⚠ 顺丰速运 {YT}" in shown and "不像顺丰速运" in shown
        assert shown.count("⛔") == 3 + card.note.count("⛔") and "写了两次" in shown
        assert [await sent(c, n) for n in range(1, 6)] == [(None, None, False)] * 5
        card = await c.press("发出 4 单")
        assert "4/7" in card.title
        assert [(await sent(c, n))[:2] for n in range(1, 6)] == [
            ("SF", SF), ("YTO", YT), ("ZTO", ZT), ("SF", YT), (None, None),
        ]  # fmt: skip


async def test_a_file_is_the_same(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c, 1)
        await parcel(c, 2)
        file = Attachment(name="list.csv", content=f"1,顺丰,{SF}\r\n2,圆通,{YT}\r\n".encode("gb18030"))
        card = await c.type("发货", OPERATOR, attachment=file)
        assert "2/2 单可发" in card.title
        await c.press("发出", OPERATOR)
        assert (await sent(c, 2))[:2] == ("YTO", YT)


async def test_the_same_number_twice_in_a_list_is_told_of(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c, 1)
        await parcel(c, 2)
        card = await c.type(f"发货 1 顺丰 {SF}\n2 顺丰 {SF}")
        assert "#1 已经用了这个单号" in card.plain()


async def test_a_list_of_which_nothing_can_go_offers_no_press(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type(f"发货 7 顺丰 {SF}\n8 顺丰 {SF2}")
        assert labels(card) == ["取消"] and "0/2" in card.title
        card = await c.type("发货\n" + f"7 顺丰 {SF}\n" * 201)
        assert card.ref == "refused:0" and "200" in card.title


async def test_a_crash_in_the_middle_of_a_list_ships_each_line_once(tmp_path: Path):
    """Killed after the first line's act: the press is walked again, and only the second ships then."""
    async with open_counter(tmp_path) as c:
        for n in (1, 2):
            await parcel(c, n)
        await c.type(f"发货 1 顺丰 {SF}\n2 圆通 {YT}")
        button = c.last.card.buttons[0].action
        request = c.request(None, button=button, reply_to=c.last.message)
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.engine.actions.use(button, request.who, again=False)
        apart = c.actor().model_copy(update={"request": f"{request.update_id}:1"})
        await c.engine.shipping.ship(apart, 1, None, "SF", SF)
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert [(await sent(c, n))[:2] for n in (1, 2)] == [("SF", SF), ("YTO", YT)]
        with closing(sqlite3.connect(c.store.path)) as file:
            [(ships,)] = file.execute("SELECT count(*) FROM acts WHERE verb = 'ship'")
        assert ships == 2


async def test_a_line_without_a_number_takes_the_next_of_the_pool(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        for n in range(1, 7):
            await parcel(c, n)
        card = await c.type(f"发货 1 顺丰\n2 圆通 {YT}\n3\n4 顺丰\n5 顺丰\n6 圆通")
        shown = card.plain()
        assert "4/6 单可发" in card.title and shown.count("号池里的下一个") == 3
        assert "顺丰速运的单号用完了" in shown and "圆通速递的单号用完了" in shown
        assert states(c) == [("free", None)] * 3, "nothing is taken before the press"
        card = await c.press("发出 4 单")
        assert [(await sent(c, n))[1] for n in range(1, 7)] == [POOL[0], YT, POOL[1], POOL[2], None, None]
        assert all(number in card.plain() for number in POOL)
        assert states(c) == [("taken", 1), ("taken", 3), ("taken", 4)]


async def test_a_pool_that_ran_out_before_the_press_ships_what_it_can(tmp_path: Path):
    """What was promised on the card is taken in the act's own transaction: never the same number twice."""
    async with open_counter(tmp_path) as c:
        await fill(c)
        for n in range(1, 5):
            await parcel(c, n)
        await c.type("发货 1 顺丰\n2 顺丰")
        asked = c.last
        await c.type("发货 #3 顺丰")
        await c.type("发货 #4 顺丰")
        card = await c.press("发出", card=asked)
        assert "1/2" in card.title and "用完了" in card.plain()
        assert [(await sent(c, n))[1] for n in range(1, 5)] == [POOL[2], None, POOL[0], POOL[1]]


async def test_a_line_that_names_no_carrier_is_asked_where_the_pool_has_several(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c, f"导入单号\n顺丰 {SF}\n圆通 {YT}")
        await parcel(c, 1)
        await parcel(c, 2)
        card = await c.type("发货 1\n2 飞毛腿")
        shown = card.plain()
        assert "0/2" in card.title and "发货 #1 顺丰" in shown and "不认识快递「飞毛腿」" in shown


async def test_goods_without_a_parcel_take_no_number(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c, 1)

        def learn(tx) -> None:
            account = stockroom.open_account(tx)
            stockroom.add_product(tx, account, "900002", price="50", text="好的", auto_ship="off")
            stockroom.learn(tx, account, stockroom.record(2, "900002", PlatformStatus.pending_ship))

        await c.store.write(learn)
        card = await c.type("发货 1 顺丰\n2 顺丰")
        assert "1/2" in card.title and "#2 不用寄" in card.plain()


async def test_a_crash_in_the_middle_of_a_list_takes_each_number_once(tmp_path: Path):
    """Killed after the first line took its number: the press is walked again, the line keeps it, the second gets the next."""
    async with open_counter(tmp_path) as c:
        await fill(c, "导入单号 顺丰\n" + "\n".join(POOL[:2]))
        for n in (1, 2):
            await parcel(c, n)
        await c.type("发货 1 顺丰\n2 顺丰")
        request = c.request(None, button=c.last.card.buttons[0].action, reply_to=c.last.message)
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.engine.actions.use(request.button, request.who, again=False)
        apart = c.actor().model_copy(update={"request": f"{request.update_id}:1"})
        await c.engine.shipping.ship(apart, 1, None, "SF", None)
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert [(await sent(c, n))[1] for n in (1, 2)] == list(POOL[:2])
        assert states(c) == [("taken", 1), ("taken", 2)]
