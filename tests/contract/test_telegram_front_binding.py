"""From a bot nobody knows to the shop's own group, by what people do in Telegram alone."""

from pathlib import Path

import pytest

from core.engine.front import Engine
from tests.telegram_shop import Street, open_post, open_street, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


async def code_of(engine: Engine) -> str:
    return await engine.binding.issue()


async def test_a_code_binds_the_group_its_sender_owns_it_and_the_menus_follow(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, bound=False) as post:
        code = await code_of(post.engine)
        await street.type("待办")
        await street.ask(f"/bind {code}", "绑定|老板|店主")
        room = await post.engine.rooms.find(f"telegram:{street.group}")
        assert room is not None
        assert room.title == "小店"
        await street.ask("待办", "没有待办")
        await until(lambda: len(street.world.screen.menu(street.boss, street.group)) > 4)
        await until(lambda: not [one for one in post.engine.health.remarks if one.key == "not_bound"])
        assert len(street.world.screen.from_bot(street.group)) == 2


async def test_a_wrong_code_binds_nothing(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, bound=False) as post:
        await code_of(post.engine)
        await street.type("/bind WRONG-CODE", street.stranger)
        await post.quiet()
        assert not await post.engine.rooms.is_bound(f"telegram:{street.group}")
