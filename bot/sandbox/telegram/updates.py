"""The bot's queue of updates: kept until the next poll's offset acknowledges them; one poller at a time."""

import asyncio
import contextlib

from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Bell, Cloud
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import conflict

ASKED_FOR_ONLY = ("chat_member", "message_reaction", "message_reaction_count")
MAX_WAIT_S, MAX_BATCH = 50, 100
REPLACED = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """What the bot was told and has not acknowledged; `webhook` is only an address that forbids polling."""

    def __init__(self, cloud: Cloud, closing: asyncio.Event) -> None:
        self.webhook = ""
        self.waiting: list[Json] = []
        self._cloud = cloud
        self._closing = closing
        self._last_id = 700_000_000
        self._allowed: list[str] = []
        self.polls = 0
        """How many polls have begun; the newest is the one that counts."""
        self._bell = Bell()

    def push(self, kind: str, body: Json) -> None:
        """Queue one update, unless the bot did not ask for its kind."""
        if self._allowed and kind not in self._allowed:
            return
        if not self._allowed and kind in ASKED_FOR_ONLY:
            return
        if self._cloud.faults.strikes("unknown_update", "getUpdates"):
            self._put("purple_dinosaur", {"id": 1, "date": self._cloud.now_s()})
        self._put(kind, body)

    def inject(self, update: Json) -> int:
        """Queue any update as it is, but for its id."""
        ((kind, body),) = update.items()
        self._put(kind, body)
        return self._last_id

    def close(self) -> None:
        """Let every poller go."""
        self._bell.ring()

    def _put(self, kind: str, body: Json) -> None:
        self._last_id += 1
        self.waiting.append({"update_id": self._last_id, kind: body})
        self._bell.ring()

    async def get_updates(self, params: Params) -> list[Json]:
        """`getUpdates`: a newer poll ends this one with 409."""
        if self.webhook:
            raise conflict(WEBHOOK)
        if self._cloud.faults.strikes("conflict", "getUpdates"):
            raise conflict(REPLACED)
        self.polls += 1
        mine = self.polls
        self._bell.ring()
        self._acknowledge(params.integer("offset") or 0)
        if params.values.get("allowed_updates") is not None:
            self._allowed = [str(kind) for kind in params.array("allowed_updates")]
        await self._wait(min(params.integer("timeout") or 0, MAX_WAIT_S), mine)
        limit = params.integer("limit") or MAX_BATCH
        return self.waiting[: max(1, min(limit, MAX_BATCH))]

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            self.waiting = self.waiting[offset:]
        else:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]

    async def _wait(self, timeout_s: float, mine: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self.waiting and mine == self.polls and not self._closing.is_set():
                    await self._bell.next.wait()
        if mine != self.polls:
            raise conflict(REPLACED)

    def set_webhook(self, params: Params) -> bool:
        """`setWebhook`: nothing is ever delivered there."""
        self.webhook = params.text("url") or ""
        return True

    def delete_webhook(self, params: Params) -> bool:
        """`deleteWebhook`."""
        self.webhook = ""
        if params.flag("drop_pending_updates"):
            self.waiting = []
        return True

    def get_webhook_info(self, _: Params) -> Json:
        """`getWebhookInfo`."""
        waiting = len(self.waiting)
        return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": waiting}
