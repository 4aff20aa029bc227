"""A QR code: as a picture for chats, as half blocks for a terminal; and the sign that takes its place afterwards."""

import io
import struct
import zlib
from enum import Enum
from functools import cache

import segno

SCALE, BORDER = 8, 4
"""Pixels a module, and the quiet zone in modules: what phones read from another screen."""

CELL = 44
"""Pixels of a cell of a sign."""


def qr_picture(text: str) -> bytes:
    """A PNG of the code."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=SCALE, border=BORDER)
    return out.getvalue()


def qr_lines(text: str) -> str:
    """The code in half blocks, light on dark, as terminals are; a line each two rows."""
    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue().rstrip("\n")


class Sign(Enum):
    """What stands where a code stood, as rows of a small grid: a photo in a chat stays a photo, but says nothing."""

    done = (0x1F883D, "         /         /       # /      ## / #   ##  / ## ##   /  ###    /   #     /         ")
    over = (0x8C959F, "         / #     # / ##   ## /  ## ##  /   ###   /  ## ##  / ##   ## / #     # /         ")
    busy = (0x9A6700, "         /         /         /         / #  #  # /         /         /         /         ")


@cache
def sign_picture(sign: Sign) -> bytes:
    """A PNG of a sign, white on its colour, as large as a usual code."""
    colour, grid = sign.value
    rows, inks = grid.split("/"), (struct.pack(">I", colour)[1:], b"\xff\xff\xff")
    lines = [b"\0" + b"".join(inks[dot == "#"] * CELL for dot in row) for row in rows for _ in range(CELL)]
    head = struct.pack(">IIBBBBB", len(rows[0]) * CELL, len(rows) * CELL, 8, 2, 0, 0, 0)
    parts = (_part(b"IHDR", head), _part(b"IDAT", zlib.compress(b"".join(lines), 9)), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
