"""A login code in Telegram: a photo in the owner's private chat alone, which turns with the login and loses its code."""

import asyncio
from pathlib import Path

from bot.cards.logins import login_card
from bot.cards.pen import Pen
from bot.cards.qr import Sign, qr_picture, sign_picture
from bot.cards.seal import seal
from bot.fronts.telegram.updates import id_of
from bot.texts import load
from core.errors import Busy
from core.moves import logins
from core.values.logins import LoginState, LoginStep
from core.values.telling import Way
from tests import stockroom
from tests.telegram_shop import Post, Street, open_post, open_street

CODE = "https://passport.goofish.com/qrcodeCheck.htm?lgToken=0123456789"


async def note(post: Post, state: LoginState, code: str | None = None) -> None:
    """The login went on, and the shop tells it."""
    step = LoginStep(state=state, code=code)
    await post.store.write(lambda tx: logins.note(tx, stockroom.cause(), 1, step))
    for row in await post.store.people.all("notices.due", now=2**62, most=100):
        await post.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
        await shown(post, row["id"], Way(chat=row["chat"] or id_of(post.street.group)))
        told = {"now": 0, "outcome": "told", "chat": row["chat"]}
        await post.store.write(lambda tx, n=row["id"], told=told: tx.run("notices.finish", id=n, **told))


async def shown(post: Post, notice_id: int, way: Way) -> None:
    """A chat takes one message a second."""
    while True:
        try:
            return await post.notices.show(notice_id, way)
        except Busy as busy:
            await asyncio.sleep(busy.retry_after_s or 0.1)


def photos(street: Street, chat: int) -> list[tuple[str, bytes]]:
    """The bot's photos in a chat: the first line of the caption, and the picture."""
    shown = [one for one in street.world.screen.from_bot(chat) if one.photo is not None]
    return [(one.words.splitlines()[0], one.photo.data) for one in shown if one.photo is not None]


async def test_the_photo_in_the_private_chat_turns_with_the_login_and_loses_its_code(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(stockroom.open_account)
        answer = await street.ask("登录", "登录码")
        assert "私聊" in answer.words
        await note(post, LoginState.waiting, CODE)
        ((title, picture),) = photos(street, street.boss)
        assert "扫码登录" in title and picture == qr_picture(CODE)
        assert [one.protected for one in street.world.screen.from_bot(street.boss) if one.photo] == [True]
        await note(post, LoginState.scanned)
        ((title, picture),) = photos(street, street.boss)
        assert "已扫码" in title and picture == sign_picture(Sign.busy)
        await note(post, LoginState.done)
        ((title, picture),) = photos(street, street.boss)
        assert "登录好了" in title and picture == sign_picture(Sign.done)
        assert photos(street, street.group) == []


async def test_the_second_code_comes_as_a_photo_of_its_own(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(stockroom.open_account)
        await street.ask("登录", "登录码")
        await note(post, LoginState.waiting, CODE)
        await note(post, LoginState.scanned)
        await note(post, LoginState.checking, CODE + "&face")
        assert qr_picture(CODE + "&face") in [picture for _, picture in photos(street, street.boss)]
        assert qr_picture(CODE) not in [picture for _, picture in photos(street, street.boss)]
        await note(post, LoginState.expired)
        assert {picture for _, picture in photos(street, street.boss)} == {sign_picture(Sign.over)}
        assert photos(street, street.group) == []


async def test_a_code_does_not_stand_in_the_group_even_when_its_notice_is_shown_there(tmp_path: Path):
    async with open_street() as street, open_post(street, tmp_path) as post:
        await post.store.write(stockroom.open_account)
        await street.ask("登录", "登录码")
        step = LoginStep(state=LoginState.waiting, code=CODE)
        await post.store.write(lambda tx: logins.note(tx, stockroom.cause(), 1, step))
        (row,) = await post.store.people.all("notices.due", now=2**62, most=100)
        group = id_of(street.group)
        await shown(post, row["id"], Way(chat=group))
        assert photos(street, street.group) == []
        login = await post.engine.accounts.find_login(1)
        pen = Pen(load("zh"), post.engine.zone, post.engine.now())
        await post.front.send(group, await seal(login_card(login, pen), post.engine, group))
        ((_, picture),) = photos(street, street.group)
        assert picture == qr_picture(CODE), "drawn as it is, without the look at the room, it would stand there"
