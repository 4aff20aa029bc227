"""The shop's polite texts: rows become values here."""

from collections.abc import Iterable

from core.rules.templates import default_of
from core.store.db import Reader, Tx
from core.store.rows import Row
from core.values.templates import Template, TemplateName


def find(tx: Tx, shop: str, name: TemplateName) -> Template:
    """A shop's text for an occasion as it stands."""
    return _laid(tx.all("templates.list", shop=shop))[name]


async def list_all(reader: Reader, shop: str) -> tuple[Template, ...]:
    """Every occasion's text of a shop."""
    return tuple(_laid(await reader.all("templates.list", shop=shop)).values())


async def is_on(reader: Reader, shop: str, name: TemplateName) -> bool:
    """Whether an occasion's text is said by a shop."""
    return next(one.on for one in await list_all(reader, shop) if one.name is name)


def _laid(rows: Iterable[Row]) -> dict[TemplateName, Template]:
    """The defaults under the main shop's words under the shop's own."""
    found = {name: default_of(name) for name in TemplateName}
    for row in rows:
        if row["name"] in found:
            found[TemplateName(row["name"])] = _over(found[TemplateName(row["name"])], row)
    return found


def _over(below: Template, row: Row) -> Template:
    text = below.text if row["text"] is None else row["text"]
    on = below.on if row["is_on"] is None else bool(row["is_on"])
    return below.model_copy(update={"text": text, "on": on, "changed": below.changed or row["text"] is not None})
