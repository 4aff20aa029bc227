"""Numbers bought beforehand: rows become values here."""

from collections import defaultdict
from collections.abc import Sequence

import orjson

from core.store.db import Reader
from core.values.parcels import NumbersLeft


async def known_prints(reader: Reader, prints: Sequence[str]) -> frozenset[str]:
    """Which fingerprints the pool ever had."""
    rows = await reader.all("waybills.known", prints=orjson.dumps([*prints]).decode())
    return frozenset(row["fingerprint"] for row in rows)


async def read_counts(reader: Reader) -> tuple[NumbersLeft, ...]:
    """The pool, by carrier."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await reader.all("waybills.counts"):
        found[row["carrier"]][row["state"]] = row["n"]
    return tuple(NumbersLeft(carrier=carrier, **counts) for carrier, counts in found.items())


async def read_free(reader: Reader) -> tuple[tuple[str, int], ...]:
    """How many numbers are left, by carrier, the most first."""
    rows = await reader.all("waybills.free_by_carrier")
    return tuple(sorted(((row["carrier"], row["n"]) for row in rows), key=lambda pair: -pair[1]))
