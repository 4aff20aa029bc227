"""Acts at the counter: deciding, shipping, keys, settings, pauses; each asks first where goods or stock are at stake."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.auth import Attachment
from bot.cards.pen import Pen
from bot.cards.standing import UNDO_SHOWN, can_undo
from bot.texts import load
from core.moves.apply import apply
from core.moves.step import FulfilmentStep
from core.rules.fulfilment import FulfilmentEvent
from core.store.db import Tx
from core.values.fulfilment import FulfilmentState
from core.values.people import ChatKind
from core.values.templates import TemplateName
from tests import stockroom
from tests.counter import OPERATOR, OWNER, Counter, open_counter, order, risky_order, state

S = FulfilmentState


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


async def test_the_longest_window_is_offered_by_the_answer_that_opened_it(tmp_path: Path):
    """The answer's pen was taken before the act; what goes later than any window was planned, and is not undone."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.press("批准")
        view = await c.engine.orders.show(number)
        ship = view.fulfilment
        assert ship is not None
        pen = Pen(load("zh"), c.engine.zone, ship.updated_at - timedelta(milliseconds=1))
        for late_s, offered in ((0, True), (1, False)):
            due_at = ship.updated_at + UNDO_SHOWN + timedelta(seconds=late_s)
            later = view.model_copy(update={"fulfilment": ship.model_copy(update={"due_at": due_at})})
            assert can_undo(later, pen) is offered


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
        assert "顺丰速运 SF1234567890" in card.plain()


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
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
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


async def test_ending_the_general_pause_leaves_what_was_paused_by_name(tmp_path: Path):
    """A product paused for a bad batch does not ship again by a word about something else."""
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        for words in ("暂停 p1", "暂停", "暂停 全部 2小时"):
            await c.type(words)
        card = await c.type("恢复")
        assert [p.scope for p in (await c.engine.pauses.show()).pauses] == ["product"]
        assert [button.verb for button in card.buttons] == ["▶ 恢复 商品 p1"]
        await c.type("恢复")
        assert [p.scope for p in (await c.engine.pauses.show()).pauses] == ["product"]
        await c.press("恢复 商品 p1")
        assert (await c.engine.pauses.show()).pauses == ()


@pytest.mark.parametrize(
    ("locale", "words", "says"),
    [
        ("zh", "notify junk", "订单 审批"),
        ("en", "通知 乱", "orders approvals"),
        ("zh", "通知 订单 junk", "开 静音 关 这里 主群"),
        ("en", "notify orders 乱", "on silent off here main"),
        ("zh", "stats junk", "今天"),
        ("en", "统计 乱", "today"),
        ("zh", "导出", "少写了订单或审计"),
        ("zh", "撤权", "少写了成员。例：撤权 m3"),
    ],
)
async def test_what_may_be_written_is_told_in_the_readers_language(tmp_path: Path, locale: str, words: str, says: str):
    async with open_counter(tmp_path, locale=locale) as c:
        assert says in (await c.type(words)).plain()


@pytest.mark.parametrize("name", list(TemplateName))
async def test_a_template_is_named_as_its_card_names_it(tmp_path: Path, name: TemplateName):
    async with open_counter(tmp_path) as c:
        word = load("zh")(f"template.{name}")
        assert "开" in (await c.type(f"话术 {word} 开")).plain()


async def test_the_bulk_retry_of_many_is_typed_with_its_number(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("重试 失败")
        assert card is not None
        assert "没有失败" in card.title
        assert card.buttons == ()


async def _fails(c: Counter, n: int) -> None:
    """A shipment that went wrong."""
    number = await order(c, n)

    def work(tx: Tx) -> None:
        stockroom.begin(tx, number)
        apply(tx, stockroom.cause(), stockroom.TERMS, FulfilmentStep(number, FulfilmentEvent.fail))

    await c.store.write(work)


async def test_a_bulk_retry_does_what_was_asked_about_and_no_more(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await _fails(c, 1)
        await c.type("重试 失败")
        question = c.last
        await _fails(c, 2)
        card = await c.press("重试 1 笔", card=question)
        assert card is not None and "状态变了" in card.title
        assert [await state(c, n) for n in (1, 2)] == [FulfilmentState.failed] * 2
        await c.type("重试 失败")
        await c.press("重试 2 笔")
        assert FulfilmentState.failed not in [await state(c, n) for n in (1, 2)]
