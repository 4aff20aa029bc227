"""Refusing a refund, reminding to pay, and the shop's own words, as an owner does it with one thumb."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.commands.table import TABLE
from core.rules.templates import DEFAULTS
from core.values.templates import TemplateName
from tests.counter import OPERATOR, Counter
from tests.flow.sweep import ROWS, shop

REFUSE = next(row for row in ROWS if row.name == "refuse_refund")
REMIND = next(row for row in ROWS if row.name == "remind")
TEMPLATES = next(row for row in ROWS if row.name == "templates")


def verbs(c: Counter) -> list[str]:
    return [button.verb for button in c.last.card.buttons]


def planned(c: Counter, kind: str) -> list[str]:
    with closing(sqlite3.connect(c.store.path)) as file:
        return [row[0] for row in file.execute("SELECT key FROM outbox WHERE kind = ? ORDER BY id", (kind,))]


async def test_the_card_of_a_refund_says_what_to_do_where(tmp_path: Path):
    async with shop(tmp_path, REFUSE) as c:
        await c.type("查单 #1")
        words = c.last.card.plain()
        assert "¥ 50.00 · 不想要了" in words
        assert "同意退款只能在闲鱼 App：我卖出的 → 这笔订单 → 处理退款" in words
        assert "不同意：拒绝退款 #1" in words
        assert verbs(c)[0] == "🚫 拒绝退款"


async def test_a_refund_is_refused_with_three_presses(tmp_path: Path):
    async with shop(tmp_path, REFUSE) as c:
        await c.type("查单 #1")
        await c.press("🚫 拒绝退款")
        assert verbs(c) == ["已经发货", "与描述一致", "取消"]
        await c.press("与描述一致")
        assert "拒绝 #1 的退款？¥ 50.00" in c.last.card.title
        assert "拒绝理由 与描述一致" in c.last.card.plain().replace("：", " ")
        assert planned(c, "refuse_refund") == []
        await c.press("🚫 确定拒绝")
        assert planned(c, "refuse_refund") == ["refuse_refund:28031:0"]
        assert "正在告诉平台" in c.last.card.plain()
        assert "🚫 拒绝退款" not in verbs(c), "there is nothing more to press"


async def test_a_reason_may_be_typed_by_its_place_or_its_words(tmp_path: Path):
    for typed in ("2", "102", "与描述一致"):
        async with shop(tmp_path / typed, REFUSE) as c:
            await c.type(f"拒绝退款 #1 {typed}")
            assert "与描述一致" in c.last.card.plain()
            await c.type("拒绝退款 #1 9")
            assert "可以选：已经发货 / 与描述一致" in c.last.card.plain()


async def test_only_an_owner_refuses(tmp_path: Path):
    async with shop(tmp_path, REFUSE) as c:
        await c.type("拒绝退款 #1 2", OPERATOR)
        assert "身份" in c.last.card.plain()
        assert planned(c, "refuse_refund") == []


async def test_an_order_without_a_request_has_nothing_to_refuse(tmp_path: Path):
    async with shop(tmp_path, TABLE.find("hold")) as c:
        await c.type("拒绝退款 #1")
        assert "没有等处理的退款" in c.last.card.plain()


async def test_an_unpaid_order_has_a_button_to_remind_once(tmp_path: Path):
    async with shop(tmp_path, REMIND) as c:
        await c.type("查单 #1")
        await c.press("💬 催付")
        assert "拍下了「商品 900001」，还没有付款" in c.last.card.plain()
        await c.press("💬 发给买家")
        assert [key.split(":")[0] for key in planned(c, "answer")] == ["say"]
        assert "已催" in c.last.card.plain()
        assert "💬 催付" not in verbs(c)
        await c.type("催付 #1")
        assert "催过一次了" in c.last.card.plain()


async def test_the_list_of_texts_leads_to_each_and_to_its_switch(tmp_path: Path):
    async with shop(tmp_path, TEMPLATES) as c:
        await c.type("话术")
        assert verbs(c)[:4] == ["催付", "缺货", "拦截", "待人工"]
        await c.press("催付")
        assert "⚪ 关" in c.last.card.plain()
        await c.press("🟢 打开")
        assert "🟢 开" in c.last.card.plain()
        assert verbs(c)[0] == "⚪ 关掉"


async def test_a_text_is_shown_as_the_buyer_reads_it_before_it_is_saved(tmp_path: Path):
    async with shop(tmp_path, TEMPLATES) as c:
        await c.type("话术 缺货 「{title}」补货中\n到货就发，订单 {order}")
        words = c.last.card.plain()
        assert "「示例商品」补货中" in words
        await c.press("✅ 保存")
        shown = await c.engine.templates.show(TemplateName.short)
        assert shown.text == "「{title}」补货中\n到货就发，订单 {order}"
        await c.press("↩ 恢复默认")
        await c.press("✅ 保存")
        assert (await c.engine.templates.show(TemplateName.short)).text == DEFAULTS[TemplateName.short]


async def test_a_text_with_a_price_or_a_contact_is_named_and_not_saved(tmp_path: Path):
    async with shop(tmp_path, TEMPLATES) as c:
        for bad, why in (("加微信 abc8888", "联系方式"), ("只要 10 元", "价"), ("您好{name}", "{name}")):
            await c.type(f"话术 缺货 {bad}")
            assert why in c.last.card.plain(), c.last.card.plain()
        assert (await c.engine.templates.show(TemplateName.short)).changed is False
