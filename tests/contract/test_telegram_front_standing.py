"""How the bot stands with people: floods, presses of unknown age, and what /health tells the owner to do."""

from pathlib import Path

import pytest

from bot.sandbox.telegram.things import Status
from core.values.fulfilment import FulfilmentState
from core.values.people import Actor, Role
from tests.telegram_shop import Street, open_post, open_street, until


@pytest.fixture
async def street():
    async with open_street() as street:
        yield street


async def test_a_strangers_flood_is_dropped_unread(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        street.world.people.start(street.stranger)
        for n in range(60):
            street.world.people.type(street.stranger, street.stranger, f"待办 {n}")
        await until(lambda: not street.world.updates.waiting)
        last = await post.store.people.one("inbox.last")
        assert last["id"] <= 20


async def test_a_press_that_waited_for_the_shop_asks_again(street: Street, tmp_path: Path):
    """A press carries no time: after an absence, one that Telegram takes no answer for is old."""
    async with open_post(street, tmp_path) as post:
        number = await post.order()
        card = await street.ask(f"查单 {number}", "待审批")
    press = await street.press(card, "批准")
    press.at_s -= 10_000
    async with open_post(street, tmp_path) as post:
        await street.world.screen.see(street.group, "还要执行吗")
        assert await post.state(number) is FulfilmentState.awaiting_approval


async def test_a_press_behind_a_hundred_messages_that_waited_asks_too(street: Street, tmp_path: Path):
    """Telegram gives a hundred updates at once: what comes behind them waited as long."""
    async with open_post(street, tmp_path) as post:
        number = await post.order()
        card = await street.ask(f"查单 {number}", "待审批")
    for n in range(100):
        await street.type(f"闲聊 {n}", street.stranger)
    press = await street.press(card, "批准")
    press.at_s -= 10_000
    async with open_post(street, tmp_path) as post:
        await street.world.screen.see(street.group, "还要执行吗")
        assert await post.state(number) is FulfilmentState.awaiting_approval


async def test_a_press_within_a_quick_restart_acts(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        number = await post.order()
        card = await street.ask(f"查单 {number}", "待审批")
    await street.press(card, "批准")
    async with open_post(street, tmp_path) as post:
        await street.world.screen.see_edit(card, "即将发货|已调度")
        assert await post.state(number) is FulfilmentState.scheduled


async def test_health_says_what_the_owner_must_do(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:
        await street.ask("待办", "没有待办")
        assert post.engine.health.remarks == ()
        street.world.groups.set_bot(street.group, Status.member)
        keys = await until(lambda: {one.key: one.about for one in post.engine.health.remarks})
        assert keys == {"privacy": "小店"}
        street.world.groups.set_bot(street.group, Status.administrator)
        await until(lambda: not post.engine.health.remarks)


async def test_an_unbound_bot_says_so_and_answers_little(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, bound=False) as post:
        await until(lambda: [one.key for one in post.engine.health.remarks] == ["not_bound"])
        await street.type("待办")
        await street.type("/stop_all")
        assert (await street.ask("/whoami", "telegram:")).chat_id == street.group
        await post.quiet()
        assert len(street.world.screen.from_bot(street.group)) == 1


async def test_an_owner_who_never_pressed_start_is_named(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path, listen=False) as post:
        await post.engine.people.keep(f"telegram:{street.clerk}", "张三", Role.owner)
        await post.front._standing.look(await post.front._wire.me())
        assert [(one.key, one.about) for one in post.engine.health.remarks] == [("no_private", "张三")]


async def test_whoever_is_shut_out_has_no_menu_left_also_when_the_shop_was_away(street: Street, tmp_path: Path):
    def shown(chat: int) -> set[str]:
        return {row["command"] for row in street.world.screen.menu(street.clerk, chat)}

    async with open_post(street, tmp_path) as post:
        street.world.people.start(street.clerk)
        await until(lambda: "ship" in shown(street.clerk) and "ship" in shown(street.group))
        assert "ship" not in {row["command"] for row in street.world.screen.menu(street.stranger, street.group)}
        person = await post.engine.people.choose(f"telegram:{street.clerk}")
        boss = await post.engine.people.choose(f"telegram:{street.boss}")
    async with open_post(street, tmp_path, listen=False) as post:
        await post.engine.people.revoke(Actor(who=boss.ids[0], request="gone"), person.id)
        assert "ship" in shown(street.clerk), "the control: nobody took it away yet"
    async with open_post(street, tmp_path, bound=False):
        await until(lambda: shown(street.clerk) <= {"bind", "start", "whoami", "help"})
        await until(lambda: "ship" not in shown(street.group))


async def test_a_menu_follows_a_persons_role_at_once(street: Street, tmp_path: Path):
    async with open_post(street, tmp_path) as post:

        def shown() -> set[str]:
            return {row["command"] for row in street.world.screen.menu(street.boss, street.boss)}

        await until(lambda: "setstock" in shown() or "import" in shown())
        await post.engine.people.keep(f"telegram:{street.boss}", "老板", Role.viewer)
        street.world.people.type(street.boss, street.boss, "待办")
        await until(lambda: "import" not in shown() and "orders" in shown())
