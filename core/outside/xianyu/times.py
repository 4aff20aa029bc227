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
    failures: int = Field(5, ge=1)
    """After so many calls of the web API in a row without an answer the account's calls rest."""
    rest_first_s: float = Field(30.0, ge=0)
    rest_last_s: float = Field(600.0, ge=0)
    """How long they rest at first, and at most: each rest is twice the one before."""
    most_short: int = Field(5, ge=1)
    """After so many connections shorter than `stable_s` within `SHORT_WINDOW_S` none is opened for `short_rest_s`: more
    of them would look like an attack (facts: reconnect)."""
    short_rest_s: float = Field(1800.0, ge=0)
    reads_per_s: float = Field(5.0, gt=0)
    """Questions a second in the long run, in shop time."""
    reads_at_once: int = Field(800, ge=1)
    """Questions that may come at once after a quiet time: what a shop asks after a night away."""


class Addresses(Value):
    """Where an account's platform lives; the real one by default."""

    ws_url: str = "wss://wss-goofish.dingtalk.com/"
    api_url: str = "https://h5api.m.goofish.com"
    passport_url: str = "https://passport.goofish.com"
    upload_url: str = "https://stream-upload.goofish.com"


MAX_FRAME_BYTES = 16 << 20
"""Frames above 1 MiB exist; the library's own limit of 1 MiB would cut the connection."""
SHORT_WINDOW_S = 300.0
"""Within which short connections are counted."""
IN_FLIGHT_FRAMES = 256
"""Frames read and not yet stored; when so many wait, reading stops."""
