"""The things the shop talks about: frozen values without behaviour beyond their own arithmetic."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """One kind of value for the whole house: frozen, strict about names, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid")
