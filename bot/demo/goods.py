"""What the demo's shop sells."""

from pydantic import BaseModel, ConfigDict


class Good(BaseModel):
    """An item of the pretend marketplace and how its owner configured it. Money in 分; `fields` go to /item."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    about: str
    account: str = "shop"
    price_fen: int
    postage: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    keys: int = 0
    stock: int | None = None


CARD = Good(
    name="card",
    title="视频会员月卡",
    about="官方月卡卡密，激活后31天有效，付款后自动发卡密。",
    price_fen=3000,
    fields=(("floor", "25"), ("text", "您好，您的卡密：{keys}\n请尽快激活，有问题随时说。"), ("auto_ship", "on")),
    keys=20,
)
GAME = Good(
    name="game",
    title="游戏点券 300 元",
    about="直充点券，付款后发兑换码。",
    price_fen=30000,
    fields=(("floor", "280"), ("text", "您好，您的兑换码：{keys}"), ("auto_ship", "on")),
    keys=6,
)
PICKUP = Good(
    name="pickup",
    title="同城自提机械键盘",
    about="九成新，同城自提，无需邮寄。",
    price_fen=12000,
    fields=(("mode", "physical"), ("floor", "100"), ("delay", "5-15"), ("auto_ship", "on")),
    stock=5,
)
PHONE = Good(
    name="phone",
    title="二手手机 95新",
    about="自用，电池健康 90%，顺丰包邮。",
    price_fen=48000,
    postage=True,
    fields=(("mode", "physical"), ("floor", "450")),
    stock=3,
)
POSTER = Good(
    name="poster",
    title="绝版海报 电子版",
    about="高清电子版，付款后发送。",
    price_fen=900,
    fields=(("floor", "8"), ("text", "您好，海报已为您准备好，订单 {order}。"), ("auto_ship", "on")),
    stock=1,
)
GOODS = (CARD, GAME, PICKUP, PHONE, POSTER)
