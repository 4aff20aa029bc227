"""The seller's phone before a login code, as wishes of the control API."""

from starlette.routing import Route

from core.sandbox import wishes
from core.sandbox.codes import Code, Codes
from core.sandbox.market import Market
from core.sandbox.routes import post_route
from core.sandbox.things import Json


def phone_routes(market: Market, codes: Codes) -> list[Route]:
    """Scan a code as an account, allow or refuse the login, show a face."""
    return [
        post_route("/scan", wishes.ScanCode, lambda wish: _told(codes.scan(market.accounts[wish.account], wish.code))),
        post_route("/confirm_login", wishes.OnCode, lambda wish: _told(codes.confirm(wish))),
        post_route("/cancel_login", wishes.OnCode, lambda wish: _told(codes.cancel(wish.code))),
        post_route("/pass_check", wishes.OnCode, lambda wish: _told(codes.pass_check(wish.code))),
    ]


def _told(code: Code) -> Json:
    return {"code": code.content, "status": code.status, "account": code.account.name if code.account else None}
