"""How the counter speaks: once, to the point, in the words a person knows, and never promising more than it does."""

from pathlib import Path

from core.values.people import ChatKind
from tests import stockroom
from tests.counter import GROUP, Counter, open_counter, order

SECOND = "dummy:-2"


async def product(c: Counter, n: int = 1) -> None:
    await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), f"90000{n}", keyed="on"))


async def test_a_pause_made_elsewhere_is_told_where_alerts_go(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.rooms.bind(SECOND, ChatKind.group)
        await c.type("急停", chat=SECOND)
        await c.tell()
        assert [shown.chat for shown in c.front.shown if "急停" in shown.card.title] == [SECOND, GROUP]


async def test_a_pause_made_in_the_only_chat_is_told_by_its_answer_alone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("暂停 30分钟")
        assert await c.tell() == []
        assert len(c.front.shown) == 1


async def test_leaving_the_stop_promises_nothing_while_a_pause_stays(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type("暂停 2小时")
        await c.type("急停")
        c.later(minutes=5)
        question = await c.type("恢复运行")
        assert question is not None
        assert "其他暂停还在，1 笔到时的继续等" in question.title
        assert "全部" in question.plain()
        await c.press("解除急停")
        assert (await c.engine.orders.show(number)).waiting == "paused"


async def test_leaving_the_stop_alone_names_what_goes(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await order(c)
        await c.type("急停")
        c.later(minutes=5)
        question = await c.type("恢复运行")
        assert question is not None
        assert "1 笔到时的会马上发" in question.title


async def test_what_cannot_ship_is_refused_before_it_is_asked_about(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)

        def complete(tx):
            stockroom.learn(tx, 1, stockroom.record(1, "900001", stockroom.PlatformStatus.completed))

        await c.store.write(complete)
        answer = await c.type(f"发货 {number}")
        assert answer is not None
        assert "不能发货" in answer.title
        assert answer.buttons == ()


async def test_a_setting_that_stays_the_same_offers_nothing_to_save(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await product(c)
        await c.type("商品 1 底价 25")
        await c.press("保存")
        answer = await c.type("商品 1 底价 25")
        assert answer is not None
        assert "没有变化" in answer.title
        assert "底价 ¥ 25.00" in answer.plain()
        assert not any("保存" in button.verb for button in answer.buttons)


async def test_a_refusal_names_the_setting_as_the_person_does(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await product(c)
        answer = await c.type("商品 1 底价 abc")
        assert answer is not None
        assert "底价 不是金额" in answer.title
        assert "floor" not in answer.plain()


async def test_what_is_missing_is_named_with_an_example(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        answer = await c.type("发货")
        assert answer is not None
        assert answer.title == "🚫 少写了单号。例：发货 #42"


async def test_the_help_of_a_command_shows_how_it_is_typed(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        ship, settle = await c.type("帮助 发货"), await c.type("帮助 核实")
        assert ship is not None
        assert settle is not None
        assert "发货 <单号> [快递 单号] [照片]" in ship.plain()
        assert "核实 <单号> <已送达 | 重发 | 放弃>" in settle.plain()


async def test_the_help_of_the_products_names_every_setting(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("帮助 商品")
        assert card is not None
        assert "[标题 | 自动发货 | 类型 | 延迟 | 价格 | 底价 |" in card.plain()


async def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await product(c)
        named, alone = await c.type("导入卡密 1 @keys.txt"), await c.type("导入卡密 @keys.txt")
        assert named is not None
        assert alone is not None
        assert "没有 keys.txt 这个文件" in named.plain()
        assert "少写了商品" in alone.title


async def test_chats_alone_lists_the_latest_ones(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        empty = await c.type("对话")
        assert empty is not None
        assert "还没有买家" in empty.title

        def speak(tx):
            account = stockroom.open_account(tx)
            for n, words in ((1, "在吗"), (2, "还有货吗")):
                stockroom.say(tx, account, n, words)

        await c.store.write(speak)
        card = await c.type("对话")
        assert card is not None
        assert [field.label for field in card.fields] == ["c2", "c1"]
        assert "还有货吗" in card.fields[0].value
