"""What the front needs of a way to WeCom, whichever it is."""

from typing import Protocol

from bot.fronts.wecom.shapes import Json
from core.values.checks import CheckLine


class Wire(Protocol):
    """A way between a robot and WeCom: the long connection, or callbacks (doorway.py)."""

    @property
    def takes_files(self) -> bool:
        """Whether pictures and files can be sent by it."""
        ...

    @property
    def is_up(self) -> bool:
        """Whether people can be heard now."""
        ...

    async def ask(self, command: str, body: Json | None, req_id: str | None = None) -> Json:
        """Give a command; raises Rejected, Transient or Unknown (Talk.ask)."""
        ...

    async def try_once(self) -> None:
        """See whether it works, where nobody listens; Rejected or Ended when not."""
        ...

    def called(self, *, listens: bool) -> CheckLine | None:
        """What a check finds of it, where WeCom calls the shop; None where the shop connects."""
        ...

    async def keep(self) -> None:
        """Hear people until cancelled, or until the credentials are refused."""
        ...

    async def close(self) -> None:
        """Hang up what `keep` does not."""
        ...
