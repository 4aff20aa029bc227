"""What goes wrong on the way to and from the pretend WeCom, by dial."""

from dataclasses import dataclass, field

DIALS = {
    "silent_death": "the socket stays open, and nothing is said on it any more",
    "missed_pong": "a ping is not answered",
    "lost_ack": "the command takes effect, its ack never comes",
    "lost_command": "the command takes no effect and no ack comes",
    "slow_ack": "the ack comes `by_s` real seconds late",
    "close": "the gateway closes the socket (1000) in place of an answer",
    "abort": "the socket breaks in place of an answer",
    "flat_event": "a click's facts stand flat in `event`",
    "camel_event": "a click's facts have CamelCase names",
    "click_as_message": "a click comes as aibot_msg_callback",
    "repeat": "a callback comes twice with the same msgid",
    "garbage": "a broken frame, an unknown command and an unknown event come before a callback",
    "version_conflict": "a command is refused with 6000",
    "too_fast": "a command is refused with 45009",
    "concurrent": "a command is refused with 45033",
    "refuse_subscribe": "good credentials are refused with 853000",
}


@dataclass
class Faults:
    """The dials: how many of the next occasions each strikes. `on` narrows it to one command."""

    left: dict[tuple[str, str], int] = field(default_factory=dict)
    by_s: float = 0.3
    hit: dict[str, int] = field(default_factory=dict)

    def set(self, dial: str, times: int = 1, *, on: str = "", by_s: float = 0.3) -> None:
        """Turn a dial; 0 turns it off. ValueError for one that is not there."""
        if dial not in DIALS:
            raise ValueError(f"unknown dial {dial!r}; one of {', '.join(DIALS)}")
        self.by_s = by_s
        self.left[dial, on] = times

    def strikes(self, dial: str, command: str = "") -> bool:
        """Whether it goes wrong this time; a dial is used up by it."""
        for key in ((dial, command), (dial, "")):
            if self.left.get(key, 0) > 0:
                self.left[key] -= 1
                self.hit[dial] = self.hit.get(dial, 0) + 1
                return True
        return False
