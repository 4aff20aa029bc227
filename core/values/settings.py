"""A change of a setting."""

from core.values import Value


class SettingChange(Value):
    """What a setting was and is, as it is shown; `place` is where it was read, `at_start`: it needs a restart."""

    key: str
    before: str
    after: str
    place: str
    at_start: bool
