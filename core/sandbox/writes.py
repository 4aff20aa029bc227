"""The market's shipping calls (facts: Xianyu 2.2)."""

import re

from core.sandbox.market import Market, Refusal
from core.sandbox.things import Account, Json
from core.sandbox.trades import Trades

BAD_MAIL_NO = "FAIL_BIZ_MAIL_NO_ERROR::运单号错误"
BAD_CARRIER = "FAIL_BIZ_CP_CODE_ERROR::物流公司错误"
BAD_ADDRESS = "FAIL_BIZ_ADDRESS_NOT_FOUND::发货地址不存在"


class Writes:
    """What a seller may do."""

    def __init__(self, market: Market, trades: Trades) -> None:
        self._market = market
        self._trades = trades

    def consign_render(self, account: Account, data: Json) -> Json:
        """How an order may be shipped, and from where."""
        order = self._market.own_order(account, data["orderId"])
        virtual = self._market.items[order.item_id].virtual
        kinds = ["DUMMY_CONSIGN"] if virtual else ["OFFLINE_CONSIGN", "DUMMY_CONSIGN"]
        sender = {"addressId": account.address_id} if account.address_id else {}
        return {"idleLogisticTypes": kinds, "senderAddressInfo": sender}

    def consign_dummy(self, account: Account, data: Json) -> Json:
        """Ship without a parcel; a repeat is refused as already shipped."""
        order = self._market.own_order(account, data["orderId"])
        if data["newUnconsign"] is not True:
            raise ValueError("newUnconsign")
        self._trades.ship(order, "dummy", text=data["tradeText"])
        return {"success": True}

    def consign_offline(self, account: Account, data: Json) -> Json:
        """Ship with a tracking number; the words of its refusals are ours, no source has captured them."""
        order = self._market.own_order(account, data["orderId"])
        number = str(data["mailNo"])
        if not (number.isascii() and number.isalnum() and 8 <= len(number) <= 30):
            raise Refusal(BAD_MAIL_NO)
        if not re.fullmatch(r"[A-Z0-9_]{2,20}", str(data["cpCode"])):
            raise Refusal(BAD_CARRIER)
        if data["addressId"] != account.address_id:
            raise Refusal(BAD_ADDRESS)
        self._trades.ship(order, "offline", number, str(data["cpCode"]))
        return {"success": True}
