"""The state behind the pretend gateway: robots, chats, cards that stand, files, and what was said."""

import base64
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.sandbox.faults import Dial, Faults
from bot.sandbox.record import Record
from bot.sandbox.wecom.faults import DIALS
from bot.sandbox.wecom.rate import Rate
from bot.sandbox.wecom.things import INVALID_CHAT, Chat, Json, Media, ShownCard, Upload

PER_CHAT = ((60.0, 30), (3600.0, 1000))
PER_WEBHOOK = ((60.0, 20),)
ANSWER_S = 5.0
"""How long a click or a welcome waits for its answer."""
REPLY_S = 24 * 3600.0
STREAM_S = 360.0


class Office:
    """One corp with its robots and people. `real` is a monotonic clock for what the wire counts in real seconds."""

    def __init__(
        self, now: Callable[[], datetime], record: Path | None, real: Callable[[], float] = time.monotonic
    ) -> None:
        self.now = now
        self.real = real
        self.faults = Faults(DIALS, 0)
        self.record = Record(record)
        self.rate = Rate(now, PER_CHAT)
        self.upload_rate = Rate(now, PER_CHAT)
        self.webhook_rate = Rate(now, PER_WEBHOOK)
        self.bots: dict[str, str] = {}
        self.chats: dict[str, Chat] = {}
        self.cards: dict[str, ShownCard] = {}
        self.media: dict[str, Media] = {}
        self.uploads: dict[str, Upload] = {}
        self.left: dict[str, tuple[str, bytes]] = {}
        """Files people sent, as they lie under their addresses: name and sealed bytes."""
        self.origin = ""
        self.bot_name = "店铺助手"

    def fault(self, dial: str, times: int = 1, *, on: str | None = None, by_s: float = 0.3) -> None:
        """Turn a dial for the next so many occasions; `on` narrows it to one command."""
        self.faults.set(Dial(dial, times=times, on=on, by_s=by_s))

    def note(self, kind: str, **facts: object) -> None:
        """Write into the record what happened.

        Kinds: typed, clicked, entered, lost (nobody was connected), sent, replied, stream, welcomed, card_updated,
        uploaded, refused, subscribed, kicked, pushed (webhook).
        """
        self.record.write(kind, round(self.now().timestamp() * 1000), **facts)

    def noted(self, *kinds: str) -> list[Json]:
        """The record's entries of some kinds, oldest first."""
        return [entry for entry in self.record.entries if entry["kind"] in kinds]

    def add_bot(self, bot_id: str = "aibPRETEND") -> tuple[str, str]:
        """A robot in API mode with a long connection: its BotID and Secret."""
        self.bots[bot_id] = secrets.token_hex(16)
        return bot_id, self.bots[bot_id]

    def add_group(self, chat_id: str = "wrkPretendGROUP") -> str:
        """A group with the robot in it; nothing can be pushed until somebody speaks to the robot there."""
        return self.chats.setdefault(chat_id, Chat(chat_id, "group")).chat_id

    def private(self, user_id: str) -> Chat:
        """The private chat of a user with the robot."""
        return self.chats.setdefault(user_id, Chat(user_id, "single"))

    def put_down(self, name: str, content: bytes) -> tuple[str, str]:
        """Lay a person's file under an address, sealed: AES-256-CBC, IV = the key's first 16 bytes, padded to 32."""
        key, pad = secrets.token_bytes(32), 32 - len(content) % 32
        writer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        number = secrets.token_hex(8)
        self.left[number] = name, writer.update(content + bytes([pad]) * pad) + writer.finalize()
        return f"{self.origin}/file/{number}", base64.b64encode(key).decode().rstrip("=")

    def chat(self, chat_id: str) -> Chat:
        """A chat by its exact id; 93006 for any other spelling."""
        if chat_id not in self.chats:
            raise INVALID_CHAT
        return self.chats[chat_id]
