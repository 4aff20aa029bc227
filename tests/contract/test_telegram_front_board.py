"""The dashboard and the order table as Telegram has them: pinned without a sound, edited in place; a document in private."""

from pathlib import Path

import pytest

from bot.fronts.telegram.updates import id_of
from bot.sandbox.telegram.things import Status
from core.moves.notices import redraw
from core.values.telling import Way
from tests import stockroom
from tests.telegram_shop import Post, Street, open_post, open_street, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


@pytest.fixture
async def post(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        yield post


async def follow(post: Post) -> None:
    """What the flow and the notices do when the shop is another."""
    cause = stockroom.cause(minutes=(post.clock.now() - stockroom.NOW).total_seconds() / 60)
    await post.store.write(lambda tx: redraw(tx, cause, "board", 1, cause.now_ms))
    due = await post.store.people.all("notices.due", now=2**62, most=9)
    row = next(row for row in due if row["kind"] == "redraw")
    await post.store.write(lambda tx: tx.run("notices.claim", id=row["id"], run="test"))
    await post.notices.show(row["id"], Way(chat=row["chat"]))


async def test_the_board_is_pinned_edited_in_place_and_let_go(street: Street, post: Post):
    board = await street.ask("看板", "📌 看板")
    await until(lambda: street.world.cloud.chats[street.group].pinned == [board.id])
    await post.order()
    post.later(minutes=1)
    await follow(post)
    assert "待办 1" in street.world.cloud.find_message(street.group, board.id).words
    await street.ask("看板 关", "看板已关")
    await until(lambda: street.world.cloud.chats[street.group].pinned == [])


async def test_a_bot_that_may_not_pin_shows_its_board_all_the_same(street: Street, post: Post):
    street.world.groups.set_bot(street.group, Status.member)
    board = await street.ask(f"/board@{street.world.cloud.bot.username}", "📌 看板")
    await post.quiet()
    assert street.world.cloud.chats[street.group].pinned == []
    assert await post.engine.notices.find_shown(id_of(street.group), str(board.id)) is not None


async def test_the_table_of_orders_comes_as_a_document_in_private_alone(street: Street, post: Post):
    await post.order()
    refused = await street.ask("导出 订单", "只在私聊")
    assert refused.document is None
    asked = street.world.people.type(street.boss, street.boss, "导出 订单")
    sent = await street.world.screen.see(street.boss, "1 行", after=asked.id)
    assert sent.document is not None
