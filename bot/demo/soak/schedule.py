"""Which faults are on when: over the seeds every dial strikes alone, and every pair of dials is on together."""

import random
from collections.abc import Iterable, Sequence
from itertools import combinations

from pydantic import BaseModel, ConfigDict, Field

from core.sandbox.faults import DIALS, Dial

KILL = "kill"
FAULTS = {**DIALS, KILL: "the shop's process is killed at a step of its work, and started again"}
"""Every dial of the pretend world, and the one fault that is not the world's."""
SINGLES, PAIRS = 2, 6
"""Phases of a day with one fault, and with two; the first phase and the last are calm."""
PUSHES = 0.15
"""A push dial's probability: it strikes several times in a phase of a hundred messages."""


class Strength(BaseModel):
    """How a fault is turned on, each of `dials` for itself, and what the day does so that it has its occasion."""

    model_config = ConfigDict(frozen=True)

    dials: tuple[dict[str, object], ...] = ({"probability": PUSHES},)
    occasion: str = ""
    """`login`: the owner logs an account in anew; `reconnect`: sockets are closed; `renew`: tokens live shortly."""


STRENGTHS: dict[str, Strength] = {
    "drop": Strength(dials=({"probability": 0.1},)),
    "half_close": Strength(dials=({"next": 2},)),
    "deaf_after_renewal": Strength(dials=({"probability": 1},), occasion="renew"),
    "redeliver_on_reconnect": Strength(dials=({"probability": 1},), occasion="reconnect"),
    "big_frame": Strength(dials=({"next": 3},)),
    "nested_shape": Strength(dials=({"probability": 0.5},)),
    "expired_token": Strength(dials=({"probability": 0.1}, {"next": 1, "on": "reg"}), occasion="reconnect"),
    "expired_session": Strength(dials=({"next": 1},)),
    "rgv587": Strength(dials=({"next": 1},)),
    "http_5xx": Strength(dials=({"probability": 0.1},)),
    "html_page": Strength(dials=({"probability": 0.1},)),
    "half_body": Strength(dials=({"probability": 0.1},)),
    "traffic_limit": Strength(dials=({"probability": 0.05},)),
    "other_ret": Strength(dials=({"probability": 0.05},)),
    "permission": Strength(dials=({"probability": 0.05}, {"next": 1, "on": "sold.get"}), occasion="reconnect"),
    "loose_filter": Strength(dials=({"probability": 1},), occasion="reconnect"),
    "timeout_after_effect": Strength(dials=({"probability": 0.12},)),
    "timeout_before_effect": Strength(dials=({"probability": 0.12},)),
    "csi_forbid": Strength(dials=({"probability": 0.1},)),
    "qr_expires": Strength(dials=({"next": 1},), occasion="login"),
    "second_factor": Strength(dials=({"next": 1},), occasion="login"),
    "slow_passport": Strength(dials=({"probability": 0.7, "by_s": 0.2},), occasion="login"),
}
"""What differs from a probability of `PUSHES`."""


class Phase(BaseModel):
    """A part of the day, and the faults that are on in it."""

    model_config = ConfigDict(frozen=True)

    faults: tuple[str, ...] = ()

    @property
    def dials(self) -> list[Dial]:
        """The world's dials, as they are turned."""
        return [
            Dial.model_validate({"dial": name, **how})
            for name in self.faults
            if name in DIALS
            for how in strength(name).dials
        ]

    @property
    def occasions(self) -> set[str]:
        """What must happen so that they can strike."""
        return {strength(name).occasion for name in self.faults} - {""}


class Coverage(BaseModel):
    """What a number of days had on, alone and together."""

    alone: set[str] = Field(default_factory=set)
    pairs: set[tuple[str, str]] = Field(default_factory=set)

    def lacks(self, faults: Iterable[str] = FAULTS) -> list[str]:
        """What was never on."""
        names = sorted(faults)
        missing = [pair for pair in combinations(names, 2) if pair not in self.pairs]
        return [name for name in names if name not in self.alone] + [" + ".join(pair) for pair in missing]


def strength(name: str) -> Strength:
    """How a fault is turned on; a dial nobody thought of strikes as a push dial does."""
    return STRENGTHS.get(name, Strength())


def plan_phases(seed: int, faults: Sequence[str]) -> tuple[Phase, ...]:
    """The phases of a day. `faults` are names out of FAULTS; none makes a calm day."""
    names = sorted(faults)
    alone = [Phase(faults=(name,)) for name in names]
    pairs = [Phase(faults=pair) for pair in combinations(names, 2)]
    random.Random("pairs").shuffle(pairs)
    chosen = _slice(alone, seed, SINGLES) + _slice(pairs or alone, seed, PAIRS)
    random.Random(f"phases {seed}").shuffle(chosen)
    calm = Phase()
    return (calm, *(chosen or [calm] * (SINGLES + PAIRS)), calm)


def _slice(phases: list[Phase], seed: int, count: int) -> list[Phase]:
    """The seed's share: the shares of following seeds follow each other, round and round."""
    return [phases[(seed * count + n) % len(phases)] for n in range(count)] if phases else []


def cover(seeds: Iterable[int], faults: Sequence[str]) -> Coverage:
    """What these seeds plan."""
    found = Coverage()
    for phase in (phase for seed in seeds for phase in plan_phases(seed, faults)):
        if len(phase.faults) == 1:
            found.alone.update(phase.faults)
        found.pairs.update(combinations(sorted(phase.faults), 2))
    return found


def read_faults(word: str) -> tuple[str, ...]:
    """`all`, `none`, or names with commas; ValueError names the one nobody knows."""
    if word in ("all", "none"):
        return tuple(FAULTS) if word == "all" else ()
    names = tuple(name.strip() for name in word.split(",") if name.strip())
    for name in names:
        if name not in FAULTS:
            raise ValueError(f"unknown fault {name!r}; one of {', '.join(FAULTS)}")
    return names
