"""Who an account is on the wire: its user id out of the cookies, and the device id its tokens are bound to."""

from core.clock import Chance
from core.errors import BadConfig
from core.outside.ports import Link
from core.outside.xianyu.cookies import cookies_of, header_of
from core.values.ids import UserId

_HEX = "0123456789ABCDEF"
_VARIANT = "89AB"
_UUID_SHAPE = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"


def new_link(cookies: str, chance: Chance) -> Link:
    """The first link of an account from the Cookie header of a logged-in browser; BadConfig without a login in it."""
    known = cookies_of(cookies.strip())
    user_id = known.get("unb")
    if not user_id:
        raise BadConfig(
            "the cookie file holds no cookie named unb: copy the whole Cookie header of a logged-in browser"
        )
    return Link(user_id=UserId(user_id), device_id=new_device_id(user_id, chance), cookies=header_of(known))


def no_link() -> Link:
    """What an account has before its first login."""
    return Link(user_id=None, device_id="", cookies="")


def new_device_id(user_id: str, chance: Chance) -> str:
    """A device id as the web client makes it: a UUID of version 4 in capitals, then the user id. Made once and kept."""
    digits = {"x": _HEX, "y": _VARIANT}
    shape = "".join(chance.pick(digits[sign]) if sign in digits else sign for sign in _UUID_SHAPE)
    return f"{shape}-{user_id}"
