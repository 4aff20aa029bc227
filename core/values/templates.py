"""Texts the shop says to a buyer by itself, once an occasion, in the owner's words."""

from enum import StrEnum

from core.values import Value

MAIN_SHOP = "main"
"""The shop whose words stand in for those a shop of its own does not have."""


class TemplateName(StrEnum):
    """The occasion a text is for."""

    unpaid = "unpaid"
    """催付: an order waits for its payment for a while."""
    short = "short"
    """缺货: paid, and there are too few units."""
    held = "held"
    """已拦截: paid, and kept here until the owner has looked."""
    manual = "manual"
    """待人工: paid, and a person ships it."""
    parcel = "parcel"
    """已寄出: the parcel left; its carrier, number and page."""


class Template(Value):
    """A text as it is said now. `changed`: the owner wrote it; the default stands otherwise."""

    name: TemplateName
    text: str
    on: bool
    changed: bool = False


class TemplateChange(Value):
    """What a change would do: the text before and after, and the new one with its places filled."""

    before: Template
    after: Template
    sample: str
