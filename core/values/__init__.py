"""The things the shop talks about: frozen values without behaviour beyond their own arithmetic."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """One kind of value for the whole house: frozen, strict about names, compared by content.

    An error names the field and never what stood in it: that may be a buyer's words (law 11). Built when first used:
    most of them wait for an order or a command.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)
