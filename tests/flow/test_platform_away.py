"""A shop that starts while its chat cannot be reached: it is ready at once, says so, and catches up when it can."""

import socket
import time
from pathlib import Path

from bot.auth import Request
from bot.fronts.counter import Counter
from bot.fronts.host import Host
from bot.fronts.telegram.front import Telegram
from bot.fronts.telegram.updates import id_of
from core.config import Config
from core.config.connections import Telegram as Settings
from core.values.people import ChatKind, Role
from tests.counter import open_counter

BOSS, GROUP = id_of(5), id_of(-100)
MANY = 8


def deaf_address() -> tuple[socket.socket, str]:
    """Somebody who takes connections and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_what_a_crash_left_is_done_at_the_start_and_its_answers_wait_for_telegram(tmp_path: Path):
    listening, api_url = deaf_address()
    with listening:
        async with open_counter(tmp_path) as c:
            await c.engine.people.keep(BOSS, "老板", Role.owner)
            await c.engine.rooms.bind(GROUP, ChatKind.group)
            for n in range(MANY):
                place = {"who": BOSS, "chat": GROUP, "chat_kind": ChatKind.group, "update_id": f"telegram:1:{n}"}
                request = Request.model_validate({**place, "words": "待办", "sent_at": c.clock.now()})
                await c.engine.requests.keep(request.update_id, request.model_dump_json().encode())
            config = Config(telegram=Settings(token="1:x", api_url=api_url))
            house = Counter(c.engine, config, [Telegram(config, c.engine)])
            began_s = time.monotonic()
            await house.open()
            assert time.monotonic() - began_s < 2.0, "each answer would have waited ten seconds"
            assert len(await c.engine.requests.list_waiting()) == MANY, "they are shown when Telegram is back"
            await house.close()


async def test_a_chat_that_was_not_reached_yet_is_not_well(tmp_path: Path):
    listening, api_url = deaf_address()
    with listening:
        async with open_counter(tmp_path) as c:
            config = Config(telegram=Settings(token="1:x", api_url=api_url))
            house = Counter(c.engine, config, [Telegram(config, c.engine)])
            await house.open()
            (card,) = await Host(c.engine, "zh").do("健康")
            assert "一切正常" not in card.title
            assert "还没连上" in card.plain()
            c.engine.health.hear("telegram")
            (card,) = await Host(c.engine, "zh").do("健康")
            assert "一切正常" in card.title
            await house.close()
