"""The markets of the configured accounts, each with the link it had (cookies, device id, token)."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.clock import Chance, Clock, to_ms
from core.config import Account, Config
from core.errors import BadConfig
from core.outside.ports import Link, Market
from core.outside.xianyu.identity import new_link, no_link
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.times import Addresses, WireTimes
from core.store import accounts
from core.store.db import Store, Tx
from core.values.ids import AccountId

log = logging.getLogger(__name__)


async def keep_rows(store: Store, config: Config, clock: Clock) -> dict[str, AccountId]:
    """A row for every configured account, in its shop, and its goods there too; their ids by name."""
    now = to_ms(clock.now())
    for account in config.accounts:
        await store.write(partial(_keep_row, account, now))
    return {row.name: row.id for row in await accounts.list_all(store.flows)}


def _keep_row(account: Account, now_ms: int, tx: Tx) -> None:
    tx.run("accounts.keep", name=account.name, shop=account.shop, platform=account.platform, now=now_ms)
    tx.run("accounts.move_goods", name=account.name, shop=account.shop, now=now_ms)


async def open_markets(store: Store, config: Config, clock: Clock, chance: Chance) -> dict[str, Market]:
    """A market for each account. One that has no login yet waits for it: its calls raise LoginExpired."""
    links = [(account, await _link_of(store, account, clock, chance)) for account in config.accounts]
    return {account.name: _market(account, link, config, clock, chance) for account, link in links}


async def _link_of(store: Store, account: Account, clock: Clock, chance: Chance) -> Link:
    row = await accounts.find(store.flows, account.name)
    if row is not None and row.link:
        return Link.model_validate_json(store.vault.open(row.link))
    return _first_link(account, clock, chance)


def _market(account: Account, link: Link, config: Config, clock: Clock, chance: Chance) -> XianyuMarket:
    wire = config.wire
    times = WireTimes(
        connect_s=wire.connect_s,
        answer_s=wire.answer_s,
        http_s=wire.http_s,
        settle_s=wire.settle_s,
        heartbeat_s=wire.heartbeat_s,
        dead_s=wire.silence_s,
        backoff_first_s=wire.reconnect_min_s,
        backoff_last_s=wire.reconnect_max_s,
        keep_alive_s=wire.keep_alive_minutes * 60,
        code_poll_s=wire.code_poll_s,
    )
    addresses = Addresses(
        ws_url=account.ws_url,
        api_url=account.api_url,
        passport_url=account.passport_url,
        upload_url=account.upload_url,
    )
    return XianyuMarket(
        account.name,
        link,
        clock=clock,
        chance=chance,
        addresses=addresses,
        times=times,
        fresh_cookies=_reader(account.cookie_file),
        proxy=account.proxy.get_secret_value() or None,
    )


def _first_link(account: Account, clock: Clock, chance: Chance) -> Link:
    """By the cookie file; without a login in it the account waits for one, and says why."""
    try:
        cookies = _reader(account.cookie_file)()
        return new_link(cookies, chance).model_copy(update={"logged_in_at": clock.now()}) if cookies else no_link()
    except BadConfig as error:
        log.warning("account %s has no login: %s", account.name, error)
        return no_link()


def _reader(path: Path | None) -> Callable[[], str | None]:
    def read() -> str | None:
        if path is None or not path.exists():
            return None
        try:
            return path.read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfig(f"{path}: the cookie file cannot be read ({error})") from error

    return read
