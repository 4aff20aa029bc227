"""Login codes of the pretend passport, and the phone that scans them."""

import time
from dataclasses import dataclass, field

from core.sandbox.market import Market, Refusal
from core.sandbox.things import Account
from core.sandbox.wishes import OnCode

LIVES_S = 180.0
"""Real seconds for which a code can be scanned."""
NEW, SCANNED, CONFIRMED, EXPIRED, CANCELLED = "NEW", "SCANED", "CONFIRMED", "EXPIRED", "CANCELED"
NO_CODE = "no code waits to be scanned"


@dataclass
class Code:
    """One QR code and what the phone did with it. `session` is the cookie of the browser that asked for it."""

    content: str
    t: str
    ck: str
    session: str
    ends_s: float
    status: str = NEW
    account: Account | None = None
    token: str = ""
    at_once: bool = False
    htoken: str = ""
    passed: str = ""

    @property
    def face(self) -> str:
        """What the second code says; nothing when there is none."""
        return f"https://passport.goofish.com/iv/face.htm?htoken={self.htoken}&k=1" if self.htoken else ""


@dataclass
class Codes:
    """Every code there is; the methods are what a person does with a phone."""

    market: Market
    all: list[Code] = field(default_factory=list)

    def add(self, session: str) -> Code:
        """A new code for a browser's session."""
        ids = self.market.ids
        content = f"https://passport.goofish.com/qrcodeCheck.htm?lgToken={ids.hex(32)}&_from=havana"
        code = Code(content, str(self.market.now_ms()), ids.hex(32), session, time.monotonic() + LIVES_S)
        self.all.append(code)
        return code

    def scan(self, account: Account, content: str | None) -> Code:
        """A phone that is logged in as an account scans a code, the newest when none is named."""
        code = self._open(content, NEW)
        code.account, code.status = account, SCANNED
        return code

    def confirm(self, wish: OnCode) -> Code:
        """The person allows the login; a second factor may be asked."""
        code = self._open(wish.code, SCANNED)
        code.status, code.at_once = CONFIRMED, wish.at_once
        if wish.check or self.market.faults.strikes("second_factor", "confirm"):
            code.htoken = self.market.ids.hex(32)
        else:
            code.token = self.market.ids.hex(40)
        return code

    def cancel(self, content: str | None) -> Code:
        """The person does not allow it."""
        code = self._open(content, SCANNED)
        code.status = CANCELLED
        return code

    def pass_check(self, content: str | None) -> Code:
        """The person shows their face to the phone."""
        code = self._open(content, CONFIRMED)
        if not code.htoken:
            raise Refusal("no check was asked")
        code.passed = self.market.ids.hex(24)
        return code

    def _open(self, content: str | None, status: str) -> Code:
        for code in reversed(self.all):
            wanted = content is None or content in (code.content, code.face)
            if wanted and code.status == status and time.monotonic() < code.ends_s:
                return code
        raise Refusal(NO_CODE)
