"""What a role may not do is not shown to it: cards, help, near misses, private notices, menus."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.auth import may
from bot.cards.card import Card
from bot.commands.command import KEPT, Command
from bot.commands.table import TABLE
from bot.commands.words import read_line
from bot.fronts.telegram.menu import Spot, menus
from core.values.counter import Member, Room
from core.values.fulfilment import FulfilmentState
from core.values.people import ChatKind, Role
from tests import stockroom
from tests.counter import GROUP, OPERATOR, OWNER, VIEWER, Counter, open_counter, order, risky_order, state
from tests.flow.sweep import ROWS, shop, words_of

WHO = {Role.viewer: VIEWER, Role.operator: OPERATOR, Role.owner: OWNER}
ALLOWED = [(row, role) for row in ROWS for role in Role if row.role and may(Member(id=1, who="", name="", role=role), row.role)]  # fmt: skip


async def rows_of(c: Counter, card: Card) -> list[Command]:
    """The rows that the buttons of a card call."""
    words = [(await c.engine.actions.find(button.action)).words for button in card.buttons]
    found = [TABLE.find(read_line(one).word) for one in words if not one.startswith(KEPT)]
    return [row for row in found if row is not None]


@pytest.mark.parametrize(("row", "role"), ALLOWED, ids=lambda one: getattr(one, "name", str(one)))
async def test_an_answer_has_no_button_its_asker_may_not_press(tmp_path: Path, row: Command, role: Role) -> None:
    async with shop(tmp_path, row) as c:
        await c.type(words_of(row), WHO[role])
        for shown in c.front.shown:
            member = await c.engine.people.find(WHO[role])
            if shown.to == f"dummy:{c.asked}":
                assert [one.name for one in await rows_of(c, shown.card) if not may(member, one.role)] == []


@pytest.mark.parametrize("number", list(FulfilmentState))
async def test_an_order_in_any_state_shows_a_viewer_nothing_to_act_with(
    tmp_path: Path, number: FulfilmentState
) -> None:
    async with shop(tmp_path, next(row for row in ROWS if row.name == "order")) as c:
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = ? WHERE order_id = 1", (number.value,))
        card = await c.type("order #1", VIEWER, chat=VIEWER, chat_kind=ChatKind.private)
        assert card is not None
        assert not [row.name for row in await rows_of(c, card) if row.role is not Role.viewer]


async def test_the_owner_is_shown_what_the_viewer_is_not(tmp_path: Path) -> None:
    """The control: there was something to leave out."""
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        mine, theirs = [await c.type(f"查单 #{number}", who) for who in (OWNER, VIEWER)]
        assert mine is not None
        assert theirs is not None
        assert {"approve", "reject"} <= {row.name for row in await rows_of(c, mine)}
        assert {row.name for row in await rows_of(c, theirs)} <= {"chat", "order", "audit", "buyer"}


async def test_a_viewers_press_does_not_take_the_groups_buttons_away(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.tell()
        await c.press("详情", VIEWER)
        assert c.last.again
        await c.press("批准", OPERATOR)
        assert await state(c, number) is FulfilmentState.scheduled


async def test_a_private_card_that_follows_its_thing_follows_its_persons_role_too(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        private = {"chat": VIEWER, "chat_kind": ChatKind.private}
        await c.type(f"查单 #{number}", VIEWER, **private)
        await c.type(f"拦截 #{number}", OWNER)
        await c.tell()
        redrawn = [shown for shown in c.front.shown if shown.chat == VIEWER and shown.again]
        assert redrawn, "the card follows"
        assert not [row for row in await rows_of(c, redrawn[-1].card) if row.role is not Role.viewer]


async def test_neither_help_nor_a_near_miss_names_what_one_may_not(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        said = (await c.type("帮助", VIEWER) or c.last.card).plain()
        assert "查单" in said and "改库存" not in said and "审计" not in said
        said = (await c.type("帮助 审计", VIEWER) or c.last.card).plain()
        assert "身份" in said and "谁在何时" not in said
        assert "谁在何时" in (await c.type("帮助 审计", OWNER) or c.last.card).plain(), "the control"
        said = (await c.type("/audti", VIEWER) or c.last.card).plain()
        assert "audit" not in said.replace("audti", "")
        assert "audit" in (await c.type("/audti", OWNER) or c.last.card).plain(), "the control"


def test_each_has_a_menu_of_their_own_role_and_whoever_was_shut_out_has_none() -> None:
    people = [Member(id=n, who=f"telegram:{n}", name="", role=role) for n, role in enumerate(Role, 1)]
    at = stockroom.NOW
    rooms = [Room(chat="telegram:-1", kind=ChatKind.group)]
    rooms += [Room(chat=f"telegram:{n}", kind=ChatKind.private) for n in (1, 2, 3)]
    rooms += [Room(chat="telegram:9", kind=ChatKind.private, left_at=at), Room(chat=GROUP, kind=ChatKind.group)]
    shown = {menu.spot: {name for name, _ in menu.rows} for menu in menus(TABLE, rooms, people) if not menu.language}
    assert shown[Spot(9)] == shown[Spot(-1, 9)] == set()
    assert shown[Spot(1)] == shown[Spot(-1, 1)] == shown[Spot(-1)]
    assert shown[Spot(1)] < shown[Spot(2)] < shown[Spot(3)]
    for person in people:
        rows = [TABLE.find(name) for name in shown[Spot(-1, person.id)]]
        assert all(row is not None and may(person, row.role) for row in rows)
