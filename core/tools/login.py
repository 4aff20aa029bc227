"""`zhanggui login` where no shop runs: a new login straight into the file, by code or by a browser's cookies.

The folder's lock is held meanwhile, so that no shop starts on a login that is about to change. A running shop is asked
to do the same by its own flow instead.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from core import lock
from core.clock import Chance, SeededChance, SystemClock, to_ms
from core.config import Account, Config
from core.errors import BadConfig, LoginExpired, ShopError
from core.moves import acts
from core.moves.cause import Cause
from core.outside.http import Http
from core.outside.ports import Link
from core.outside.xianyu.cookies import cookies_of
from core.outside.xianyu.identity import new_link
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.qr_login import QrLogin
from core.outside.xianyu.times import Addresses, WireTimes
from core.store import accounts
from core.store.db import Store, Tx
from core.store.rows import ms
from core.values.ids import UserId
from core.values.logins import LoginState, LoginStep
from core.values.people import HOST


def user_of(cookies: str) -> str:
    """The user id in a Cookie header; BadConfig when it holds no login."""
    return str(new_link(cookies, SeededChance()).user_id)


def find_account(config: Config, name: str) -> Account:
    """A configured account by its name; BadConfig when there is none of that name."""
    found = next((account for account in config.accounts if account.name == name), None)
    if found is None:
        known = ", ".join(account.name for account in config.accounts) or "none"
        raise BadConfig(f"there is no account {name!r} in the configuration; there are: {known}")
    return found


def write_cookies(path: Path, cookies: str) -> None:
    """Put a Cookie header where a running shop looks for it: at once or not at all, for its owner's eyes alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(cookies.strip() + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


async def take_cookies(config: Config, name: str, cookies: str) -> ShopError | None:
    """Log in by the Cookie header of a browser; None when the platform took it, else why it could not be asked.

    BadConfig when it is of another user than the account's, or when the platform does not know the login.
    """
    async with _opened(config, name) as (store, row, before):
        if _user_of_account(row) not in (None, user_of(cookies)):
            raise BadConfig(f"these cookies are of another user than account {name!r}; nothing was changed")
        if await _is_anothers(store, row, user_of(cookies)):
            raise BadConfig(f"these cookies are of another account's user than {name!r}'s; nothing was changed")
        link, unasked = await _tried(config, name, _renewed(before, cookies, SeededChance()))
        await _keep(store, row, link, ZoneInfo(config.shop.timezone))
        return unasked


async def try_cookies(config: Config, name: str, cookies: str) -> ShopError | None:
    """Only ask whether the platform takes a Cookie header, as `take_cookies` does; nothing is kept."""
    return (await _tried(config, name, new_link(cookies, SeededChance())))[1]


async def _tried(config: Config, name: str, link: Link) -> tuple[Link, ShopError | None]:
    """The login as the platform renewed it, and why it could not be asked; BadConfig when it does not know it."""
    account = find_account(config, name)
    at = Addresses(api_url=account.api_url, passport_url=account.passport_url)
    clock, times = SystemClock(config.clock.speed, config.clock.since), WireTimes(http_s=config.wire.http_s)
    proxy = account.proxy.get_secret_value() or None
    async with XianyuMarket(
        name, link, clock=clock, chance=SeededChance(), addresses=at, times=times, proxy=proxy
    ) as market:
        try:
            return await market.try_out(), None
        except LoginExpired as error:
            raise BadConfig(
                f"the platform does not know this login (any more): log in to goofish.com as {name!r} in the browser "
                "again and copy the whole Cookie header; nothing was changed"
            ) from error
        except ShopError as error:
            return link, error


async def log_in(config: Config, name: str, tell: Callable[[LoginStep], None]) -> LoginState:
    """Log in by a code; `tell` hears every step. Returns how it ended. MarketDown when the platform is not there."""
    account, wire = find_account(config, name), config.wire
    async with _opened(config, name) as (store, row, before):
        http = Http(wire.http_s, account.passport_url, account.proxy.get_secret_value() or None)
        times = WireTimes(http_s=wire.http_s, code_poll_s=wire.code_poll_s)
        user_id, known, now = _user_of_account(row), before.cookies if before else "", SystemClock().now()
        qr = QrLogin(http, account.passport_url, times, now, user_id, known)
        try:
            return await _follow(qr, store, row, before, tell, ZoneInfo(config.shop.timezone))
        finally:
            await http.close()


async def _follow(
    qr: QrLogin,
    store: Store,
    row: accounts.AccountRow,
    before: Link | None,
    tell: Callable[[LoginStep], None],
    zone: ZoneInfo,
) -> LoginState:
    last = LoginState.failed
    async with aclosing(qr.steps()) as steps:
        async for told in steps:
            step = told
            if step.state is LoginState.done:
                if await _is_anothers(store, row, cookies_of(qr.cookies)["unb"]):
                    step = LoginStep(state=LoginState.wrong_account)
                else:
                    link = _renewed(before, qr.cookies, SeededChance())
                    await _keep(store, row, link.model_copy(update={"ends_at": qr.ends_at}), zone)
            tell(step)
            last = step.state
    return last


def _user_of_account(row: accounts.AccountRow) -> UserId | None:
    """Whose account it is for ever, also when its login is lost; None while the platform accepted none of it."""
    return row.user_id if row.first_connected_at is not None else None


async def _is_anothers(store: Store, row: accounts.AccountRow, user_id: str) -> bool:
    """One user is one account: their messages would be answered twice."""
    return any(one.user_id == user_id and one.id != row.id for one in await accounts.list_all(store.flows))


@asynccontextmanager
async def _opened(config: Config, name: str) -> AsyncIterator[tuple[Store, accounts.AccountRow, Link | None]]:
    """The shop's file, the account's row and the login it had, if any."""
    account, data_dir = find_account(config, name), config.shop.data_dir
    with lock.hold(data_dir):
        store = await Store.open(data_dir)
        try:
            now = to_ms(SystemClock().now())
            await store.write(
                lambda tx: tx.run("accounts.keep", name=name, shop=account.shop, platform=account.platform, now=now)
            )
            row = await accounts.find(store.flows, name)
            assert row is not None
            yield store, row, Link.model_validate_json(store.vault.open(row.link)) if row.link else None
        finally:
            await store.close()


def _renewed(before: Link | None, cookies: str, chance: Chance) -> Link:
    """The new login of a user keeps the device its tokens were bound to."""
    link = new_link(cookies, chance)
    device_id = before.device_id if before is not None and before.user_id in (None, link.user_id) else ""
    return link.model_copy(update={"device_id": device_id or link.device_id, "logged_in_at": SystemClock().now()})


async def _keep(store: Store, row: accounts.AccountRow, link: Link, zone: ZoneInfo) -> None:
    """Seal it, and record whose doing it was (law 8)."""
    times = {"logged_in_at": ms(link.logged_in_at), "ends_at": ms(link.ends_at)}
    cause = Cause(HOST, SystemClock().now(), zone)

    def work(tx: Tx) -> None:
        sealed = tx.vault.seal(link.model_dump_json())
        tx.run("accounts.keep_link", id=row.id, link=sealed, user_id=link.user_id, **times)
        tx.run("accounts.mended", id=row.id, now=cause.now_ms)
        acts.record(tx, cause, "log_in", "account", row.id)

    await store.write(work)
