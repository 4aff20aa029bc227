"""The shop on Telegram as `zhanggui run --headless` builds it, but its step watcher kills the process at one step.

python -m tests.crash.run_telegram CONFIG [STEP NTH]
"""

import asyncio
import signal
import sys
from pathlib import Path

from bot.fronts.counter import Counter
from bot.fronts.opening import load_fronts
from bot.notices import Notices
from core.config import load
from core.engine.front import Engine
from core.run import open_shop
from tests.crash.run_shop import Killer


async def main(config_file: Path, killer: Killer) -> None:
    config = load(config_file, {})
    openers = await load_fronts(config, headless=True)
    counters: list[Counter] = []

    def owner(engine: Engine) -> Notices:
        counters.append(Counter(engine, config, [opener(engine) for opener in openers]))
        return counters[0].notices

    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with open_shop(config, owner=owner, steps=killer) as shop:
        await counters[0].open()
        await shop.start()
        for name, listen in counters[0].listeners():
            shop.keep(f"front-{name}", listen)
        await over.wait()
        await shop.stop()
        await counters[0].close()


if __name__ == "__main__":
    step, nth = (sys.argv[2], int(sys.argv[3])) if len(sys.argv) > 3 else ("", 0)
    asyncio.run(main(Path(sys.argv[1]), Killer(step, nth)))
