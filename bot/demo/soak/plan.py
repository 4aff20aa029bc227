"""A day from a seed: who talks, who buys what and how it goes on, and which faults are on meanwhile."""

import random
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from bot.demo.goods import CARD, GAME, PHONE, PICKUP, POSTER, Good
from bot.demo.soak.schedule import FAULTS, Phase, plan_phases
from core.sandbox.wishes import OnOrder

ACCOUNTS = {"shop": False, "second": True}
"""The shop's logins, and whether each is a 鱼小铺 on the platform."""
CASE = Good(
    name="case",
    title="手机壳 透明",
    about="全新，包邮。",
    price_fen=1900,
    postage=True,
    fields=(("mode", "physical"), ("floor", "15"), ("auto_ship", "on")),
    stock=400,
)
CODE = Good(
    name="code",
    title="电子教程",
    about="付款后发下载说明，终身有效。",
    price_fen=1500,
    fields=(("floor", "12"), ("text", "您好，教程说明在此，订单 {order}。"), ("auto_ship", "on")),
)
ODD = Good(name="odd", title="杂物一批", about="没人配置过。", price_fen=1000)


def _for_soak(good: Good, account: str, **changed: object) -> Good:
    tag = account[:2].upper()
    return good.model_copy(
        update={"account": account, "name": f"{account}-{good.name}", "title": f"{good.title} {tag}", **changed}
    )


GOODS = (
    _for_soak(CARD, "shop", keys=60),
    _for_soak(GAME, "shop", keys=20),
    _for_soak(PICKUP, "shop", stock=60),
    _for_soak(PHONE, "shop", stock=60),
    _for_soak(POSTER, "shop", stock=3),
    _for_soak(ODD, "shop"),
    _for_soak(CARD, "second", keys=60),
    _for_soak(CODE, "second"),
    _for_soak(CASE, "second"),
    _for_soak(PICKUP, "second", stock=60),
)
WEIGHTS = (20, 6, 9, 6, 4, 3, 20, 16, 8, 8)

Verb = Literal[
    "order", "pay", "cancel", "ask_refund", "withdraw_refund", "agree_refund", "confirm", "rate", "change_price",
    "complete_bargain", "ship_in_app",
]  # fmt: skip
SHOWS = (None, None, None, *get_args(get_args(OnOrder.model_fields["show"].annotation)[0]))
"""The platform's own choice, or a variant of its frames."""
SILENT = 0.06
PATIENCE = 12
"""For so many moments an act is tried again that the platform does not allow yet."""
BY_HAND = "is shipped in the app"
"""Never silent: the sold list shows what is to be shipped and no more, so nobody could know of it (known limit)."""
STORIES: dict[str, tuple[int, tuple[tuple[Verb, int], ...]]] = {
    "pays": (34, (("order", 0), ("pay", 0), ("confirm", 8), ("rate", 2))),
    "keeps": (12, (("order", 0), ("pay", 0))),
    "pays later": (9, (("order", 0), ("pay", 2), ("confirm", 9))),
    "never pays": (4, (("order", 0),)),
    "does not pay": (5, (("order", 0), ("cancel", 3))),
    "is closed": (6, (("order", 0), ("pay", 0), ("cancel", 1))),
    "is closed at once": (2, (("order", 0), ("pay", 0), ("cancel", 0))),
    "is refunded": (7, (("order", 0), ("pay", 0), ("ask_refund", 1), ("agree_refund", 3))),
    "asks for a refund at once": (2, (("order", 0), ("pay", 0), ("ask_refund", 0), ("agree_refund", 4))),
    "thinks again": (5, (("order", 0), ("pay", 0), ("ask_refund", 1), ("withdraw_refund", 3))),
    "sends it back": (4, (("order", 0), ("pay", 0), ("confirm", 7), ("ask_refund", 3), ("agree_refund", 2))),
    "waits for its money": (2, (("order", 0), ("pay", 0), ("ask_refund", 5))),
    "bargains": (4, (("order", 0), ("pay", 1), ("complete_bargain", 3))),
    "gets a price": (4, (("order", 0), ("change_price", 1), ("pay", 1))),
    BY_HAND: (4, (("order", 0), ("pay", 0), ("ship_in_app", 2))),
}
"""What becomes of an order: its weight, and each act so many moments after the one before."""
QUESTIONS = (
    "这个支持安卓平板吗", "怎么激活", "有效期多久", "发货要多长时间", "能开发票吗", "可以换别的版本吗", "说明书有吗",
    "和官网的一样吗", "坏了怎么办", "周末发不发",
)  # fmt: skip
BARGAINS = ("20块卖不卖", "最低多少，诚心要", "便宜点吧，学生党", "1元行不行", "给我打个五折")
OTHERS = (
    "在吗？", "转人工", "[我已付款，等待你发货] 快点发货", "加个微信聊吧 vx_abc123", "我要投诉你", "你好呀",
    "<b>还有</b>&lt;货&gt;吗\u202e\u200b", "在" * 400,
)  # fmt: skip


class Size(NamedTuple):
    """How much a day holds."""

    orders: int = 200
    messages: int = 1000
    moments: int = 100


FULL, SHORT = Size(), Size(40, 160, 40)


class Deal(BaseModel):
    """An order to be: who buys what."""

    model_config = ConfigDict(frozen=True)

    number: int
    buyer: int
    good: Good
    quantity: int = 1
    story: str
    by: str = "buyer"
    silent: bool = False
    """Whether the platform pushes nothing of its beginning: the sold list alone has it, and no conversation."""
    show: str | None = None
    """In which of the platform's ways the payment is shown."""


class Act(BaseModel):
    """Something that happens to a deal at a moment of the day; the platform may not allow it then."""

    model_config = ConfigDict(frozen=True)

    moment: int
    deal: Deal
    verb: Verb
    tries: int = PATIENCE


class Words(BaseModel):
    """Something a buyer says, or a picture without words."""

    model_config = ConfigDict(frozen=True)

    moment: int
    buyer: int
    good: Good
    text: str | None
    operation: bool = False
    """In the platform's other format."""


class Plan(BaseModel):
    """The whole day. Phases are of equal length."""

    model_config = ConfigDict(frozen=True)

    seed: int
    size: Size
    phases: tuple[Phase, ...]
    acts: tuple[Act, ...]
    words: tuple[Words, ...]

    def phase_at(self, moment: int) -> int:
        """Which phase a moment belongs to."""
        return moment * len(self.phases) // self.size.moments


def plan_day(seed: int, faults: Sequence[str] = tuple(FAULTS), size: Size = FULL) -> Plan:
    """The day of a seed: the same seed, faults and size give the same plan."""
    dice = random.Random(f"day {seed}")
    deals = [_deal(number, size, dice) for number in range(size.orders)]
    return Plan(
        seed=seed,
        size=size,
        phases=plan_phases(seed, faults),
        acts=tuple(sorted((act for deal in deals for act in _life(deal, size, dice)), key=lambda act: act.moment)),
        words=tuple(sorted(_talk(deals, size, dice), key=lambda one: one.moment)),
    )


def _deal(number: int, size: Size, dice: random.Random) -> Deal:
    """Some buyers come again, and some of them for the same item, in the same chat."""
    story = dice.choices(tuple(STORIES), [weight for weight, _ in STORIES.values()])[0]
    return Deal(
        number=number,
        buyer=dice.randrange(max(2, size.orders * 3 // 4)),
        good=dice.choices(GOODS, WEIGHTS)[0],
        quantity=dice.choices((1, 2, 3), (12, 2, 1))[0],
        story=story,
        silent=dice.random() < SILENT and story != BY_HAND,
        show=dice.choice(SHOWS),
        by="seller" if story.startswith("is closed") else dice.choice(("buyer", "timeout", "seller")),
    )


def _life(deal: Deal, size: Size, dice: random.Random) -> list[Act]:
    moment, acts = dice.randrange(max(1, size.moments * 9 // 10)), []
    for verb, wait in STORIES[deal.story][1]:
        moment = min(size.moments - 1, moment + (wait and max(0, wait + dice.randint(-1, 2))))
        acts.append(Act(moment=moment, deal=deal, verb=verb))
    return acts


def _talk(deals: Sequence[Deal], size: Size, dice: random.Random) -> list[Words]:
    """Each sentence is told apart by its number, so that an answer given twice would be seen."""
    said: list[Words] = []
    while len(said) < size.messages:
        deal, moment = dice.choice(deals), dice.randrange(size.moments)
        for _ in range(min(dice.choice((1, 1, 1, 2, 3)), size.messages - len(said))):
            said.append(
                Words(
                    moment=moment,
                    buyer=deal.buyer,
                    good=deal.good,
                    text=_sentence(len(said), dice),
                    operation=dice.random() < 0.1,
                )
            )
    return said


def _sentence(number: int, dice: random.Random) -> str | None:
    kind = dice.random()
    if kind < 0.03:
        return None
    words = dice.choice(QUESTIONS if kind < 0.78 else BARGAINS if kind < 0.88 else OTHERS)
    return f"{words}？第{number}问" if kind < 0.78 else words
