"""A copy of the shop for its owner."""

import asyncio
import tempfile
from pathlib import Path

from core.engine.context import Shop
from core.errors import Refused
from core.moves import acts
from core.store import packing
from core.values.backups import Copy
from core.values.people import Actor


class Backups:
    """Copies of the whole shop, without the key that opens its secrets."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def make(self, actor: Actor, most_bytes: int) -> Copy:
        """A copy of now, on record with who took it; without its content when that is over `most_bytes`."""
        made = await asyncio.to_thread(_make, self._shop.store.path.parent, most_bytes)
        cause, after = self._shop.cause(actor), f"{made.size} bytes, sha256 {made.sha256}"
        try:
            await self._shop.store.write(lambda tx: acts.record(tx, cause, "backup", "shop", 0, after=after))
        except Refused as error:
            if error.key != "done_before":
                raise
        return made


def _make(data_dir: Path, most_bytes: int) -> Copy:
    """Beside the shop, where room for it is looked after; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=data_dir) as folder:
        target = Path(folder) / "shop.zip"
        manifest = packing.pack(data_dir, target)
        size = target.stat().st_size
        content = target.read_bytes() if size <= most_bytes else None
    return Copy(made_at=manifest.made_at, size=size, sha256=manifest.sha256, content=content)
