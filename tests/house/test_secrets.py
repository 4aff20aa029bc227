"""Law 11: a whole small day, everything logged, and then no secret stands in the log or in a file of the shop."""

import base64
import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.auth import Request
from bot.fronts.counter import Counter
from bot.fronts.terminal import CHAT, WHO, Terminal
from core.log import FILE, FOLDER, WIRE, KeptLines, open_log
from core.sandbox.client import ControlRefused
from core.store.packing import pack as backup
from core.store.vault import Vault
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests.counter import DummyFront
from tests.flow.shop import Day, open_day

KEYS = ("MAOMI-7731-QXZT", "MAOMI-8842-WRPL", "MAOMI-9953-JHKD")
DELIVERY = "您的月卡密钥"
PHONE = "13912345678"
BUYER_WORDS = "刚下的单帮我看看"
QUESTION = "这个能用在旧型号上么"
MODEL_WORDS = "亲这款旧型号也可以放心用的"
OWNER_WORDS = "我是店主小张晚点回您"
APP_WORDS = "店主在手机上亲手打的话"
API_KEY = "sk-banana-0123456789"
ADDRESS = ("浙江省杭州市余杭区某路1号", "13800000000")
"""What the pretend world's order record says of a parcel's receiver."""

ITS_OWN = ("websockets.server", "uvicorn", "core.sandbox")
"""Loggers of the pretend world, which shares the process."""


@contextmanager
def everything_logged(file: Path) -> Iterator[None]:
    """The shop's log as `zhanggui run` sets it up, with every level, in a file; the world's own lines left out."""
    handler, kept = logging.FileHandler(file, encoding="utf-8"), KeptLines(file.parent / FOLDER)
    for one in (handler, kept):
        one.addFilter(lambda record: not record.name.startswith(ITS_OWN))
    root = logging.getLogger()
    root.addHandler(kept)
    loggers = [root, *map(logging.getLogger, WIRE)]
    before = [logger.level for logger in loggers]
    open_log(handler, logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
        for one in (handler, kept):
            root.removeHandler(one)
            one.close()


def shapes(secret: str) -> set[bytes]:
    """The ways a text may stand in a file: as it is, escaped in JSON, and in base64 wherever it begins."""
    raw = secret.encode()
    found = {raw, json.dumps(secret)[1:-1].encode(), secret.encode("utf-16-le")}
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + raw)
        found.add(coded[(0, 2, 3)[shift] : len(coded) - 4])
    return found


def places_of(secrets: list[str], files: list[Path]) -> dict[str, list[str]]:
    """Each secret found, and the names of the files it stands in."""
    contents = {file.name: file.read_bytes() for file in files}
    found = {
        secret: [name for name, content in contents.items() if any(shape in content for shape in shapes(secret))]
        for secret in secrets
    }
    return {secret: names for secret, names in found.items() if names}


def files_of(day: Day) -> list[Path]:
    """Every file of the shop's folder; sockets hold nothing."""
    return [file for file in (day.folder / "data").rglob("*") if file.is_file()]


def login_secrets(day: Day) -> list[str]:
    """Every cookie value and token by which somebody else could be this seller, as the world gave them out."""
    jar = dict(part.strip().split("=", 1) for part in day.world.market.accounts["shop"].cookie.split(";"))
    cookies = [jar[name] for name in ("cookie2", "_tb_token_", "sgcookie", "_m_h5_tk_enc") if name in jar]
    market = day.world.market
    return [*cookies, *market.tokens, *market.h5_tokens, *(enc for enc, _ in market.h5_tokens.values())]


class Till:
    """The owner's terminal beside a day's shop."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self.paper = io.StringIO()
        self._counter = Counter(day.engine, day.config(), [Terminal(day.engine.now, out=self.paper)])
        self._typed = 0

    async def open(self) -> None:
        await self._counter.open()

    async def types(self, words: str) -> None:
        self._typed += 1
        await self._counter.desk.take(
            Request(
                who=WHO,
                chat=CHAT,
                chat_kind=ChatKind.terminal,
                words=words,
                sent_at=self._day.engine.now(),
                update_id=f"till:{self._typed}",
            )
        )

    async def reads_everything(self) -> None:
        for notice in self._day.owner.notices:
            await self._counter.notices.show(notice.id, Way(chat=CHAT))


async def whole_day(day: Day) -> None:
    """A key is sold, a parcel is paid, questions are answered, and the owner has a word."""
    till = Till(day)
    await till.open()
    day.world.model.mood = day.world.model.mood.model_copy(update={"rules": (("旧型号", MODEL_WORDS),)})
    card = await day.card(text=DELIVERY + " {keys}")
    await till.types(f"改库存 {await day.product(card)}\n" + "\n".join(KEYS[:2]))
    await day.engine.stock.add_keys(day.actor(), await day.product(card), KEYS[2:])
    buyer = await day.buyer()
    trade = await buyer.pays(card)
    await day.until_shipping(trade, "succeeded")
    await buyer.says(card, f"{BUYER_WORDS} 电话{PHONE}")
    await buyer.says(card, QUESTION)
    await day.until(lambda: MODEL_WORDS in day.texts_to(trade), "the model's answer")
    order = await day.order_id(trade)
    chat = await day.engine.chats.find(trade.order_no)
    await day.engine.chats.say(day.actor(), chat, OWNER_WORDS)
    await till.types(f"回复 {chat} {OWNER_WORDS}")
    await day.world.control.type_by_hand(trade.chat_no, APP_WORDS)
    parcel = await day.item(title="键盘", virtual=False, mode="physical", auto_ship="off")
    await day.until_shipping(await (await day.buyer("收货人")).pays(parcel), "manual")
    for words in ("订单", f"查单 {order}", f"接管 {order}", "库存", "健康", "统计"):
        await till.types(words)
    await day.until(lambda: OWNER_WORDS in day.texts_to(trade), "the owner's words")
    await day.quiet()
    await till.reads_everything()


@pytest.mark.timeout(120)
async def test_no_secret_stands_in_the_log_or_in_a_file_of_the_shop(tmp_path: Path) -> None:
    log = tmp_path / "everything.log"
    said = [*KEYS, DELIVERY, PHONE, BUYER_WORDS, QUESTION, MODEL_WORDS, OWNER_WORDS, APP_WORDS, API_KEY, *ADDRESS]
    with everything_logged(log):
        async with open_day(tmp_path, model=True, settings={"ai.api_key": API_KEY, "ai.classify": False}) as day:
            await whole_day(day)
            secrets = [*said, *login_secrets(day)]
            assert await day.one("SELECT count(*) FROM messages") >= 5
            assert places_of(secrets, files_of(day)) == {}
        backup(tmp_path / "data", tmp_path / "copy.zip")
        with zipfile.ZipFile(tmp_path / "copy.zip") as packed:
            packed.extractall(tmp_path / "unpacked")
        copies = [tmp_path / "copy.zip", *(tmp_path / "unpacked").iterdir()]
        assert places_of(secrets, [*files_of(day), *copies, log, tmp_path / FOLDER / FILE]) == {}
    assert "core.run" in log.read_text("utf-8")
    assert '"name": "core.run"' in (tmp_path / FOLDER / FILE).read_text("utf-8")


GROUP = "dummy:-1"
READS = (
    "订单",
    "查单 {order}",
    "待办",
    "库存",
    "库存 {product}",
    "商品",
    "商品 {product}",
    "对话 {chat}",
    "健康",
    "统计",
)
MORE_READS = ("审计", "设置", "账号", "看板", "指标", "日志", "历史 {order}", "成员", "通知", "帮助")


@pytest.mark.timeout(120)
async def test_no_key_phone_address_or_token_stands_on_a_card_of_the_group(tmp_path: Path) -> None:
    front = DummyFront()
    async with open_day(tmp_path, model=True, settings={"ai.api_key": API_KEY, "ai.classify": False}) as day:
        await whole_day(day)
        counter = Counter(day.engine, day.config(), [front])
        await day.engine.people.keep("dummy:1", "老板", Role.owner)
        await day.engine.rooms.bind(GROUP, ChatKind.group)
        facts = {"order": 1, "product": "p1", "chat": "c1"}
        asked = [words.format(**facts) for words in (*READS, *MORE_READS)]
        for n, words in enumerate([f"导入卡密 p1\n{KEYS[0]}\nNEU-1111-2222", *asked]):
            who = {"who": "dummy:1", "chat": GROUP, "chat_kind": ChatKind.group, "sent_at": day.engine.now()}
            await counter.desk.take(Request.model_validate({**who, "words": words, "update_id": f"g:{n}"}))
        for notice in day.owner.notices:
            await counter.notices.show(notice.id, Way(chat=GROUP))
        secrets = [*KEYS, "NEU-1111-2222", PHONE, *ADDRESS, API_KEY, *login_secrets(day)]
        cards = {f"{n}": repr(shown.card).encode() for n, shown in enumerate(front.shown)}
    assert len(cards) > len(asked)
    assert {s: n for s in secrets for n, card in cards.items() if any(shape in card for shape in shapes(s))} == {}
    assert any(OWNER_WORDS in card.decode() for card in cards.values()), "words are shown: the search does find"


@pytest.mark.parametrize(
    "disguise", [str.encode, lambda secret: json.dumps(secret).encode(), lambda s: base64.b64encode(f"a{s}z".encode())]
)
def test_a_planted_secret_is_found(tmp_path: Path, disguise: Callable[[str], bytes]) -> None:
    file = tmp_path / "shop.db"
    file.write_bytes(b"\x00\x01" + disguise(BUYER_WORDS) + b"\xff")
    assert places_of([BUYER_WORDS, PHONE], [file]) == {BUYER_WORDS: ["shop.db"]}


def test_a_logged_secret_is_found(tmp_path: Path) -> None:
    log = tmp_path / "everything.log"
    with everything_logged(log):
        logging.getLogger("core.flows").debug("a buyer said %s", BUYER_WORDS)
        logging.getLogger("websockets.server").debug("a buyer said %s", QUESTION)
    assert places_of([BUYER_WORDS, QUESTION], [log]) == {BUYER_WORDS: ["everything.log"]}


def test_the_wire_would_give_its_frames_away(tmp_path: Path) -> None:
    """The control: without the shop's own log set-up the socket's library writes every frame."""
    log = tmp_path / "everything.log"
    with everything_logged(log):
        logging.getLogger("websockets.client").debug("> Frame: %s", API_KEY)
        assert places_of([API_KEY], [log]) == {}
        logging.getLogger("websockets").setLevel(logging.DEBUG)
        logging.getLogger("websockets.client").debug("> Frame: %s", API_KEY)
    assert places_of([API_KEY], [log]) == {API_KEY: ["everything.log"]}


def test_the_key_file_is_the_owners_alone(tmp_path: Path) -> None:
    Vault.at(tmp_path)
    assert [oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == ["0o600"]


SECRET_NAMES = re.compile(r"\b(cookies?|token|secret|password|api_key|sealed)\b")


def test_no_log_line_names_a_secret() -> None:
    """Arguments of log calls in the shop are names, numbers and kinds; a variable called cookie is none of these."""
    import ast

    from tests.house.sources import WINGS, place, python_files, tree

    found = []
    for file in python_files(*WINGS):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func):
                names = {n.id for a in node.args[1:] for n in ast.walk(a) if isinstance(n, ast.Name)}
                names |= {n.attr for a in node.args[1:] for n in ast.walk(a) if isinstance(n, ast.Attribute)}
                found += [f"{place(file)}:{node.lineno} {name}" for name in names if SECRET_NAMES.search(name)]
    assert not found


def _is_log(function: object) -> bool:
    owner = getattr(getattr(function, "value", None), "id", "")
    return owner.lower() in ("log", "logger") and getattr(function, "attr", "") in (
        "debug",
        "info",
        "warning",
        "error",
        "exception",
    )


async def test_a_login_code_stands_in_no_log_and_in_no_file(tmp_path: Path) -> None:
    """Whoever has it is in the shop: neither of its codes, nor the session they give, is left lying about."""
    log = tmp_path / "everything.log"
    with everything_logged(log):
        async with open_day(tmp_path) as day:
            till, control = Till(day), day.world.control
            await till.open()
            await till.types("登录")

            async def now(path: str) -> bool:
                try:
                    await control.post(path, **({"check": True} if path == "/confirm_login" else {}))
                except ControlRefused:
                    return False
                return True

            for path in ("/scan", "/confirm_login", "/pass_check"):
                await day.until(lambda path=path: now(path), path)
            await day.until(lambda: day.record("login"), "the login")
            await day.quiet()
            (code,) = day.world.codes.all
            secrets = [code.content, code.face, code.ck, code.htoken, code.session, *login_secrets(day)]
            assert places_of(secrets, files_of(day)) == {}
        assert places_of(secrets, [*files_of(day), log, tmp_path / FOLDER / FILE]) == {}
    assert "login 1 is done" in log.read_text("utf-8")
