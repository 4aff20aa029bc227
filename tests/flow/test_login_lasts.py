"""A login that lasts: looked after, told of before it ends, and its card follows the new one."""

from pathlib import Path

from tests.counter import GROUP
from tests.flow.chatting import Chat, asks, chatting, scans, until_code, until_title
from tests.flow.shop import Day


async def until_warned(day: Day, chat: Chat) -> list[str]:
    return await day.until(lambda: [t for t in chat.titles(GROUP) if "快失效" in t], "the warning")


async def test_a_login_that_will_end_is_told_of_once_before_and_the_card_follows_the_new_one(tmp_path: Path):
    async with chatting(tmp_path, settings={"wire.keep_alive_minutes": 0.001}) as (day, chat):
        await day.world.control.post("/timing", session_s=3 * 3600)
        await asks(day, chat)
        await scans(day, await until_code(day, chat))
        warned = await until_warned(day, chat)
        assert await day.one("SELECT state FROM accounts") == "online"
        await day.quiet(0.4)
        assert len(warned) == await day.one("SELECT count(*) FROM notices WHERE kind = 'login_ending'") == 1
        card = next(card for card in chat.cards(GROUP) if "快失效" in card.title)
        assert [button.verb for button in card.buttons] == ["📷 扫码登录"]
        await day.world.control.post("/timing", session_s=90 * 86400)
        await asks(day, chat)
        await scans(day, await day.until(chat.code, "the next code"))
        await day.until(lambda: any("已换新登录" in title for title in chat.titles(GROUP)), "the card that follows")


async def test_a_login_that_ends_far_off_is_not_told_of(tmp_path: Path):
    async with chatting(tmp_path, settings={"wire.keep_alive_minutes": 0.001}) as (day, chat):
        await day.world.control.post("/timing", session_s=30 * 86400)
        await asks(day, chat)
        await scans(day, await until_code(day, chat))
        await until_title(day, chat, "登录好了")
        await day.quiet(0.5)
        assert await day.one("SELECT count(*) FROM notices WHERE kind = 'login_ending'") == 0
        assert "到期" in (await asks(day, chat, "账号")).plain()


async def test_without_looking_after_it_a_login_dies_unannounced(tmp_path: Path):
    """The control of the warning."""
    async with chatting(tmp_path, settings={"wire.keep_alive_minutes": 1440}) as (day, chat):
        await day.world.control.post("/timing", session_s=3600)
        await asks(day, chat)
        await scans(day, await until_code(day, chat))
        await until_title(day, chat, "登录好了")
        await day.later(hours=2)
        await day.world.control.post("/reset_connection", how="kickout")
        await day.until(lambda: any("登录失效" in title for title in chat.titles(GROUP)), "the end")
        assert await day.one("SELECT count(*) FROM notices WHERE kind = 'login_ending'") == 0
