"""Many parcels in one message or file: a verdict a line, one press, each shipped once."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.auth import Attachment
from tests.counter import OPERATOR, open_counter
from tests.flow.parcels import SF, SF2, YT, ZT, labels, parcel, sent

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
