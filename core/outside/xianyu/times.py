"""How long things on the wire may take. All real seconds: wire time never runs fast."""

from pydantic import Field

from core.values import Value


class WireTimes(Value):
    """The adapter's waits. The defaults are what the platform and other clients are known to bear (facts: 1.6, 3)."""

    connect_s: float = Field(10.0, gt=0)
    answer_s: float = Field(10.0, gt=0)
    """How long an answer over the socket may take."""
    http_s: float = Field(20.0, gt=0)
    settle_s: float = Field(3.0, ge=0)
    """After registration, before the first request of ours."""
    heartbeat_s: float = Field(15.0, gt=0)
    dead_s: float = Field(30.0, gt=0)
    """Without an answered heartbeat for so long, the socket is given up."""
    backoff_first_s: float = Field(2.0, ge=0)
    backoff_last_s: float = Field(30.0, ge=0)
    stable_s: float = Field(30.0, ge=0)
    """A connection that lived so long starts the backoff anew."""
    renew_at: float = Field(0.8, gt=0, le=1)
    """The share of a token's life after which it is renewed."""
    keep_alive_s: float = Field(600.0, gt=0)
    """Between two looks whether the login still lives; the passport's answer renews its cookies."""
    code_poll_s: float = Field(2.0, gt=0)
    """Between two questions whether a login code was scanned."""
    code_life_s: float = Field(300.0, gt=0)
    """A code nobody scanned, or a check nobody passed, is given up after so long if the platform does not say so."""
    busy_s: float = Field(2.0, ge=0)
    """The wait that flow control wishes for."""


class Addresses(Value):
    """Where an account's platform lives; the real one by default."""

    ws_url: str = "wss://wss-goofish.dingtalk.com/"
    api_url: str = "https://h5api.m.goofish.com"
    passport_url: str = "https://passport.goofish.com"
    upload_url: str = "https://stream-upload.goofish.com"


MAX_FRAME_BYTES = 16 << 20
"""Frames above 1 MiB exist; the library's own limit of 1 MiB would cut the connection."""
IN_FLIGHT_FRAMES = 256
"""Frames read and not yet stored; when so many wait, reading stops."""
