"""The pretend Telegram's truth: who is there, what was said, pressed and uploaded; the only place it is looked up."""

import asyncio
import random
import string
import time
from collections import deque
from pathlib import Path

from bot.sandbox.faults import Faults
from bot.sandbox.record import Record
from bot.sandbox.serving import Json
from bot.sandbox.telegram.pace import Pace
from bot.sandbox.telegram.pictures import measure
from bot.sandbox.telegram.things import ANONYMOUS_ADMIN, Chat, Kind, Message, Press, StoredFile, User
from core.clock import Clock, to_ms

DIALS = {
    "rate_limit": "the method answers 429 with retry_after `by_s` and does nothing",
    "drop_before": "the connection breaks before the effect",
    "drop_after": "the effect happens, then the connection breaks without an answer",
    "slow": "the method begins `by_s` real seconds late",
    "server_error": "the method answers 502 and does nothing",
    "conflict": "getUpdates answers 409 as if another poller had come",
    "unknown_update": "getUpdates brings an update of no known kind before the next good one",
}
CALLS_KEPT = 500


class Cloud:
    """One bot, any number of people and chats. `changed` rings whenever a person could see something new."""

    def __init__(self, clock: Clock, seed: int, record: Path | None) -> None:
        self.clock = clock
        self.faults = Faults(DIALS, seed)
        self.record = Record(record)
        self.pace = Pace(time.monotonic)
        dice = random.Random(f"telegram {seed}")
        secret = "".join(dice.choices(string.ascii_letters + string.digits, k=35))
        self.bot = User(dice.randrange(10**9, 10**10), "掌柜", username="zhanggui_pretend_bot", is_bot=True)
        self.token = f"{self.bot.id}:{secret}"
        self.privacy = True
        anonymous = User(ANONYMOUS_ADMIN, "Group", username="GroupAnonymousBot", is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot, anonymous.id: anonymous}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.version = 0
        self.changed = Bell()
        self._dice = dice
        self._last_ids: dict[int, int] = {}

    def now_s(self) -> int:
        """The world's clock in whole seconds, as Telegram dates things."""
        return to_ms(self.clock.now()) // 1000

    def note(self, kind: str, **facts: object) -> None:
        """Write one thing that happened into the record."""
        self.record.write(kind, to_ms(self.clock.now()), **facts)

    def touch(self) -> int:
        """Something a person can see has changed; the new count."""
        self.version += 1
        self.changed.ring()
        return self.version

    def new_user_id(self) -> int:
        """An id of more than 32 bits, as today's are."""
        return next(n for n in iter(lambda: self._dice.randrange(5 * 10**9, 8 * 10**9), 0) if n not in self.users)

    def new_chat_id(self, kind: Kind) -> int:
        """Negative; a supergroup's begins with -100."""
        low = -(10**12) - 4 * 10**9 if kind is Kind.supergroup else -5 * 10**9
        return next(n for n in iter(lambda: low + self._dice.randrange(10**9), 0) if n not in self.chats)

    def new_message_id(self, chat: Chat) -> int:
        """A supergroup counts its own; private chats and basic groups share one count."""
        key = chat.id if chat.kind is Kind.supergroup else 0
        self._last_ids[key] = self._last_ids.get(key, 0) + 1
        return self._last_ids[key]

    def add(self, message: Message) -> Message:
        """Keep a new message."""
        message.version = self.touch()
        self.messages[message.chat_id, message.id] = message
        return message

    def find_message(self, chat_id: int, message_id: int | None) -> Message | None:
        """A message that is still there."""
        message = self.messages.get((chat_id, message_id or 0))
        return None if message is None or message.deleted else message

    def list_messages(self, chat_id: int) -> list[Message]:
        """A chat's messages that are still there, oldest first."""
        return [one for one in self.messages.values() if one.chat_id == chat_id and not one.deleted]

    def store(self, name: str, mime: str, data: bytes, folder: str) -> StoredFile:
        """Keep a file; pictures are measured."""
        file_id = "AgAC" + self._letters(60)
        width, height = measure(data) or (0, 0)
        path = f"{folder}/file_{len(self.files)}{Path(name).suffix[:12]}"
        self.files[file_id] = StoredFile(file_id, "AQAD" + self._letters(12), path, name, mime, data, width, height)
        return self.files[file_id]

    def new_query_id(self) -> str:
        """A callback query's id."""
        return str(self._dice.randrange(10**17, 10**18))

    def _letters(self, count: int) -> str:
        return "".join(self._dice.choices(string.ascii_letters + string.digits, k=count))


class Bell:
    """Wakes everyone who waits; take `next` before looking, so that nothing rings unheard."""

    def __init__(self) -> None:
        self.next = asyncio.Event()

    def ring(self) -> None:
        """Wake them."""
        self.next.set()
        self.next = asyncio.Event()
