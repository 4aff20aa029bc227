"""A pretend WeCom (企业微信) on loopback: the aibot gateway, the group webhook, and people who type and press.

Written from the facts alone; imports nothing of the shop but its clock.
"""

from bot.sandbox.wecom.world import WecomWorld

__all__ = ["WecomWorld"]
