"""How a command walks: stored, gated, read, carried out once, answered. Real engine, real file."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.auth import Attachment, ChatKind
from core.values.fulfilment import FulfilmentState
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import OPERATOR, OWNER, STRANGER, Counter, open_counter

S = FulfilmentState
PRIVATE = {"chat": "dummy:77", "chat_kind": ChatKind.private}


async def risky_order(counter: Counter, n: int = 1) -> int:
    """An order that waits for approval: six units where two are allowed."""
    return await order(counter, n, quantity=6)


async def order(
    counter: Counter, n: int = 1, quantity: int = 1, status: PlatformStatus = PlatformStatus.pending_ship
) -> int:
    """A paid order of a product that ships by itself."""

    def work(tx):
        account = stockroom.open_account(tx)
        stockroom.add_product(tx, account, f"90000{n}", auto_ship="on", text="好的", price="50", max_quantity="2")
        return stockroom.learn(tx, account, stockroom.record(n, f"90000{n}", status, quantity))

    return await counter.store.write(work)


async def state(counter: Counter, order_id: int) -> FulfilmentState | None:
    task = (await counter.engine.orders.show(order_id)).fulfilment
    return task.state if task else None


async def test_a_command_is_answered_with_a_card(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"查单 {number}")
        assert card is not None
        assert card.ref == f"order:{number}"
        assert card.title.startswith("🔵 已调度 · #1")


async def test_the_same_request_twice_is_one(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"hold {number}")
        assert await c.take(request) is not None
        assert await c.take(request) is None
        assert await state(c, number) is S.held


async def test_approving_with_a_button_turns_the_card_and_names_who(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        card = await c.press("批准", OPERATOR)
        assert c.last.again, "the same message turned"
        assert card is not None
        assert "张三" in card.plain()
        assert any("撤销" in button.verb for button in card.buttons)
        assert await state(c, number) is S.scheduled


async def test_three_people_pressing_at_once_decide_once(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        pressed = c.last
        await asyncio.gather(*(c.press("批准", who, pressed) for who in (OWNER, OPERATOR, OWNER)))
        answers = [shown for shown in c.front.shown if shown.message != pressed.message or shown.again]
        assert sum(shown.again for shown in answers) == 1
        assert sum("按过" in shown.card.title and shown.aside for shown in answers) == 2
        assert await state(c, number) is S.scheduled


async def test_a_button_of_an_older_card_says_who_decided(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await risky_order(c)
        await c.tell()
        old = c.last
        await c.type("批准 1", OPERATOR)
        card = await c.press("拒绝", OWNER, old)
        assert card is not None
        assert "张三" in card.title
        assert "已批准" in card.title


async def test_rejecting_holds_and_tells_how_to_refund(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        card = await c.press("拒绝")
        assert card is not None
        assert "退款请在闲鱼 App" in card.note
        assert await state(c, number) is S.held


async def test_one_hour_more_moves_the_deadline(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await risky_order(c)
        await c.tell()
        card = await c.press("1小时")
        assert card is not None
        assert "剩 2 小时" in card.title


async def test_shipping_by_hand_asks_first_and_can_be_undone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        question = await c.type(f"发货 {number}")
        assert question is not None
        assert "好的" in question.note
        assert await state(c, number) is S.scheduled
        card = await c.press("确认发货")
        assert card is not None
        assert "即将发货" in card.title
        await c.press("撤销")
        assert await state(c, number) is S.held


async def test_no_means_the_order_as_it_was(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        before = await c.engine.orders.show(number)
        await c.type(f"发货 {number}")
        await c.press("取消")
        assert (await c.engine.orders.show(number)).version == before.version


async def test_only_the_asker_confirms_and_only_for_a_minute(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"发货 {number}")
        asked = c.last
        other = await c.press("确认发货", OPERATOR, asked)
        assert other is not None
        assert "发起的人" in other.title
        c.later(seconds=61)
        late = await c.press("确认发货", OWNER, asked)
        assert late is not None
        assert "过期" in late.title


async def test_a_parcel_takes_carrier_and_number_in_one_line(tmp_path: Path):
    async with open_counter(tmp_path) as c:

        def work(tx):
            account = stockroom.open_account(tx)
            stockroom.add_product(tx, account, "900001", mode="physical", auto_ship="on")
            return stockroom.learn(tx, account, stockroom.record(1, "900001"))

        number = await c.store.write(work)
        question = await c.type(f"发货 {number}")
        assert question is not None
        assert [button.verb for button in question.buttons] == ["取消"]
        card = await c.type(f"发货 {number} 顺丰 SF1234567890")
        assert card is not None
        assert "顺丰 SF1234567890" in card.plain()


async def test_a_stale_command_asks_and_then_acts(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        old = c.clock.now() - timedelta(minutes=7)
        question = await c.type(f"拦截 {number}", sent_at=old)
        assert question is not None
        assert "7 分钟前" in question.title
        assert await state(c, number) is S.scheduled
        await c.press("仍要执行")
        assert await state(c, number) is S.held


async def test_a_stale_question_is_just_answered(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("待办", sent_at=c.clock.now() - timedelta(hours=3))
        assert card is not None
        assert card.ref == "pending:0"


async def test_an_edited_message_is_never_carried_out(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"拦截 {number}", edited=True)
        assert card is not None
        assert "编辑" in card.title
        assert await state(c, number) is S.scheduled


async def test_ordinary_talk_in_the_group_is_left_alone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert await c.type("今天天气不错啊") is None
        assert await c.type("// 记一下 明天补货") is None
        assert await c.type("今天天气不错啊", chat_kind=ChatKind.terminal) is not None


async def test_a_near_miss_is_suggested_and_not_done(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        card = await c.type(f"拦载 {number}")
        assert card is not None
        assert "拦截" in card.note
        assert await state(c, number) is S.scheduled


async def test_a_stranger_learns_nothing_but_who_they_are(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for words in ("订单", "急停", "发货 1"):
            card = await c.type(words, STRANGER)
            assert card is not None
            assert "没有登记" in card.title
        assert await c.type("定单", STRANGER) is None, "not even which words there are"
        card = await c.type("我是谁", STRANGER)
        assert card is not None
        assert STRANGER in card.plain()


async def test_a_chat_that_is_not_bound_answers_only_whoami(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("订单", OWNER, **PRIVATE)
        assert card is not None
        assert "没有绑定" in card.title
        assert await c.type("我是谁", OWNER, **PRIVATE) is not None


async def test_a_button_works_only_in_its_own_chat(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.engine.people.bind("dummy:77")
        card = await c.press("批准", OWNER, **PRIVATE)
        assert card is not None
        assert "别的群" in card.title
        assert await state(c, number) is S.awaiting_approval


@pytest.mark.parametrize("forged", ["", "x", "AAAAAAAAAA", "1' OR '1'='1", "键" * 500, "\x00"])
def test_a_forged_button_presses_nothing(tmp_path: Path, forged: str):
    async def run() -> None:
        async with open_counter(tmp_path) as c:
            card = await c.take(c.request(None, button=forged))
            assert card is not None
            assert "没有这个按钮" in card.title

    asyncio.run(run())


async def test_too_many_commands_are_slowed_down(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        cards = [await c.type("待办") for _ in range(31)]
        assert cards[-1] is not None
        assert "太快" in cards[-1].title
        assert await c.type("待办", OPERATOR) != cards[-1], "each person has their own rate"
        c.later(seconds=61)
        card = await c.type("待办")
        assert card is not None
        assert card.ref == "pending:0"


async def test_an_unforeseen_error_has_a_number_that_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with open_counter(tmp_path) as c:
        c.engine.pending = None  # type: ignore[assignment] - a bug in one part
        card = await c.type("待办")
        assert card is not None
        number = card.title.rsplit(" ", 1)[1]
        assert len(number) == 4
        assert any(number in record.message and record.exc_info for record in caplog.records)


async def test_a_busy_front_is_asked_again(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        c.front.busy = 2
        assert await c.type("待办") is not None


async def test_keys_are_imported_after_a_look(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", keyed="on"))
        question = await c.type("导入卡密 1\nAAAA-1111\nBBBB-2222\n\nAAAA-1111")
        assert question is not None
        assert "AAAA" not in question.plain(), "keys are masked"
        assert "新增 2" in question.plain()
        card = await c.press("导入")
        assert card is not None
        assert "剩 2" in card.title


async def test_keys_come_as_a_file_too(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", keyed="on"))
        file = Attachment(name="k.txt", content="卡-1\r\n卡-2\r\n".encode("gbk"))
        question = await c.type("导入卡密 1", attachment=file)
        assert question is not None
        assert "新增 2" in question.plain()
        card = await c.press("导入")
        assert card is not None
        assert "剩 2" in card.title


async def test_typed_words_cannot_name_a_stored_request(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", keyed="on"))
        await c.type("导入卡密 1\nAAAA-1111")
        for words in ("kept:1", "导入卡密 1 kept:1"):
            card = await c.type(words, OPERATOR, chat_kind=ChatKind.terminal)
            assert card is not None
            assert card.ref == "refused:0"


async def test_no_secret_stands_in_a_button(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        old = c.clock.now() - timedelta(minutes=5)
        await c.type("商品 1 内容 网盘密码 hunter2")
        await c.type("导入卡密 1\nAAAA-1111", sent_at=old)
        await c.type("回复 c1 hunter2", sent_at=old)
        with sqlite3.connect(c.store.path) as file:
            words = str(file.execute("SELECT words FROM actions").fetchall())
        assert "kept:" in words
        assert not any(secret in words for secret in ("hunter2", "AAAA"))


async def test_a_setting_is_shown_as_old_and_new_before_it_is_saved(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        question = await c.type("商品 1 底价 25.5")
        assert question is not None
        assert "– → ¥ 25.50" in question.plain()
        assert (await c.engine.items.show(1)).product.floor_fen is None
        await c.press("保存")
        assert (await c.engine.items.show(1)).product.floor_fen == 2550


async def test_the_emergency_stop_is_at_once_and_its_end_is_asked(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("急停", OPERATOR)
        assert (await c.engine.pauses.show()).stopped
        await c.type("恢复运行")
        assert (await c.engine.pauses.show()).stopped
        await c.press("恢复，发")
        assert not (await c.engine.pauses.show()).stopped


async def test_a_pause_ends_by_what_it_covers(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        await c.type("暂停 p1 2小时 补货")
        assert [p.scope for p in (await c.engine.pauses.show()).pauses] == ["product"]
        await c.type("恢复 p1")
        assert (await c.engine.pauses.show()).pauses == ()


async def test_what_a_crash_left_unfinished_is_done_once_after_the_restart(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert await state(c, number) is S.held
        assert len(c.front.shown) == 1
        await c.desk.resume()
        assert len(c.front.shown) == 1


async def test_what_was_done_before_the_crash_is_shown_and_not_done_again(tmp_path: Path):
    """Killed between the act and its answer: the act's own record says that it was done."""
    async with open_counter(tmp_path) as c:
        number = await order(c)
        request = c.request(f"拦截 {number}")
        await c.take(request)
        await _unfinish(c, request.update_id)
        await c.type(f"放行 {number}")
    async with open_counter(tmp_path) as c:
        c.asked = 10
        await c.desk.resume()
        assert await state(c, number) is S.scheduled, "the hold is not repeated"
        assert c.last.card.ref == f"order:{number}"


async def test_a_press_used_up_before_the_crash_is_finished_after_it(tmp_path: Path):
    """Killed between using the button up and the act."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        button = c.last.card.buttons[0]
        request = c.request(None, button=button.action, reply_to=c.last.message)
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.engine.actions.use(button.action, OWNER)
    async with open_counter(tmp_path) as c:
        await c.desk.resume()
        assert await state(c, number) is S.scheduled


async def test_an_unreadable_stored_request_holds_up_nobody(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.engine.requests.keep("dummy:x", b"{garbage")
        request = c.request("待办")
        await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
        await c.desk.resume()
        assert len(c.front.shown) == 1
        assert await c.engine.requests.list_waiting() == ()


async def test_a_bare_word_in_reply_to_a_card_is_about_its_thing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.type("批准", reply_to=c.last.message)
        assert await state(c, number) is S.scheduled


async def test_the_bulk_retry_of_many_is_typed_with_its_number(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("重试 失败")
        assert card is not None
        assert "没有失败" in card.title
        assert card.buttons == ()


async def test_an_english_shop_speaks_english(tmp_path: Path):
    async with open_counter(tmp_path, locale="en") as c:
        card = await c.type("待办")
        assert card is not None
        assert card.title == "✅ Nothing waits for you"
        card = await c.type("待办", locale="zh-CN")
        assert card is not None
        assert card.title == "✅ 没有待办"


async def _unfinish(c: Counter, key: str) -> None:
    """The state a kill leaves: acted, and not marked done."""
    with sqlite3.connect(c.store.path) as file:
        file.execute("UPDATE inbox SET state = 'waiting', done_at = NULL WHERE key = ?", (key,))
