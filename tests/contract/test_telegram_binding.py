"""From the printed code to a bound group, over Telegram's wire: by the command line, in private, by a link, in a race."""

import asyncio
import re
from pathlib import Path

from bot.fronts.telegram.updates import id_of
from core.values.people import Role
from tests.crash.day import ROOT
from tests.crash.test_telegram import CONFIG
from tests.mortal import mortal
from tests.telegram_shop import Post, Street, open_post, open_street

CODE = re.compile(rb"/bind ([A-Z2-9]{4}-[A-Z2-9]{4})")


async def role(post: Post, who: int) -> Role | None:
    member = await post.engine.people.find(id_of(who))
    return member.role if member is not None else None


async def test_the_code_that_run_prints_binds_the_group_it_is_typed_in(tmp_path: Path) -> None:
    async with open_street() as street:
        file = tmp_path / "config.toml"
        file.write_text(CONFIG.format(data=tmp_path / "data", token=street.world.token, api_url=street.world.api_url))
        shop = await asyncio.create_subprocess_exec(
            *mortal("bot", "run", "--headless", "--config", str(file)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            await _bind_by_hand(street, shop)
        finally:
            shop.terminate()
            _, logged = await asyncio.wait_for(shop.communicate(), 15)
        assert not CODE.search(logged), "the code stands on the screen alone"


async def _bind_by_hand(street: Street, shop: asyncio.subprocess.Process) -> None:
    assert shop.stdout is not None
    printed = await asyncio.wait_for(shop.stdout.readuntil(b"/bind "), 20) + await shop.stdout.readexactly(9)
    assert "绑定 " in printed.decode(), "in Chinese too"
    found = CODE.search(printed)
    assert found is not None
    await street.ask("/whoami", "没有绑定", street.clerk)
    card = await street.ask(f"/bind {found[1].decode()}", "这个群是小店的群了", street.clerk)
    assert "小店" in card.words and "张三" in card.words
    await street.ask("待办", "没有待办", street.clerk)
    await street.ask("绑定", "绑定码", street.viewer)


async def test_a_link_with_the_code_makes_an_owner_in_private(tmp_path: Path) -> None:
    async with open_street() as street, open_post(street, tmp_path, bound=False) as post:
        street.world.people.start(street.boss, await post.engine.binding.issue())
        await street.world.screen.see(street.boss, "你是店主了")
        assert await role(post, street.boss) is Role.owner
        await street.ask("绑定", "这个群是小店的群了")
        homes = await post.engine.rooms.list_homes("telegram")
        assert [(room.chat, room.title) for room in homes] == [(id_of(street.group), "小店")]
        assert await post.engine.people.list_unreachable() == ()


async def test_three_who_type_the_code_at_once_give_one_owner(tmp_path: Path) -> None:
    async with open_street() as street, open_post(street, tmp_path, bound=False) as post:
        code = await post.engine.binding.issue()
        for who in (street.boss, street.clerk, street.stranger):
            await street.type(f"/bind {code}", who)
        await post.quiet()
        owners = [await role(post, who) for who in (street.boss, street.clerk, street.stranger)]
        assert sorted(map(str, owners)) == ["None", "None", "owner"]


async def test_an_owner_lets_in_whoever_they_reply_to(tmp_path: Path) -> None:
    async with open_street() as street, open_post(street, tmp_path) as post:
        hello = await street.type("我能帮忙", street.stranger)
        await street.ask("授权 操作", "路人", reply_to=hello.id)
        assert await role(post, street.stranger) is Role.operator


async def test_a_bound_group_that_becomes_a_supergroup_stays_the_shops(tmp_path: Path) -> None:
    async with open_street() as street, open_post(street, tmp_path) as post:
        old = street.world.groups.create("老群", street.boss, basic=True)
        asked = street.world.people.type(street.boss, old.id, "绑定")
        await street.world.screen.see(old.id, "这个群是小店的群了", after=asked.id)
        new = street.world.groups.migrate(old.id)
        asked = street.world.people.type(street.boss, new.id, "待办")
        await street.world.screen.see(new.id, "没有待办", after=asked.id)
        homes = [room.chat for room in await post.engine.rooms.list_homes()]
        assert homes == [id_of(street.group), id_of(new.id)]
