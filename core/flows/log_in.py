"""Log in: an account's owner asked for a code; it is fetched, watched and followed to its end, beside everything else.

A code lives minutes: what a dead run left is over, and its owner asks again.
"""

import asyncio
import logging
from contextlib import aclosing
from datetime import datetime

from core.errors import ShopError
from core.flows.work import Work
from core.moves import logins
from core.steps import Steps
from core.values.logins import LoginState, LoginStep
from core.values.people import PLATFORM

log = logging.getLogger(__name__)


class LogIn:
    """Walks every login that was asked for, each in a task of its own: nobody waits for a phone."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def recover(self) -> int:
        """End what a dead run was in the middle of; how many there were."""
        rows = await self._work.store.flows.all("logins.all_running")
        for row in rows:
            await self._note(row["id"], LoginStep(state=LoginState.failed, detail="restarted"))
        return len(rows)

    async def step(self) -> bool:
        """Begin what was asked for."""
        rows = await self._work.store.flows.all("logins.all_running")
        self._tasks = {login_id: task for login_id, task in self._tasks.items() if not task.done()}
        new = [row for row in rows if row["state"] == LoginState.asked and row["id"] not in self._tasks]
        for row in new:
            task = asyncio.create_task(self._walk(row["id"], row["name"]), name=f"login-{row['name']}")
            self._tasks[row["id"]] = task
        return bool(new)

    async def next_at(self) -> datetime | None:
        """Nothing is due by itself."""
        return None

    async def close(self) -> None:
        """Leave the logins under way; the next start says that they are over."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _walk(self, login_id: int, account: str) -> None:
        try:
            await self._follow(login_id, account)
        except ShopError as error:
            log.warning("%s: the login came to nothing: %s", account, error)
            await self._note(login_id, LoginStep(state=LoginState.failed, detail=error.key))
        except Exception:
            log.exception("%s: the login failed", account)
            await self._note(login_id, LoginStep(state=LoginState.failed, detail="bug"))

    async def _follow(self, login_id: int, account: str) -> None:
        async with aclosing(self._work.markets[account].log_in()) as steps:
            async for step in steps:
                if step.state is LoginState.done:
                    self._work.steps.reached(Steps.login_done_unnoted)
                log.info("%s: login %d is %s", account, login_id, step.state)
                await self._note(login_id, step)

    async def _note(self, login_id: int, step: LoginStep) -> None:
        cause = self._work.cause(actor=PLATFORM)
        await self._work.store.write(lambda tx: logins.note(tx, cause, login_id, step))
