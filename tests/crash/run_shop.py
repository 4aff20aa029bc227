"""The shop as `zhanggui run` builds it, but its step watcher kills the process at one step.

python -m tests.crash.run_shop CONFIG TOLD [STEP NTH [blind]]: notices shown are appended to TOLD, each before `show`
returns. A blind shop repeats what may have happened without asking first: it shows what law 3 is for.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.fronts.counter import Counter
from bot.fronts.keyboard import PipeKeyboard
from bot.fronts.terminal import Terminal
from core.config import load
from core.engine.front import Engine
from core.run import open_shop
from core.steps import Steps
from core.store.queries import load as load_queries
from core.values.telling import Way


class Killer:
    """Kills its own process, as a power cut would, when a step is reached for the nth time."""

    def __init__(self, step: str, nth: int) -> None:
        self._step = step
        self._left = nth

    def reached(self, step: Steps) -> None:
        if step == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Witness:
    """Shows notices on the terminal front, and writes down durably what was shown."""

    def __init__(self, counter: Counter, engine: Engine, told: Path) -> None:
        self._counter = counter
        self._engine = engine
        self._told = told

    def reaches(self, chat: str) -> bool:
        return self._counter.notices.reaches(chat)

    async def show(self, notice_id: int, way: Way) -> None:
        await self._counter.notices.show(notice_id, way)
        notice = await self._engine.notices.find(notice_id)
        with self._told.open("a") as file:
            print(notice.kind, notice.entity, notice.entity_id, file=file, flush=True)
            os.fsync(file.fileno())


def blinded() -> dict[str, str]:
    """Statements of a shop that never asks the platform."""
    again = load_queries()["outbox.again"]
    return {"outbox.again": again.replace("state = :state", "state = replace(:state, 'asking', 'waiting')", 1)}


async def main(config_file: Path, told: Path, killer: Killer, *, blind: bool) -> None:
    config = load(config_file, {})
    counters: list[Counter] = []

    def owner(engine: Engine) -> Witness:
        counters.append(Counter(engine, config, [Terminal(engine.now, screen=False)]))
        return Witness(counters[0], engine, told)

    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with open_shop(config, owner=owner, steps=killer, replaced=blinded() if blind else None) as shop:
        await counters[0].open()
        await shop.start()
        terminal = counters[0].fronts.by_name[Terminal.name]
        assert isinstance(terminal, Terminal)
        typing = asyncio.create_task(terminal.run(counters[0].desk, PipeKeyboard(sys.stdin)))
        await over.wait()
        typing.cancel()
        await shop.stop()


if __name__ == "__main__":
    step, nth = (sys.argv[3], int(sys.argv[4])) if len(sys.argv) > 4 else ("", 0)
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), Killer(step, nth), blind="blind" in sys.argv))
