"""A copy of the shop, as its owner gets it."""

from datetime import datetime

from pydantic import Field

from core.values import Value

RESTORE = "restore"
"""Who began the emergency stop of a restored shop; the reason of that pause is when the backup was made (ISO 8601)."""


class Copy(Value):
    """A backup: `size` of the file in bytes, `sha256` of the database in it; no `content` when it is too large."""

    made_at: datetime
    size: int
    sha256: str
    content: bytes | None = Field(None, repr=False)
