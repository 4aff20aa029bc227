"""`zhanggui check` and the chats: each fault in its line; nothing is said, and no connection is thrown off."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from bot.fronts.telegram.front import Telegram
from bot.fronts.wecom.front import Wecom
from bot.sandbox.faults import Dial
from bot.sandbox.telegram.things import Status
from core.config import Config
from core.values.checks import CheckLine
from core.values.people import Role
from tests.flow.test_wecom_url import open_url
from tests.flow.wecom_counter import SHORT, open_wecom, settings
from tests.telegram_shop import open_post, open_street, settings_of, until

DEAD = "http://127.0.0.1:9"


def keys(lines: Sequence[CheckLine]) -> dict[str, bool]:
    return {line.key.split(".")[1]: line.ok for line in lines}


# -- Telegram


async def test_telegram_in_good_order_is_one_line(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await until(lambda: post.engine.health.heard_at)
        polls = street.world.updates.polls
        lines = await post.front.probe()
        assert [(line.key, line.ok) for line in lines] == [("check.telegram_ok", True)]
        assert street.world.updates.polls - polls <= 1, "nothing but the front itself polls"


async def test_a_stopped_front_tries_one_poll_and_takes_nothing_away(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path, listen=False) as post:
        await street.type("待办")
        assert [line.key for line in await post.front.probe()] == ["check.telegram_ok"]
        assert len(street.world.updates.waiting) == 1


async def test_what_is_missing_in_telegram_is_named_with_the_next_step(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path, listen=False) as post:
        await post.engine.people.keep(f"telegram:{street.clerk}", "张三", Role.owner)
        street.world.groups.set_bot(street.group, Status.member)
        assert keys(await post.front.probe()) == {
            "telegram_ok": True,
            "privacy": False,
            "no_private": False,
        }
    async with open_street() as street, open_post(street, tmp_path / "2", listen=False, bound=False) as post:
        assert keys(await post.front.probe()) == {"telegram_ok": True, "not_bound": False}


async def test_a_webhook_and_another_poller_are_told(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path, listen=False) as post:
        street.world.updates.webhook = "https://thief.example/hook?secret=1"
        (line,) = [one for one in await post.front.probe() if not one.ok]
        assert (line.key, line.facts) == ("check.webhook", {"host": "thief.example"})
        street.world.updates.webhook = ""
        street.world.faults.set(Dial("conflict", times=1))
        assert keys(await post.front.probe()) == {"telegram_ok": True, "conflict": False}


async def test_a_wrong_token_and_a_dead_platform_are_told(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path, listen=False) as post:
        for told, key in (({"token": "12345:wrong" + "x" * 30}, "token_refused"), ({"api_url": DEAD}, "chat_down")):
            config = settings_of(street)
            config = config.model_copy(update={"telegram": config.telegram.model_copy(update=_secret(told))})
            front = Telegram(config, post.engine)
            assert keys(await front.probe()) == {key: False}
            await front.close()


def _secret(told: dict[str, str]) -> dict[str, object]:
    return {name: SecretStr(value) if name == "token" else value for name, value in told.items()}


# -- WeCom


async def test_a_running_robot_is_asked_by_its_own_connection(tmp_path: Path):
    async with open_wecom(tmp_path, webhook=True) as c:
        before = len(c.world.office.noted("subscribed"))
        lines = await c.front.probe()
        assert [(line.key, line.ok) for line in lines if line.ok] == [("check.wecom_ok", True), ("check.push_ok", True)]
        await asyncio.sleep(0.1)
        assert len(c.world.office.noted("subscribed")) == before, "a second subscription would throw the first one off"
        assert c.world.office.noted("pushed") == []


async def test_a_stopped_robot_is_tried_for_a_moment(tmp_path: Path):
    async with open_wecom(tmp_path, bound=False) as c:
        found = keys(await c.front.probe())
        assert found == {"wecom_ok": True, "no_group": False}
        assert len(c.world.office.noted("subscribed")) == 1


async def test_what_wecom_refuses_is_told_by_its_cause(tmp_path: Path):
    async with open_wecom(tmp_path, webhook=True) as c:
        good = settings(c.world, webhook=True).wecom
        for aibot, webhook, keys_wanted in (
            ({"secret": SecretStr("wrong")}, {}, {"secret_refused": False, "push_ok": True}),
            ({"ws_url": "ws://127.0.0.1:9"}, {}, {"chat_down": False, "push_ok": True}),
            (
                {},
                {"url": SecretStr(f"{c.world.addresses['wecom_webhook']}x")},
                {"wecom_ok": True, "push_unknown": False},
            ),
            ({}, {"url": SecretStr("http://127.0.0.1:9/?key=k")}, {"wecom_ok": True, "push_down": False}),
        ):
            update = {
                "aibot": good.aibot.model_copy(update=aibot),
                "webhook": good.webhook.model_copy(update=webhook),
            }
            front = Wecom(Config(wecom=good.model_copy(update=update)), c.engine, times=SHORT)
            found = keys(await front.probe())
            assert {key: ok for key, ok in found.items() if key != "no_word"} == keys_wanted
            await front.close()


async def test_a_robot_that_is_called_says_whether_it_was(tmp_path: Path):
    """In URL mode there is no long connection to speak of."""
    async with open_url(tmp_path) as c:
        assert keys(await c.front.probe())["url_silent"] is False
        await c.world.robot.check_url()
        assert keys(await c.front.probe())["url_ok"] is True
