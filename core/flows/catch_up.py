"""Catch up: after each connect, and now and then, what was missed is fetched again (law 1); and how an account is.

Conversations changed since the last time are read and their messages take the same way as pushes (a message seen
before is nothing); orders are brought to what the sold list says.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from core.clock import to_ms
from core.errors import LoginExpired, MarketDown, NeedsOwner, Refused, ShopError
from core.flows.histories import Histories
from core.flows.ingest import Ingest
from core.flows.work import Work
from core.moves import frames, listings, records
from core.moves.notices import tell
from core.outside.ports import MOST_ITEMS, Link, Market
from core.rules.gaps import read_from
from core.steps import Steps
from core.store import accounts
from core.store.db import Tx
from core.store.rows import ms
from core.values.ids import AccountId, UserId
from core.values.notices import NoticeKind
from core.values.orders import OrderRecord
from core.values.people import PLATFORM
from core.values.products import ItemRecord
from core.values.vitals import LineTrouble

log = logging.getLogger(__name__)

AGAIN_S = 30
"""How long a look that failed waits the first time, in seconds; each further one twice as long, as looks have it."""
MOST_DOUBLED = 4
LOOK_S = 2
"""Real seconds between two looks at the cookie file of an account that stopped."""
RESUME = "resume_asked"
MOST_REASON, MOST_URL = 300, 2000
"""So many characters are kept of what the platform says, and of the page it wants a person to open."""
STOPPED = ("login_expired", "challenged")
GROUP = 200
IN_VAIN_WITHIN, MOST_IN_VAIN = timedelta(days=1), 8
"""A record is asked for so often at most within a day when the calls are refused, the first included."""


class CatchUp:
    """Keeps each account's state and fetches what it missed; each has a loop of its own and waits for no other."""

    def __init__(self, work: Work, ingest: Ingest) -> None:
        self._work = work
        self._histories = Histories(work, ingest)
        self._wanted: dict[str, datetime] = {}
        """When an account is looked at next."""
        self._failed: Counter[str] = Counter()
        """Looks of an account that failed in a row."""
        self._cookies_at: dict[str, int] = {}
        for account in work.config.accounts:
            self._has_new_cookies(account.name)

    async def connected(self, account: str, user_id: UserId) -> None:
        """A /reg was accepted: the account is online, and its gap is to be filled."""
        account_id, now_ms = self._work.accounts[account], to_ms(self._work.now())
        their_ms = now_ms + round(1000 * (self._work.markets[account].line.ahead_s or 0))
        at = {"now": now_ms, "platform_now": their_ms}
        await self._work.store.write(lambda tx: tx.run("accounts.connected", id=account_id, user_id=user_id, **at))
        self.want(account)

    def want(self, account: str) -> None:
        """Fetch once more what an account missed, now: something says that there is more than was told."""
        self._wanted[account] = self._work.now()
        self._work.bells.catch_up.of(account).ring()

    def _want(self, account: str, wait_s: float) -> None:
        """Plan the next look after one; what was asked for meanwhile comes first."""
        self._wanted.setdefault(account, self._work.now() + timedelta(seconds=wait_s))

    async def disconnected(self, account: str, reason: str) -> None:
        """The connection ended; effects of the account wait. What only the owner can mend stays said."""
        account_id, now_ms = self._work.accounts[account], to_ms(self._work.now())
        await self._work.store.write(
            lambda tx: tx.run("accounts.disconnected", id=account_id, reason=reason, now=now_ms)
        )

    async def mended(self, account: str) -> None:
        """The owner mended what had stopped the account: only now may a connection count again."""
        account_id, now_ms = self._work.accounts[account], to_ms(self._work.now())
        await self._work.store.write(lambda tx: tx.run("accounts.mended", id=account_id, now=now_ms))

    async def unstable(self, account: str, reason: str) -> None:
        """No connection is opened for a while; the owner is told, and may press 重连 before."""
        log.warning("%s: connections end as soon as they are there: %s", account, reason)
        await self._set_state(account, "offline", LineTrouble.unstable, NoticeKind.line_trouble, LineTrouble.unstable)

    async def needs_owner(self, account: str, error: Exception) -> None:
        """Calls of this account stop; the owner gets one card, with where to go; the rest runs on."""
        state, kind = ("challenged", NoticeKind.challenged)
        if isinstance(error, LoginExpired):
            state, kind = ("login_expired", NoticeKind.login_expired)
        facts = error.facts if isinstance(error, ShopError) else {}
        reason, url = str(facts.get("reason") or ""), str(facts.get("url") or "")
        await self._set_state(account, state, reason[:MOST_REASON], kind, url[:MOST_URL])

    async def _set_state(
        self, account: str, state: str, reason: str, kind: NoticeKind | None = None, detail: str = ""
    ) -> None:
        account_id, cause = self._work.accounts[account], self._work.cause(actor=PLATFORM)

        def work(tx: Tx) -> None:
            changed = tx.run("accounts.set_state", id=account_id, state=state, reason=reason, now=cause.now_ms)
            if changed and kind is not None:
                tell(tx, cause, kind, "account", account_id, once=cause.now_ms, detail=detail)

        await self._work.store.write(work)

    async def login_checked(self, account: str, *, alive: bool, ends_at: datetime | None) -> None:
        """Warn once a login, while it still works: it is not recognised any more, or ends soon by its own word."""
        warn = timedelta(hours=self._work.config.watch.login_warn_hours)
        ends_soon = ends_at is not None and ends_at - self._work.now() <= warn
        if alive and not ends_soon:
            return
        account_id, cause = self._work.accounts[account], self._work.cause(actor=PLATFORM)

        def work(tx: Tx) -> None:
            row = tx.one("accounts.login_age", id=account_id)
            since = row["logged_in_at"] if row else None
            tell(tx, cause, NoticeKind.login_ending, "account", account_id, once=f"login:{since}")

        await self._work.store.write(work)

    async def keep_link(self, account: str, link: Link) -> None:
        """Cookies, device id and token, sealed, before they are relied on.

        Refused("wrong_account") when the account was connected as another user, or when another account of the shop is
        that user: everything would be answered twice.
        """
        account_id = self._work.accounts[account]
        body = link.model_dump_json()
        times = {"logged_in_at": ms(link.logged_in_at), "ends_at": ms(link.ends_at)}

        def work(tx: Tx) -> None:
            who = {"id": account_id, "user_id": link.user_id}
            if tx.one("accounts.may_become", **who) is None or tx.one("accounts.is_anothers", **who) is not None:
                raise Refused("wrong_account", account=account)
            tx.run("accounts.keep_link", id=account_id, link=tx.vault.seal(body), user_id=link.user_id, **times)

        await self._work.store.write(work)

    def of(self, account: str) -> "Turn":
        """The loop of one account."""
        return Turn(self, account)

    async def step(self, account: str) -> bool:
        """Fill the gap of an account; a failed try comes again, unless only the owner can help."""
        if await self._resume(account):
            return True
        now = self._work.now()
        longest = timedelta(minutes=self._work.config.watch.catch_up_minutes)
        if account not in self._wanted or now < self._wanted[account] <= now + longest:
            return False  # planned further off than that: the clock was put back
        del self._wanted[account]
        try:
            await self._fetch(self._work.markets[account], self._work.accounts[account], now)
        except NeedsOwner as error:
            log.warning("%s: catching up stopped: %s", account, error)
        except ShopError as error:
            log.warning("%s: catching up again later: %s", account, error)
            self._again(account)
        except Exception:
            self._again(account)
            raise
        else:
            self._failed.pop(account, None)
            self._want(account, self._work.config.watch.catch_up_minutes * 60)
        return True

    def _again(self, account: str) -> None:
        """Each look asks for everything since the last whole one: what is always refused is asked for less and less."""
        wait_s = min(AGAIN_S * 2 ** self._failed[account], self._work.config.watch.catch_up_minutes * 60)
        self._failed[account] = min(self._failed[account] + 1, MOST_DOUBLED)
        self._want(account, wait_s)

    async def _resume(self, account: str) -> bool:
        """The owner says that the login works again, by a word or by a new cookie file: connect anew."""
        row = await accounts.find(self._work.store.flows, account)
        if row is None:
            return False
        if row.reason != RESUME and not (row.state in STOPPED and self._has_new_cookies(account)):
            return False
        await self.mended(account)
        await self._work.markets[account].resume()
        return True

    def _has_new_cookies(self, account: str) -> bool:
        """Whether the cookie file changed since it was last looked at."""
        path = next((one.cookie_file for one in self._work.config.accounts if one.name == account), None)
        changed_at = path.stat().st_mtime_ns if path is not None and path.exists() else 0
        before = self._cookies_at.setdefault(account, changed_at)
        self._cookies_at[account] = changed_at
        return changed_at != before

    async def _fetch(self, market: Market, account_id: AccountId, until: datetime) -> None:
        row = await accounts.find(self._work.store.flows, market.account)
        assert row is not None
        since = read_from(row.caught_up_at, until) + timedelta(seconds=market.line.ahead_s or 0.0)
        all_heard = await self._histories.read(market, account_id, since)
        self._work.steps.reached(Steps.catch_up_halfway)
        sold = await market.list_sold()
        for record in sold:
            await self._learn(account_id, record)
        await self._look_up_missing(account_id, {record.order_no for record in sold}, until)
        await self._look_up_again(account_id, until)
        if not all_heard:
            raise MarketDown("market_down", reason="a conversation was refused")
        await self._work.store.write(lambda tx: tx.run("accounts.caught_up", id=account_id, until=to_ms(until)))
        await self._list_items(market, account_id)

    async def _list_items(self, market: Market, account_id: AccountId) -> None:
        """Last, and refused without harm: no message and no order waits for the list of what is on sale."""
        try:
            items = sorted(await market.list_items(), key=lambda item: item.item_id)
        except Refused as error:
            log.warning("%s: no list of items: %s", market.account, error)
            return
        await self._work.store.write(partial(self._keep_items, account_id, items))

    def _keep_items(self, account_id: AccountId, items: Sequence[ItemRecord], tx: Tx) -> None:
        """Every item on sale is a product the owner can configure (CFG-011)."""
        cause, whole = self._work.cause("item list", actor=PLATFORM), len(items) < MOST_ITEMS
        listings.see(tx, cause, account_id, items, self._work.terms.products, whole=whole)

    async def _learn(self, account_id: AccountId, record: OrderRecord) -> None:
        """A paid order's amounts and quantity stand in its own record; the list tells only that it changed."""
        cause = self._work.cause("sold list", actor=PLATFORM)
        await self._work.store.write(lambda tx: records.notice_listed(tx, cause, account_id, record))

    async def _look_up_missing(self, account_id: AccountId, listed: set[str], until: datetime) -> None:
        """Open orders the list no longer shows moved on while we were away: each record is read."""
        after, cause = 0, self._work.cause(actor=PLATFORM)
        while rows := await self._work.store.flows.all(
            "orders.open_of_account", account_id=account_id, after=after, most=GROUP
        ):
            after = rows[-1]["id"]
            missing = [(row["order_no"], row["id"]) for row in rows if row["order_no"] not in listed]

            def work(tx: Tx, missing: list[tuple[str, int]] = missing) -> None:
                for order_no, order_id in missing:
                    frames.look_up(tx, cause, account_id, order_no, order_id, f"away:{to_ms(until)}")

            await self._work.store.write(work)

    async def _look_up_again(self, account_id: AccountId, until: datetime) -> None:
        """What a record was asked for is not lost because one call was refused: it is asked for again, so often."""
        cause, since = self._work.cause(actor=PLATFORM), to_ms(until - IN_VAIN_WITHIN)
        rows = await self._work.store.flows.all(
            "orders.asked_in_vain", account_id=account_id, since=since, times=MOST_IN_VAIN
        )

        def work(tx: Tx) -> None:
            for row in rows:
                frames.look_up(tx, cause, account_id, row["order_no"], row["id"], f"again:{to_ms(until)}")

        if rows:
            await self._work.store.write(work)

    async def next_at(self, account: str) -> datetime | None:
        """When an account's next try is due, or, if it stopped, its cookie file is to be looked at."""
        look_at = self._work.now() + timedelta(seconds=self._work.clock.shop_s(LOOK_S))
        row = await accounts.find(self._work.store.flows, account)
        looks = look_at if row is not None and row.state in STOPPED else None
        return min((at for at in (self._wanted.get(account), looks) if at), default=None)


class Turn:
    """The catching up of one account, as a flow (core/supervise.Flow)."""

    def __init__(self, catch_up: CatchUp, account: str) -> None:
        self._catch_up = catch_up
        self._account = account

    async def step(self) -> bool:
        """One pass."""
        return await self._catch_up.step(self._account)

    async def next_at(self) -> datetime | None:
        """When the next is due."""
        return await self._catch_up.next_at(self._account)
