"""The pretend Telegram: a strict Bot API server on loopback, and everybody who is not the bot.

Written from the platform's facts alone; imports nothing of the shop but its clock, and no Telegram library.
"""

from bot.sandbox.telegram.client import ControlClient, ControlRefused
from bot.sandbox.telegram.things import Status
from bot.sandbox.telegram.world import TelegramWorld

__all__ = ["ControlClient", "ControlRefused", "Status", "TelegramWorld"]
