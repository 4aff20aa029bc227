"""The gate, swept: every row of the table × who asks (stranger, lower role, shut out, nobody) and where."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards.card import Fronts
from bot.commands.command import Command, Table
from bot.desk import Desk
from core.values.people import ChatKind
from tests.counter import GROUP, OPERATOR, OWNER, STRANGER
from tests.flow.sweep import ROWS, below, confirm, press_stored, shop, store_button, traces, words_of


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_refuses_a_stranger_typed_and_pressed(tmp_path: Path, row: Command):
    """What they type in a group is not for the shop; in private it is one polite line, to a press a toast."""
    async with shop(tmp_path, row) as c:
        before = traces(c)
        assert await c.type(words_of(row), STRANGER) is None
        await c.type(words_of(row), STRANGER, chat=STRANGER, chat_kind=ChatKind.private)
        assert "没有登记" in c.last.card.title and not c.last.card.buttons
        await press_stored(c, row, STRANGER)
        assert "没有登记" in c.last.card.title
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if below(row)], ids=lambda row: row.name)
async def test_a_row_refuses_a_lower_role_typed_and_pressed(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        for who in below(row):
            await c.type(words_of(row), who)
            assert "身份" in c.last.card.title
            await press_stored(c, row, who)
            assert "身份" in c.last.card.title
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_refuses_a_chat_that_is_not_the_shops(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        await c.type(words_of(row), OWNER, chat="dummy:77", chat_kind=ChatKind.private)
        assert "没有绑定" in c.last.card.title
        await press_stored(c, row, OWNER, chat="dummy:77", chat_kind=ChatKind.private)
        assert c.last.card.ref == "refused:0"
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_is_silent_in_a_group_that_is_not_the_shops(tmp_path: Path, row: Command):
    """But for its own people, who are told that it is not."""
    async with shop(tmp_path, row) as c:
        before = traces(c)
        assert await c.type(words_of(row), STRANGER, chat="dummy:-77") is None
        await c.type(words_of(row), OWNER, chat="dummy:-77")
        assert "没有绑定" in c.last.card.title
        assert traces(c) == before


SECOND_HAND = {"anonymous": "匿名", "forwarded": "转发", "edited": "编辑过"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_refuses_words_of_nobody_and_second_hand_words(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        before = traces(c)
        for how, said in SECOND_HAND.items():
            who = "dummy:1087968824" if how == "anonymous" else OWNER
            await c.type(words_of(row), who, **{how: True})
            reads = how == "forwarded" and row.copies
            assert (said in c.last.card.title) is not reads
            await press_stored(c, row, who, **{how: True})
            assert (said in c.last.card.title) is not reads
        assert traces(c) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.name not in ("unbind", "room")], ids=lambda row: row.name)
async def test_a_row_works_in_its_persons_private_chat_by_role(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        private = {"chat": OWNER, "chat_kind": ChatKind.private}
        await c.type(words_of(row), **private)
        await confirm(c, **private)
        assert c.last.card.ref != "refused:0", c.last.card.plain()
        assert (await c.engine.rooms.list_private())[0].chat == OWNER
        before = traces(c)
        for who in below(row):
            await c.type(words_of(row), who, chat=who, chat_kind=ChatKind.private)
            assert c.last.card.ref == "refused:0", c.last.card.plain()
        assert {**traces(c), "rooms": 0} == {**before, "rooms": 0}


@pytest.mark.parametrize("row", [row for row in ROWS if row.role], ids=lambda row: row.name)
async def test_a_row_refuses_whoever_was_shut_out_typed_and_pressed(tmp_path: Path, row: Command):
    async with shop(tmp_path, row) as c:
        await c.type("whoami", OPERATOR, chat=OPERATOR, chat_kind=ChatKind.private)
        await c.engine.people.revoke(c.actor(), 2)
        before = traces(c)
        assert await c.type(words_of(row), OPERATOR) is None
        await press_stored(c, row, OPERATOR)
        assert "没有登记" in c.last.card.title
        await c.type(words_of(row), OPERATOR, chat=OPERATOR, chat_kind=ChatKind.private)
        assert "没有登记" in c.last.card.title
        assert traces(c) == before
        assert not await c.engine.rooms.is_bound(OPERATOR)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_row_follows_a_group_that_became_another_chat(tmp_path: Path, row: Command):
    """Typed in the new one, and pressed on a card that still stands in the old one."""
    async with shop(tmp_path, row) as c:
        button = await store_button(c, row, confirms=True)
        await c.engine.rooms.move(GROUP, "dummy:-1001")
        await c.take(c.request(None, button=button, reply_to="m1"))
        assert c.last.card.ref != "refused:0", c.last.card.plain()
        assert (c.last.chat, c.last.again) == ("dummy:-1001", False)
        await c.type("whoami", chat="dummy:-1001")
        assert ("没有绑定" in c.last.card.plain()) == (row.name == "unbind")


async def test_a_table_without_roles_would_be_seen(tmp_path: Path):
    """The control of the gate: with it taken away, a stranger's words act."""
    row = next(row for row in ROWS if row.name == "hold")
    async with shop(tmp_path, row) as c:
        c.desk = Desk(c.engine, Fronts({"dummy": c.front}), Table([replace(row, role=None) for row in ROWS]))
        before = traces(c)
        await c.type(words_of(row), STRANGER)
        assert traces(c) != before
