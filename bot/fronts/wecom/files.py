"""Files people send in private: fetched within five minutes, decrypted with their own key, kept for the next command.

WeCom sends a file alone, without words (facts: WeCom c1, c2): the command that wants it follows.
"""

import asyncio
import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx2
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.auth import Attachment
from bot.desk import LARGEST_FILE
from bot.fronts.wecom.shapes import Link

LOG = logging.getLogger("zhanggui.wecom")
KEPT = timedelta(minutes=10)
FETCH_S = 20.0
BLOCK = 32
"""PKCS#7 pads to 32 bytes here."""
MOST_BYTES = 3 * LARGEST_FILE
"""So much waits in memory at most, of all people together."""


class NotFetched(Exception):
    """`key` of a refusal: file_too_big or file_not_fetched."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Kept:
    """A file that waits for its command."""

    file: Attachment
    at: datetime


class Files:
    """Fetches files and keeps each person's newest for ten minutes of shop time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._http = httpx2.AsyncClient(timeout=FETCH_S)
        self._kept: dict[str, Kept] = {}

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def keep(self, who: str, link: Link) -> Attachment:
        """Fetch a person's file and keep it; NotFetched when it is too large, gone or cannot be read."""
        sealed, name = await self._fetch(link)
        content = await asyncio.to_thread(unseal, sealed, link.aes_key)
        if len(content) > LARGEST_FILE:
            raise NotFetched("file_too_big")
        file = Attachment(name=name, content=content)
        self._kept.pop(who, None)
        self._kept[who] = Kept(file, self._now())
        self._forget()
        return file

    def _forget(self) -> None:
        """Drop what nobody wanted in time, and the oldest of too much."""
        for who in [who for who, kept in self._kept.items() if self._now() - kept.at > KEPT]:
            del self._kept[who]
        while sum(len(kept.file.content) for kept in self._kept.values()) > MOST_BYTES:
            del self._kept[next(iter(self._kept))]

    def take(self, who: str) -> Attachment | None:
        """The file a person sent lately, once."""
        kept = self._kept.pop(who, None)
        return kept.file if kept is not None and self._now() - kept.at <= KEPT else None

    async def _fetch(self, link: Link) -> tuple[bytes, str]:
        content = bytearray()
        try:
            async with self._http.stream("GET", link.url) as answer:
                answer.raise_for_status()
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > LARGEST_FILE + BLOCK:
                        raise NotFetched("file_too_big")
                name = _name(answer.headers.get("content-disposition", ""), link)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            LOG.warning("a file could not be fetched: %s", type(error).__name__)
            raise NotFetched("file_not_fetched") from None
        return bytes(content), name


def unseal(sealed: bytes, aes_key: str) -> bytes:
    """AES-256-CBC, the key's first 16 bytes as IV; without a key it is as it came. NotFetched when it is damaged."""
    if not aes_key:
        return sealed
    try:
        key = base64.b64decode(aes_key + "=" * (-len(aes_key) % 4))
        reader = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = reader.update(sealed) + reader.finalize()
    except ValueError as error:
        raise NotFetched("file_not_fetched") from error
    pad = plain[-1] if plain else 0
    if len(key) != BLOCK or not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise NotFetched("file_not_fetched")
    return plain[:-pad]


def _name(disposition: str, link: Link) -> str:
    """The name the server gives, else the address's last part."""
    given = disposition.partition("filename=")[2].strip('" ') or urlsplit(link.url).path
    return PurePosixPath(unquote(given).replace("\\", "/")).name[:80] or link.kind
