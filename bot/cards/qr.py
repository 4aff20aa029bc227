"""A QR code: as a picture for chats, as half blocks for a terminal."""

import io

import segno

SCALE, BORDER = 8, 4
"""Pixels a module, and the quiet zone in modules: what phones read from another screen."""


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
