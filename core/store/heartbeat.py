"""The last sign of life, read without the rest of the store: `zhanggui health` must answer at once."""

import sqlite3
from pathlib import Path

from core.store import queries

FILE = "shop.db"


def last_beat_ms(data_dir: Path) -> int | None:
    """When the shop of a data folder last gave a sign of life, in ms since 1970; None when it never did."""
    path = data_dir / FILE
    if not path.is_file():
        return None
    connection = sqlite3.connect(path, timeout=0.2)
    try:
        connection.execute("PRAGMA query_only = ON")
        row = connection.execute(queries.load()["health.heartbeat"]).fetchone()
    except sqlite3.Error:
        return None
    finally:
        connection.close()
    return int(row[0]) if row else None
