"""The pretend world: a marketplace and a model on loopback that speak the real wire protocols.

Written from the facts alone; imports nothing of the shop but its clock.
"""

from core.sandbox.client import ControlClient, ControlRefused
from core.sandbox.world import World

__all__ = ["ControlClient", "ControlRefused", "World"]
