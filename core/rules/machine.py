"""A state machine is a table and what it refuses.

Why not a library: a state lives in a row and must change in the same transaction as its outbox rows, so all that is
needed of a machine is this lookup; the write is in `core/moves`.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from core.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S, E]):
    """`moves[state][event]` is the next state; `born` are the states a row may start in."""

    name: str
    born: frozenset[S]
    moves: Mapping[S, Mapping[E, S]]

    def next(self, state: S, event: E) -> S:
        """The state after the event; IllegalMove when the table has no such move."""
        after = self.moves.get(state, {}).get(event)
        if after is None:
            raise IllegalMove("illegal_move", machine=self.name, state=state.value, event=event.value)
        return after

    def allows(self, state: S, event: E) -> bool:
        """Whether the table has the move."""
        return event in self.moves.get(state, {})

    def events(self, state: S) -> tuple[E, ...]:
        """What may happen in this state."""
        return tuple(self.moves.get(state, {}))

    def path(self, start: S, goal: S, avoid: Iterable[S] = ()) -> tuple[E, ...] | None:
        """The shortest legal sequence of events from one state to another; None when there is none."""
        walls = set(avoid)
        ways: deque[tuple[S, tuple[E, ...]]] = deque([(start, ())])
        seen = {start}
        while ways:
            state, walked = ways.popleft()
            if state == goal:
                return walked
            for event, after in self.moves.get(state, {}).items():
                if after not in seen and (after == goal or after not in walls):
                    seen.add(after)
                    ways.append((after, (*walked, event)))
        return None

    def diagram(self) -> str:
        """The table as a Mermaid state diagram (README prints it; a test compares)."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in sorted(self.born))]
        for state, moves in self.moves.items():
            lines += [f"    {state} --> {after}: {event}" for event, after in moves.items()]
        return "\n".join(lines)
