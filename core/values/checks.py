"""What `zhanggui check` found: a line a thing that was looked at."""

from enum import StrEnum

from pydantic import Field

from core.values import Value


class Part(StrEnum):
    """What a line is about."""

    config = "config"
    """The configuration."""
    folder = "folder"
    """The data folder."""
    account = "account"
    """A login of a marketplace."""
    clock = "clock"
    """This machine's clock."""
    model = "model"
    """The language model."""
    telegram = "telegram"
    """The bot in Telegram."""
    wecom = "wecom"
    """The robot in WeCom."""
    chats = "chats"
    """Whether there is a chat at all."""


class CheckLine(Value):
    """One thing looked at: `key` names its text, `facts` are the placeholders, `ok` says that nothing is to be done."""

    part: Part
    key: str
    ok: bool = False
    about: str = ""
    """Which one of several (an account's name)."""
    facts: dict[str, str | int] = Field(default_factory=dict)
