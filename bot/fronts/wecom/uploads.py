"""Files on their way up: init, chunks of 512 KB counted from 0, finish (facts: WeCom c2, Upload)."""

import base64
import hashlib
from collections.abc import Awaitable, Callable

from bot.fronts.wecom.shapes import UPLOAD, Json
from core.errors import Transient

CHUNK_BYTES = 512 * 1024
LARGEST = {"image": 10 << 20, "file": 20 << 20}
SMALLEST = 5
Ask = Callable[[str, Json], Awaitable[Json]]


async def upload(ask: Ask, kind: str, filename: str, content: bytes) -> str:
    """The media_id of a file; it is good for three days. Transient("chat_refused") when it is over its limit.

    Raises what `ask` raises.
    """
    if not SMALLEST <= len(content) <= LARGEST[kind]:
        raise Transient("chat_refused")
    chunks = [content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES)]
    facts: Json = {
        "type": kind,
        "filename": filename,
        "total_size": len(content),
        "total_chunks": len(chunks),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }
    upload_id = (await ask(f"{UPLOAD}init", facts)).get("upload_id")
    for index, chunk in enumerate(chunks):
        data = base64.b64encode(chunk).decode()
        await ask(f"{UPLOAD}chunk", {"upload_id": upload_id, "chunk_index": index, "base64_data": data})
    media_id = (await ask(f"{UPLOAD}finish", {"upload_id": upload_id})).get("media_id")
    if not isinstance(media_id, str):
        raise Transient("chat_refused")
    return media_id
