"""LWP frames: what a text of the socket is, and the records a push carries (facts: frames, pushes)."""

from core.outside.xianyu.fields import Fields, fields_at, list_at

HEARTBEAT = "/!"
KICKED = "/push/kickout"
REMOVED = "/s/session/remove"
_BEHIND = (1, 2)


def push_entries(frame: Fields) -> list[object] | None:
    """Every entry of a push's `data` list; None when the frame is no push. One frame often carries several records."""
    package = fields_at(frame, "body").get("syncPushPackage")
    return list_at(package, "data") if isinstance(package, dict) else None


def wants_sync(frame: Fields) -> bool:
    """True when the platform says that we are behind and must ask for the sync state again (facts: sync start)."""
    return fields_at(frame, "body", "syncExtraType").get("type") in _BEHIND


def mid_of(frame: Fields) -> str | None:
    """The name by which a reply finds its request: the first word of `mid` (the rest is a counter)."""
    mid = fields_at(frame, "headers").get("mid")
    return mid.split(" ", 1)[0] if isinstance(mid, str) else None


def is_frame(value: Fields) -> bool:
    """Frames have headers; records have numbers or `operation` for keys."""
    return isinstance(value.get("headers"), dict) or isinstance(value.get("body"), dict) or "lwp" in value


def is_bare_reply(frame: Fields) -> bool:
    """A heartbeat, or a reply that says only that it was taken."""
    return frame.get("lwp") == HEARTBEAT or ("code" in frame and "lwp" not in frame and not frame.get("body"))
