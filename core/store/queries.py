"""Named SQL: every statement of the shop stands in a `.sql` file beside its topic.

A file is a row of blocks; `-- name: <query>` starts one and the comment lines after it say what it is for. A query is
called by "<file>.<name>". A store may be opened with some of them replaced: that is how a test shows what breaks
without a guard.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

MARK = "-- name: "


def parse(topic: str, text: str) -> dict[str, str]:
    """The queries of one file, by "<topic>.<name>", comments removed."""
    queries = {}
    for block in text.split(MARK)[1:]:
        name, _, rest = block.partition("\n")
        lines = [line for line in rest.splitlines() if not line.startswith("--")]
        queries[f"{topic}.{name.strip()}"] = "\n".join(lines).strip().rstrip(";")
    return queries


@cache
def load() -> Mapping[str, str]:
    """Every query of the store, by "<file>.<name>"."""
    queries: dict[str, str] = {}
    for file in sorted(files("core.store").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            queries |= parse(file.name.removesuffix(".sql"), file.read_text("utf-8"))
    return queries
