"""`zhanggui sandbox`: the pretend marketplace, model and Telegram alone, for a shop that is run beside them."""

import asyncio
import signal

import orjson

from bot.demo.chatroom import GROUP, OWNER
from bot.sandbox.telegram import TelegramWorld
from core.clock import SystemClock
from core.sandbox.world import World


async def serve(port: int, seed: int) -> None:
    """Print the addresses as one JSON line, then serve until SIGTERM or SIGINT.

    The marketplace listens on `port` and the one after it, Telegram and its page on the next; 0 takes any. Its group
    has the bot in it and is bound to no shop yet.
    """
    clock = SystemClock()
    async with World.open(clock=clock, seed=seed, port=port) as world:
        market, at = world.addresses["control"], port + 2 if port else 0
        async with TelegramWorld.open(clock=clock, seed=seed, port=at, market=market) as telegram:
            telegram.groups.create(GROUP, telegram.people.user(OWNER).id)
            over = asyncio.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, over.set)
            print(orjson.dumps(world.addresses | _addresses(telegram)).decode(), flush=True)  # noqa: T201 - the command's answer
            await over.wait()


def _addresses(telegram: TelegramWorld) -> dict[str, str]:
    return {"telegram_api": telegram.api_url, "telegram_token": telegram.token, "page": f"{telegram.api_url}/"}
