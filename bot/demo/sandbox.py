"""`zhanggui sandbox`: the pretend marketplace, model, Telegram and WeCom alone, for a shop that is run beside them."""

import asyncio
import signal
from pathlib import Path

import orjson

from bot.demo.chatroom import GROUP, OWNER
from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.api import AGENT, CORP
from core.clock import SystemClock
from core.sandbox.world import World


async def serve(port: int, seed: int, folder: Path | None = None) -> None:
    """Print the addresses as one JSON line, then serve until SIGTERM or SIGINT.

    The marketplace listens on `port` and the one after it, Telegram and its page on the next, WeCom on the two after;
    0 takes any. Each chat platform has a group with the bot in it, bound to no shop yet. What really happened is
    written down in `folder`; a marketplace goes on from there.
    """
    clock = SystemClock()
    async with World.open(clock=clock, seed=seed, port=port, record=_in(folder, "market.jsonl")) as world:
        market, at = world.addresses["control"], port + 2 if port else 0
        async with (
            TelegramWorld.open(
                clock=clock, seed=seed, port=at, record=_in(folder, "telegram.jsonl"), market=market
            ) as telegram,
            WecomWorld.open(clock=clock, port=at + 1 if at else 0, record=_in(folder, "wecom.jsonl")) as wecom,
        ):
            wecom.office.add_group()
            telegram.groups.create(GROUP, telegram.people.user(OWNER).id)
            over = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, over.set)
            found = world.addresses | _addresses(telegram) | wecom.addresses | _robot(wecom)
            print(orjson.dumps(found).decode(), flush=True)  # noqa: T201 - the command's answer
            await over.wait()


def _in(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _addresses(telegram: TelegramWorld) -> dict[str, str]:
    return {"telegram_api": telegram.api_url, "telegram_token": telegram.token, "page": f"{telegram.api_url}/"}


def _robot(wecom: WecomWorld) -> dict[str, str]:
    """What a shop's [wecom.aibot], in one of its modes, and [wecom.app] need to know."""
    return {
        "wecom_bot_id": wecom.bot_id,
        "wecom_secret": wecom.secret,
        "wecom_robot_token": wecom.robot.seal.token,
        "wecom_robot_aes_key": wecom.robot.seal.aes_key,
        "wecom_corp_id": CORP,
        "wecom_agent_id": str(AGENT),
        "wecom_app_secret": wecom.app.secret,
        "wecom_app_token": wecom.app.seal.token,
        "wecom_app_aes_key": wecom.app.seal.aes_key,
        "wecom_app_chat": wecom.app.group,
    }
