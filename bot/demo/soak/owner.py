"""The shop's owner in the soak: sees what is told, decides by the dice of the seed, and sometimes presses twice."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bot.demo.goods import Good
from bot.demo.soak.counter import ShopChild
from bot.demo.soak.promises import is_delivery
from core.sandbox.market import Refusal
from core.sandbox.things import PENDING_SHIP, Json, Order
from core.sandbox.wishes import OnCode
from core.sandbox.world import World

Late = tuple[int, Callable[[], None]]
"""What is done at a moment of the day."""
REPEATED, PRESSED_TWICE = 0.2, 0.2
"""How often the platform delivers the owner's words twice, and how often the owner presses twice."""
BY_BUTTON, IN_APP, LEFT_ALONE = 0.6, 0.2, 0.3
RESTOCKS = 3
NO, NEW_CODE = "取消", "新码"


class Owner:
    """Reacts to every notice once; what it leaves alone stays to the shop's reminders."""

    def __init__(self, shop: ShopChild, world: World, goods: dict[str, Good], seed: int) -> None:
        self._shop = shop
        self._world = world
        self._goods = goods
        self._dice = random.Random(f"owner {seed}")
        self._seen = 0
        self._seen_cards = 0
        self._moment = 0
        self._late: list[Late] = []
        self._keys = 0
        self._codes: set[str] = set()
        self._restocked: dict[str, int] = {}
        self._does: dict[str, Callable[[Json], None]] = {
            "order_risky": self._decides,
            "order_back_from_refund": self._decides,
            "order_manual": self._ships,
            "order_unconfigured": self._ships,
            "manual_reminder": self._ships,
            "manual_escalated": self._ships,
            "order_failed": self._tries_again,
            "approval_expired": self._lets_go,
            "order_unknown": self._settles,
            "order_short": self._restocks,
            "chat_handed_over": self._talks,
            "login_expired": self._logs_in,
            "challenged": self._reconnects,
        }

    def look(self, moment: int) -> None:
        """Read what is new, and do what it is time for."""
        self._moment = moment
        for told in self._shop.told[self._seen :]:
            if (reaction := self._does.get(told["kind"])) is not None:
                reaction(told)
        self._seen = len(self._shop.told)
        due = [act for at, act in self._late if at <= moment]
        self._late = [late for late in self._late if late[0] > moment]
        for act in due:
            act()
        self._answer_cards()

    def has_plans(self) -> bool:
        """Whether something is still to be done."""
        return bool(self._late) or self._seen < len(self._shop.told)

    def log_in(self, account: str) -> None:
        """Ask for a code; it is scanned when it comes."""
        self._shop.type(f"登录 {account}", private=True)

    def _in(self, moments: int, act: Callable[[], None]) -> None:
        self._late.append((self._moment + moments, act))

    def _type(self, words: str) -> None:
        copies = 2 if self._dice.random() < REPEATED else 1
        self._shop.type(words, copies=copies)
        if self._dice.random() < PRESSED_TWICE:
            self._shop.type(words)

    def _press(self, card: Json, action: str) -> None:
        copies = 2 if self._dice.random() < REPEATED else 1
        self._shop.press(card, action, copies=copies)
        if self._dice.random() < PRESSED_TWICE:
            self._shop.press(card, action)

    def _answer_cards(self) -> None:
        """Confirm what was asked back, and take the phone for a login code."""
        for card in self._shop.cards[self._seen_cards :]:
            verbs = [verb for verb, _ in card["buttons"]]
            if card["code"] and card["code"] not in self._codes:
                self._codes.add(card["code"])
                self._scan(card)
            elif card["to"] and NO in verbs:
                self._press(card, card["buttons"][0][1])
            elif any(NEW_CODE in verb for verb in verbs):
                self._press_new_code(card)
        self._seen_cards = len(self._shop.cards)

    def _press_new_code(self, card: Json) -> None:
        """A login that came to nothing is begun anew, once."""
        if card["ref"] not in self._codes:
            self._codes.add(card["ref"])
            self._shop.press(card, card["buttons"][0][1])

    def _scan(self, card: Json) -> None:
        """The phone of the account that the card names."""
        codes, content = self._world.codes, card["code"]
        account = next(one for name, one in self._world.market.accounts.items() if name in card["text"])
        try:
            if any(content == one.face for one in codes.all):
                codes.pass_check(content)
            else:
                codes.scan(account, content)
                codes.confirm(OnCode(code=content))
        except Refusal:
            return

    def _order(self, told: Json) -> Order:
        return self._world.market.orders[told["order_no"]]

    def _decides(self, told: Json) -> None:
        """A risky order: let it go, keep it here, or say nothing."""
        word = self._dice.choices(("批准", "拒绝", ""), (7, 2, 2))[0]
        if word:
            self._in(self._dice.randint(0, 3), partial(self._decide, told, word))

    def _decide(self, told: Json, word: str) -> None:
        """By the button of the newest card, or by words."""
        order_id = told["entity_id"]
        card = next((one for one in reversed(self._shop.cards) if one["ref"] == f"order:{order_id}"), None)
        button = next((action for verb, action in card["buttons"] if word in verb), None) if card else None
        if card is not None and button is not None and self._dice.random() < BY_BUTTON:
            self._press(card, button)
        else:
            self._type(f"{word} #{order_id}")

    def _ships(self, told: Json) -> None:
        """By a parcel with its number, in the app, or later."""
        if self._order(told).status != PENDING_SHIP or self._dice.random() < LEFT_ALONE:
            return
        number = f"SF{10_000_000 + told['entity_id']:010d}"
        words = f"发货 #{told['entity_id']}"
        if self._world.market.items[self._order(told).item_id].virtual is False:
            words = f"{words} 顺丰 {number}"
        in_app = self._dice.random() < IN_APP
        self._in(self._dice.randint(1, 5), partial(self._ship_in_app, told) if in_app else partial(self._type, words))

    def _ship_in_app(self, told: Json) -> None:
        with suppress(Refusal):
            self._world.trades.ship(self._order(told), "app", "YT8877665544", "圆通")

    def _tries_again(self, told: Json) -> None:
        self._in(2, partial(self._type, f"{self._dice.choice(('重试', '重试', '转人工'))} #{told['entity_id']}"))

    def _lets_go(self, told: Json) -> None:
        if self._dice.random() < LEFT_ALONE:
            self._in(2, partial(self._type, f"放行 #{told['entity_id']}"))

    def _settles(self, told: Json) -> None:
        """Look into the app, and say what is true there."""
        self._in(1, partial(self._settle, told))

    def _settle(self, told: Json) -> None:
        order = self._order(told)
        said = any(
            entry["kind"] == "sent" and entry["chat_id"] == order.chat_id and is_delivery(entry["text"])
            for entry in self._world.market.record.entries
        )
        self._type(f"核实 #{told['entity_id']} {'已送达' if said or order.shipped_ms else '重发'}")

    def _restocks(self, told: Json) -> None:
        """More of the same, now and then."""
        item = self._order(told).item_id
        good = self._goods[item]
        if self._restocked.get(good.name, 0) < RESTOCKS:
            self._restocked[good.name] = self._restocked.get(good.name, 0) + 1
            keys = "\n".join(self._new_key(good) for _ in range(5))
            self._in(3, partial(self._type, f"导入 {item}\n{keys}" if good.keys else f"改库存 {item} 5"))

    def _new_key(self, good: Good) -> str:
        self._keys += 1
        return f"{good.name.upper()}-{self._dice.randrange(16**4):04X}{self._keys:04X}"

    def _talks(self, told: Json) -> None:
        """Give the chat back, or answer there in the app."""
        chat_id = told["entity_id"]
        words = self._dice.choice(("", "结束接管 c{chat}", "回复 c{chat} 您好，我看一下（{told}）"))
        if words:
            words = words.format(chat=chat_id, told=told["id"])
            self._in(2, partial(self._shop.type, words, copies=self._dice.choice((1, 2))))

    def _logs_in(self, told: Json) -> None:
        self._in(1, partial(self._shop.type, f"登录 a{told['entity_id']}", private=True))

    def _reconnects(self, told: Json) -> None:
        self._in(1, partial(self._shop.type, f"重连 a{told['entity_id']}"))
