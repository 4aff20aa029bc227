"""Files in chunks: init, chunk (0-based, any order, twice is once), finish with the md5 (facts: WeCom c2, Upload)."""

import base64
import binascii
import hashlib
import secrets

from bot.sandbox.wecom.limits import refuse, text_at
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.things import Json, Media, Upload

CHUNK_BYTES = 512 * 1024
MOST_CHUNKS = 100
SESSION_S = 1800.0
LARGEST = {"image": 10 << 20, "video": 10 << 20, "voice": 2 << 20, "file": 20 << 20}


def begin(office: Office, bot_id: str, body: Json) -> Json:
    """`aibot_upload_media_init`."""
    office.upload_rate.count(bot_id)
    kind = text_at(body, "type")
    size, chunks = body.get("total_size"), body.get("total_chunks")
    if kind not in LARGEST or not isinstance(size, int) or not 5 <= size <= LARGEST[kind]:
        raise refuse("type or total_size")
    if not isinstance(chunks, int) or not 1 <= chunks <= MOST_CHUNKS:
        raise refuse("total_chunks")
    upload_id = f"UP{secrets.token_hex(8)}"
    filename, md5 = text_at(body, "filename"), text_at(body, "md5")
    office.uploads[upload_id] = Upload(upload_id, kind, filename, size, chunks, md5, office.real())
    return {"upload_id": upload_id}


def chunk(office: Office, body: Json) -> Json:
    """`aibot_upload_media_chunk`; `chunk_index` starts at 0."""
    upload, index = _find(office, body), body.get("chunk_index")
    if not isinstance(index, int) or not 0 <= index < upload.total_chunks:
        raise refuse("chunk_index: 0 to total_chunks - 1")
    try:
        data = base64.b64decode(text_at(body, "base64_data"), validate=True)
    except binascii.Error as error:
        raise refuse("base64_data") from error
    if len(data) > CHUNK_BYTES:
        raise refuse("base64_data is over 512 KB")
    upload.chunks[index] = data
    return {}


def finish(office: Office, body: Json) -> Json:
    """`aibot_upload_media_finish`: all chunks there, the size and the md5 right."""
    upload = _find(office, body)
    content = b"".join(data for _, data in sorted(upload.chunks.items()))
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if len(upload.chunks) != upload.total_chunks or len(content) != upload.total_size or md5 != upload.md5:
        raise refuse("the file is not whole")
    del office.uploads[upload.upload_id]
    media = Media(f"MEDIA{secrets.token_hex(12)}", upload.kind, upload.filename, content)
    office.media[media.media_id] = media
    office.note("uploaded", media_id=media.media_id, type=media.kind, filename=media.filename, size=len(content))
    created_at = str(int(office.now().timestamp()))
    return {"type": media.kind, "media_id": media.media_id, "created_at": created_at}


def _find(office: Office, body: Json) -> Upload:
    upload = office.uploads.get(text_at(body, "upload_id"))
    if upload is None or office.real() - upload.began_at_s > SESSION_S:
        raise refuse("upload_id")
    return upload
