"""A change of a setting."""

from core.values import Value


class SettingChange(Value):
    """What a setting was and is, as it is shown; `place` is where it was read, `at_start`: it needs a restart."""

    key: str
    before: str
    after: str
    place: str = ""
    at_start: bool = False
    overruled: str | None = None
    """What was chosen in the chat and counts all the same, where the file changed."""


class Reload(Value):
    """What file and environment say otherwise than when they were last read; `number` once it is in force."""

    changes: tuple[SettingChange, ...]
    waiting: tuple[str, ...] = ()
    """Settings that were changed before and hold from the next start."""
    number: int = 0
