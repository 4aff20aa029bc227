"""Whom a parcel goes to: sealed at rest, masked in groups, whole in private alone (law 11)."""

from core.values import Value


class Receiver(Value):
    """A name, a phone number and an address as the platform shows them to the seller."""

    name: str
    phone: str
    address: str
