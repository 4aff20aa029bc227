"""The markets of the configured accounts, each with the link it had (cookies, device id, token)."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import orjson

from core.clock import Chance, Clock, to_ms
from core.config import Account, Config
from core.errors import BadConfig, Challenged
from core.outside.ports import Link, Market
from core.outside.xianyu.identity import new_link, no_link
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.times import Addresses, WireTimes
from core.store import accounts
from core.store.accounts import AccountRow
from core.store.db import Store, Tx
from core.values.ids import AccountId

log = logging.getLogger(__name__)


async def keep_rows(store: Store, config: Config, clock: Clock) -> dict[str, AccountId]:
    """A row for every configured account, in its shop, and its goods there too; the ids of all there ever were."""
    now = to_ms(clock.now())
    names = orjson.dumps([account.name for account in config.accounts]).decode()
    for account in config.accounts:
        await store.write(partial(_keep_row, account, now))
    await store.write(lambda tx: tx.run("accounts.keep_only", names=names, now=now))
    return {row.name: row.id for row in await accounts.list_all(store.flows)}


def _keep_row(account: Account, now_ms: int, tx: Tx) -> None:
    tx.run("accounts.keep", name=account.name, shop=account.shop, platform=account.platform, now=now_ms)
    tx.run("accounts.move_goods", name=account.name, shop=account.shop, now=now_ms)


async def open_markets(store: Store, config: Config, clock: Clock, chance: Chance) -> dict[str, Market]:
    """A market for each account. One that has no login yet waits for it: its calls raise LoginExpired."""
    found: dict[str, Market] = {}
    for account in config.accounts:
        row = await accounts.find(store.flows, account.name)
        link = _kept_link(store, row) or _first_link(account, clock, chance)
        found[account.name] = _market(account, link, config, clock, chance, row)
    return found


def _kept_link(store: Store, row: AccountRow | None) -> Link | None:
    return Link.model_validate_json(store.vault.open(row.link)) if row is not None and row.link else None


def _stop(row: AccountRow | None) -> Challenged | None:
    """A challenge outlives the process: restarts that ask for a token each would only make it last."""
    if row is None or row.state != "challenged":
        return None
    return Challenged("challenged", reason=row.reason)


def _market(
    account: Account, link: Link, config: Config, clock: Clock, chance: Chance, row: AccountRow | None
) -> XianyuMarket:
    wire, limits = config.wire, config.limits
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
        failures=wire.failures,
        rest_first_s=wire.rest_min_s,
        rest_last_s=wire.rest_max_s,
        most_short=wire.short_connections,
        short_rest_s=wire.short_rest_minutes * 60,
        reads_per_s=limits.reads_per_s,
        reads_at_once=limits.reads_at_once,
    )
    return XianyuMarket(
        account.name,
        link,
        clock=clock,
        chance=chance,
        addresses=_addresses(account),
        times=times,
        fresh_cookies=_reader(account.cookie_file),
        proxy=account.proxy.get_secret_value() or None,
        stopped=_stop(row),
        settled=row is not None and row.first_connected_at is not None,
    )


def _addresses(account: Account) -> Addresses:
    return Addresses(
        ws_url=account.ws_url,
        api_url=account.api_url,
        passport_url=account.passport_url,
        upload_url=account.upload_url,
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
