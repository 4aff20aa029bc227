"""What goes wrong at a pretend platform, by dial and by seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace


class UnknownDial(ValueError):
    """No dial of that name, or a dial set both ways or none."""


@dataclass(frozen=True)
class Dial:
    """One dial: a `probability` for every occasion, or the next so many `times`; `on` narrows it to one method."""

    name: str
    probability: float | None = None
    times: int | None = None
    on: str | None = None
    by_s: float = 1.0


class Faults:
    """All dials as they stand; `known` says what each name means, `struck` how often each one did."""

    def __init__(self, known: Mapping[str, str], seed: int) -> None:
        self.known = known
        self.struck: dict[str, int] = {}
        self._dice = random.Random(f"faults {seed}")
        self._dials: dict[tuple[str, str | None], Dial] = {}

    def set(self, dial: Dial) -> None:
        """Turn a dial; nothing left of it turns it off."""
        if dial.name not in self.known:
            raise UnknownDial(f"unknown dial {dial.name!r}; one of {', '.join(self.known)}")
        if (dial.probability is None) == (dial.times is None):
            raise UnknownDial("give a dial either a probability or a number of times")
        self._dials[dial.name, dial.on] = dial
        if not dial.probability and not dial.times:
            del self._dials[dial.name, dial.on]

    def clear(self) -> None:
        """Turn every dial off."""
        self._dials.clear()

    def list(self) -> list[Dial]:
        """The dials that are on."""
        return list(self._dials.values())

    def strikes(self, name: str, on: str) -> Dial | None:
        """Roll the dice for one occasion: the dial that struck, or None. A counted dial is used up by it."""
        dial = self._dials.get((name, on)) or self._dials.get((name, None))
        if dial is None or not self._chosen(dial):
            return None
        self.struck[name] = self.struck.get(name, 0) + 1
        return dial

    def _chosen(self, dial: Dial) -> bool:
        if dial.times is None:
            return self._dice.random() < (dial.probability or 0)
        self.set(replace(dial, times=dial.times - 1))
        return True
