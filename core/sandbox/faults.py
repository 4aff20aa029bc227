"""What goes wrong, by dial and by seed."""

import random
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.sandbox.things import Json

DIALS = {
    "duplicate": "a push comes twice",
    "reorder": "a push comes after the one that follows it",
    "delay": "a push comes `by_s` real seconds late",
    "drop": "a push never comes; only history and the order lists have it",
    "half_close": "the socket goes silent without closing",
    "deaf_after_renewal": "a new token makes the older sockets deaf: heartbeats are answered, pushes never come",
    "redeliver_on_reconnect": "pushes left unacknowledged on a lost socket come again on the next one",
    "malformed_record": "a push carries a broken record before the good one",
    "unknown_record": "a push carries a record of no known shape before the good one",
    "big_frame": "a push is at least 1 MiB long",
    "nested_shape": "a message has one level more and no reminderUrl, as captured since 2026-08",
    "expired_token": "the token of the call is stale (`_m_h5_tk`, or the access token when on `reg`)",
    "expired_session": "the login is gone",
    "rgv587": "risk control asks for a slider",
    "http_5xx": "the call answers 502 and does nothing",
    "html_page": "the call answers a page of HTML and does nothing",
    "half_body": "the call is carried out, and the line is cut in the middle of its answer",
    "traffic_limit": "the call is refused because there are too many",
    "other_ret": "the call does nothing and is answered with the lines of `ret` and with `data`",
    "permission": "the call answers PERMISSION_EXCEPTION",
    "loose_filter": "the plain sold list ignores its status filter",
    "timeout_after_effect": "the write happens, its answer never comes",
    "timeout_before_effect": "the write does not happen and its answer never comes",
    "csi_forbid": "a sent text is refused by content safety",
    "chat_refused": "no conversation is opened (`create`), or none is shown (`history`)",
    "flow_control": "a sent text is refused by flow control",
    "qr_expires": "a login code expires the next time it is asked about",
    "second_factor": "a confirmed login asks for a face first",
    "slow_passport": "the passport answers `by_s` real seconds late",
}


class Dial(BaseModel):
    """One dial: a probability for every occasion, or the next so many occasions.

    `on` narrows it: the tail of an API's name (`consign.dummy`), `send`, `reg`, `hasLogin`, `upload`, `generate` and
    `query` (of a login code), or for pushes a kind of record (`message`, `card`, `update`, `summary`, `map`, `arouse`,
    `tip`, `echo`, `receipt`, `typing`, `notice`, `change`, `flat`, `workbench`, `platform_card`, `text_card`). `words`
    narrows csi_forbid to texts that hold one of them, and http_5xx to calls whose data do; other_ret answers the lines
    `ret` (`CODE::words`) with `data`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dial: str
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    next: Annotated[int, Field(ge=0)] | None = None
    on: str | None = None
    by_s: Annotated[float, Field(ge=0)] = 0.3
    words: tuple[str, ...] = ()
    ret: Annotated[tuple[str, ...], Field(min_length=1)] = ("FAIL_SYS_SERVICE_FAULT::服务故障",)
    data: Json = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.dial not in DIALS:
            raise ValueError(f"unknown dial {self.dial!r}; one of {', '.join(DIALS)}")
        if (self.probability is None) == (self.next is None):
            raise ValueError("give a dial either a probability or a next count")
        return self

    def concerns(self, what: tuple[str, ...]) -> bool:
        """Whether an occasion with these names is meant."""
        return self.on is None or any(name == self.on or name.endswith(f".{self.on}") for name in what)


class Faults:
    """All dials as they stand now; setting a dial again for the same `on` replaces it. Each rolls its own dice."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice: dict[tuple[str, str | None], random.Random] = {}
        self._dials: dict[tuple[str, str | None], Dial] = {}
        self.hit: dict[str, int] = {}

    def set(self, dial: Dial) -> None:
        """Turn a dial; a probability or count of 0 turns it off."""
        self._dials.pop((dial.dial, dial.on), None)
        if dial.probability or dial.next:
            self._dials[dial.dial, dial.on] = dial

    def clear(self) -> None:
        """Turn every dial off."""
        self._dials.clear()

    def list_dials(self) -> list[Dial]:
        """The dials that are on."""
        return list(self._dials.values())

    def strikes(self, name: str, *what: str, text: str = "") -> Dial | None:
        """Roll the dice for one occasion: the dial that struck, or None. A counted dial is used up by it."""
        if not self._dials:
            return None
        for dial in list(self._dials.values()):
            if dial.dial == name and dial.concerns(what) and self._chosen(dial, text):
                self.hit[name] = self.hit.get(name, 0) + 1
                return dial
        return None

    def _chosen(self, dial: Dial, text: str) -> bool:
        if dial.words and not any(word in text for word in dial.words):
            return False
        if dial.next is None:
            key = (dial.dial, dial.on)
            dice = self._dice.setdefault(key, random.Random(f"faults {self._seed} {key}"))
            return dice.random() < (dial.probability or 0)
        self.set(dial.model_copy(update={"next": dial.next - 1}))
        return True
