"""Keys that are gone are voided by a command that says what it would do, and never shows a key (law 11)."""

from pathlib import Path

from core.values.notices import NoticeKind
from tests import stockroom
from tests.counter import OPERATOR, open_counter
from tests.flow.test_desk_notices import notice, show, stage

STOP = {
    "scope": "stop",
    "entity_id": None,
    "until_at": None,
    "by": "restore",
    "reason": "2026-03-02T04:30:00+00:00",
}
"""As `zhanggui restore` writes it (tests/unit/test_backup)."""


async def test_voiding_keys_asks_first_with_what_was_found(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        await c.store.write(lambda tx: stockroom.key_up(tx, 1, ["AAAA-1111", "BBBB-2222", "CCCC-3333"]))
        question = await c.type("作废卡密 p1\nAAAA-1111\nBBBB-2222\nNEVER-1")
        assert {line.label: line.value for line in question.fields}["能作废"] == "2"
        assert {line.label: line.value for line in question.fields}["库里没有"] == "1"
        assert "撤不回" in question.note
        card = await c.press("作废 2 条")
        assert "已作废 2 条" in card.note
        assert (await c.engine.stock.list())[0].product.free == 1
        assert "AAAA" not in question.plain() + card.plain()
        again = await c.type("作废卡密 p1\nAAAA-1111")
        assert [button.verb for button in again.buttons] == ["取消"], "nothing to press"
        assert (await c.type("作废卡密 p1\nCCCC-3333", OPERATOR)).ref.startswith("refused")


async def test_the_card_of_a_restored_shop_says_since_when_facts_are_missing_and_what_to_do(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        await c.store.write(lambda tx: tx.run("pauses.add", **STOP, now=1))
        card = await show(c, await notice(c, NoticeKind.restored))
        assert "12:30" in card.note
        assert "作废卡密" in card.note
        assert "恢复自" in card.fields[0].value
        assert [button.verb for button in card.buttons] == ["▶ 恢复运行"]
        assert card.urgency == "urgent"
