"""Check-up: asks every line to the world a harmless question and says what is wrong with it (`zhanggui check`).

A running shop's own lines are asked, so that nobody is thrown off: no socket is opened, no code is used up.
"""

import asyncio
import time
from collections.abc import Sequence

from core.errors import Busy, Challenged, LoginExpired, OutOfCredit, ShopError
from core.flows.work import Work
from core.outside.ports import Listener, Market
from core.store import health
from core.values.checks import CheckLine, Part
from core.values.views import AccountHealth

MOST_APART_S = 60
"""A machine further from the platform's time has its signed calls refused sooner or later."""
ONLINE = "online"


class CheckUp:
    """Looks at accounts, clock and model."""

    def __init__(self, work: Work, listener: Listener) -> None:
        self._work = work
        self._listener = listener
        self._ahead_s: float | None = None

    async def look(self, *, running: bool) -> list[CheckLine]:
        """Every line; `running` says that the accounts should be connected."""
        accounts = self._work.markets.items()
        found = await asyncio.gather(*(self._account(name, one, running=running) for name, one in accounts))
        none = [_line(Part.account, "check.no_account")] if not self._work.config.accounts else []
        return [*none, *found, *self._clock(), await self._model()]

    async def _account(self, name: str, market: Market, *, running: bool) -> CheckLine:
        try:
            await market.probe(self._listener)
        except ShopError as error:
            return _line(Part.account, _account_key(error), name, name=name, reason=_reason(error))
        self._ahead_s = market.line.ahead_s if self._ahead_s is None else self._ahead_s
        row = await health.find_account(self._work.store.people, self._work.accounts[name])
        if running and row is not None and row.state != ONLINE:
            return _line(Part.account, "check.account_offline", name, reason=_why(row))
        return _line(Part.account, "check.account_ok", name, ok=True, user=str(market.user_id))

    def _clock(self) -> Sequence[CheckLine]:
        """Shop time that runs fast (the demo) is no machine's clock."""
        if self._ahead_s is None or self._work.config.clock.speed != 1:
            return ()
        ok = abs(self._ahead_s) <= MOST_APART_S
        key = "check.clock_ok" if ok else "check.clock_wrong"
        return (_line(Part.clock, key, ok=ok, seconds=round(self._ahead_s)),)

    async def _model(self) -> CheckLine:
        model, name = self._work.model, self._work.config.ai.model
        if model is None:
            return _line(Part.model, "check.model_off", ok=True)
        began_s = time.monotonic()
        try:
            await model.probe()
        except OutOfCredit as error:
            return _line(Part.model, "check.model_refused", reason=_reason(error))
        except ShopError as error:
            return _line(Part.model, "check.model_down", reason=_reason(error))
        return _line(Part.model, "check.model_ok", ok=True, model=name, ms=round((time.monotonic() - began_s) * 1000))


def _account_key(error: ShopError) -> str:
    match error:
        case LoginExpired(key="not_logged_in"):
            return "check.no_login"
        case LoginExpired():
            return "check.login_expired"
        case Challenged():
            return "check.challenged"
        case Busy():
            return "check.account_busy"
    return "check.account_down"


def _why(row: AccountHealth) -> str:
    return f"{row.state} {row.reason}".strip()


def _reason(error: ShopError) -> str:
    said = " ".join(str(error.facts[name]) for name in ("code", "reason") if error.facts.get(name))
    return said or ("" if error.key == "not_logged_in" else error.key)


def _line(part: Part, key: str, about: str = "", *, ok: bool = False, **facts: str | int) -> CheckLine:
    return CheckLine(part=part, key=key, ok=ok, about=about, facts=facts)
