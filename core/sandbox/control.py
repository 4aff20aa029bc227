"""The control API: how tests and the demo play the buyers, the seller's own hand, and fate."""

from collections.abc import Callable
from dataclasses import asdict

import orjson
from starlette.routing import Route

from core.sandbox import wishes
from core.sandbox.burst import Burst
from core.sandbox.codes import Codes
from core.sandbox.faults import Dial
from core.sandbox.frames import image_content, text_content
from core.sandbox.gate import Gate
from core.sandbox.lines import Lines
from core.sandbox.market import Market, Refusal
from core.sandbox.model import Model, ModelMood
from core.sandbox.phone import phone_routes
from core.sandbox.routes import get_route, post_route
from core.sandbox.talks import Talks
from core.sandbox.things import Account, Item, Json, Order, Sku
from core.sandbox.trades import Trades
from core.sandbox.variants import item_card_content
from core.sandbox.wire import Push, WireRecord, pack


class Control:
    """Every wish of the control API, as routes answering JSON; refusals are 409, unknown things 404, bad wishes 400."""

    def __init__(
        self,
        market: Market,
        lines: Lines,
        talks: Talks,
        trades: Trades,
        burst: Burst,
        gate: Gate,
        model: Model,
        codes: Codes,
    ) -> None:
        self._market = market
        self._codes = codes
        self._lines = lines
        self._talks = talks
        self._trades = trades
        self._burst = burst
        self._gate = gate
        self._model = model

    def routes(self) -> list[Route]:
        """The routes, to be mounted by the world."""
        posts = [
            post_route("/accounts", wishes.NewAccount, self.add_account),
            post_route("/items", wishes.NewItem, self.add_item),
            post_route("/buyers", wishes.NewBuyer, self.add_buyer),
            post_route("/talk", wishes.Talk, self.talk),
            post_route("/order", wishes.PlaceOrder, self.order),
            post_route("/type", wishes.TypeByHand, self.type_by_hand),
            post_route("/push", wishes.InjectPush, self.push),
            post_route("/burst", wishes.StartBurst, self.start_burst),
            post_route("/reset_connection", wishes.ResetConnection, self.reset_connection),
            post_route("/faults", Dial, self.set_dial),
            post_route("/timing", wishes.Timing, self.set_timing),
            post_route("/model", ModelMood, self.set_model),
        ]
        gets = {
            "/accounts": self.list_accounts,
            "/buyers": self.list_buyers,
            "/items": self.list_items,
            "/faults": self.list_faults,
            "/record": self.show_record,
            "/orders": self.list_orders,
            "/chats": self.list_chats,
            "/model": self.show_model,
            "/state": self.show_state,
        }
        return [
            *posts,
            *self._order_routes(),
            *phone_routes(self._market, self._codes),
            *(get_route(path, answer) for path, answer in gets.items()),
        ]

    def _order_routes(self) -> list[Route]:
        trades = self._trades
        acts: dict[str, Callable[[Order, wishes.OnOrder], None]] = {
            "/pay": lambda order, wish: trades.pay(order, wish.show),
            "/complete_bargain": lambda order, _: trades.complete_bargain(order),
            "/cancel": lambda order, wish: trades.cancel(order, wish.by),
            "/ask_refund": lambda order, wish: trades.ask_refund(order, wish.reason, wish.amount_fen),
            "/refuse_refund": lambda order, _: trades.refuse_refund(order, ""),
            "/withdraw_refund": lambda order, _: trades.withdraw_refund(order),
            "/agree_refund": lambda order, _: trades.agree_refund(order),
            "/confirm": lambda order, _: trades.confirm(order),
            "/sign": lambda order, _: trades.sign(order),
            "/rate": lambda order, _: trades.rate(order),
            "/change_price": lambda order, wish: trades.change_price(order, wish.amount_fen or 0),
            "/ship_in_app": lambda order, wish: trades.ship(order, "app", wish.tracking_no, wish.company),
        }
        return [post_route(path, wishes.OnOrder, self._on_order(act)) for path, act in acts.items()]

    def _on_order(self, act: Callable[[Order, wishes.OnOrder], None]) -> Callable[[wishes.OnOrder], Json]:
        def done(wish: wishes.OnOrder) -> Json:
            order = self._market.orders[wish.order_id]
            act(order, wish)
            return asdict(order)

        return done

    def add_account(self, wish: wishes.NewAccount) -> Json:
        """A seller joins."""
        return _account(self._market.add_account(wish.name, wish.unb, merchant=wish.merchant))

    def add_item(self, wish: wishes.NewItem) -> Json:
        """Something goes on sale."""
        facts = wish.model_dump(exclude={"skus", "item_id"})
        item_id = wish.item_id or self._market.ids.item()
        skus = [Sku(sku.spec, sku.price_fen) for sku in wish.skus]
        self._market.items[item_id] = Item(item_id=item_id, skus=skus, **facts)
        return asdict(self._market.items[item_id])

    def add_buyer(self, wish: wishes.NewBuyer) -> Json:
        """A buyer comes."""
        return asdict(self._market.add_buyer(wish.buyer_id, wish.nick))

    def talk(self, wish: wishes.Talk) -> Json:
        """A buyer says something."""
        account, buyer = self._market.accounts[wish.account], self._market.add_buyer(wish.buyer_id)
        chat = self._talks.chat(account, buyer, wish.item_id)
        message = self._talks.say(chat, self._said(wish), operation=wish.operation)
        return {"chat_id": chat.chat_id, "message_id": message.message_id, "pnm_id": message.pnm_id}

    def _said(self, wish: wishes.Talk) -> Json:
        if wish.card is not None:
            return item_card_content(self._market.items[wish.card])
        return text_content(wish.text) if wish.text is not None else image_content(wish.image or "")

    def order(self, wish: wishes.PlaceOrder) -> Json:
        """A buyer orders."""
        account, buyer = self._market.accounts[wish.account], self._market.add_buyer(wish.buyer_id)
        what = (wish.item_id, wish.quantity, wish.spec, wish.amount_fen)
        order = self._trades.order(account, buyer, *what, silent=wish.silent)
        order.bargaining = wish.bargain
        return {"order_id": order.order_id, "chat_id": order.chat_id, "amount_fen": order.amount_fen}

    def type_by_hand(self, wish: wishes.TypeByHand) -> Json:
        """The seller types in the app."""
        chat = self._market.chats[wish.chat_id]
        message = self._talks.own(chat, text_content(wish.text), "typed", "android")
        return {"chat_id": chat.chat_id, "message_id": message.message_id, "pnm_id": message.pnm_id}

    def push(self, wish: wishes.InjectPush) -> Json:
        """Put any record or frame on the seller's sockets, as it is."""
        account = self._market.accounts[wish.account]
        if wish.frame is not None:
            push = Push(str(orjson.loads(wish.frame)["headers"]["mid"]), [], wish.frame.encode())
        else:
            data = wish.raw if wish.raw is not None else pack(wish.record)
            record = WireRecord("injected", data, wish.biz_type, wish.object_type)
            push = self._lines.make_push(account, [record])
        self._lines.put(account, push)
        return {"mid": push.mid, "connections": len(self._lines.live(account.name))}

    async def start_burst(self, wish: wishes.StartBurst) -> Json:
        """Many pushes; answers when all were acknowledged."""
        account = self._market.accounts[wish.account]
        items = [item.item_id for item in self._market.items.values() if item.account == account.name]
        if not items or not self._lines.live(account.name):
            raise Refusal("a burst needs an item on sale and a registered socket")
        item_id = wish.item_id or items[0]
        return await self._burst.run(account, item_id, wish.kind, wish.count, wish.chats, wish.in_flight, wish.wait_s)

    async def reset_connection(self, wish: wishes.ResetConnection) -> Json:
        """Break the seller's sockets."""
        connections = self._lines.live(wish.account)
        for connection in connections:
            if wish.how == "half_close":
                connection.half_close()
            elif wish.how == "kickout":
                await self._lines.kick(connection)
            else:
                await connection.ws.close()
        return {"reset": len(connections)}

    def set_dial(self, wish: Dial) -> Json:
        """Turn a dial."""
        self._market.faults.set(wish)
        return self.list_faults()

    def set_timing(self, wish: wishes.Timing) -> Json:
        """Change the wait before a redelivery, or how long the next login lasts."""
        if wish.redeliver_s is not None:
            self._lines.redeliver_s = wish.redeliver_s
        if wish.session_s is not None:
            self._market.session_s = wish.session_s
        return {"redeliver_s": self._lines.redeliver_s, "session_s": self._market.session_s}

    def set_model(self, wish: ModelMood) -> Json:
        """Change the model's mood, whole."""
        self._model.mood = wish
        return wish.model_dump(mode="json")

    def list_accounts(self) -> Json:
        """Every seller with the cookie to log in with."""
        return {"accounts": [_account(account) for account in self._market.accounts.values()]}

    def list_buyers(self) -> Json:
        """Everybody who came."""
        return {"buyers": [asdict(buyer) for buyer in self._market.buyers.values()]}

    def list_items(self) -> Json:
        """Everything on sale."""
        return {"items": [asdict(item) for item in self._market.items.values()]}

    def list_faults(self) -> Json:
        """The dials that are on, and how often each has struck."""
        dials = [dial.model_dump(mode="json", exclude_none=True) for dial in self._market.faults.list_dials()]
        return {"dials": dials, "struck": self._market.faults.hit}

    def show_record(self) -> Json:
        """Everything that really happened."""
        return {"entries": self._market.record.entries}

    def list_orders(self) -> Json:
        """Every order as the platform knows it."""
        return {"orders": [asdict(order) for order in self._market.orders.values()]}

    def list_chats(self) -> Json:
        """Every chat with its lines."""
        return {"chats": [asdict(chat) for chat in self._market.chats.values()]}

    def show_model(self) -> Json:
        """The model's mood, how often it was asked, and the last requests."""
        mood = self._model.mood.model_dump(mode="json")
        return {**mood, "asked": self._model.asked, "requests": list(self._model.requests)}

    def show_state(self) -> Json:
        """Sockets, acknowledgements and counts."""
        lines = self._lines
        connections = [
            {
                "account": one.account.name if one.account else None,
                "registered": one.account is not None,
                "deaf": one.deaf,
                "silent": one.silent,
                "unacked": len(one.unacked),
                "heartbeats": one.heartbeats,
            }
            for one in lines.list_connections()
        ]
        return {
            "now_ms": self._market.now_ms(),
            "connections": connections,
            "pushed": lines.pushed,
            "acked": lines.acked,
            "redelivered": lines.redelivered,
            "refused_frames": lines.refused_frames,
            "orders": len(self._market.orders),
            "chats": len(self._market.chats),
            "api_calls": self._gate.calls,
            "socket_calls": dict(lines.asked),
            "model_asked": self._model.asked,
        }


def _account(account: Account) -> Json:
    return {"name": account.name, "unb": account.unb, "cookie": account.cookie, "merchant": account.merchant}
