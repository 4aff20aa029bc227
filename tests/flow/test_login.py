"""Logging in by a scanned code, from the owner's words to the connection: where the code stands, and where never."""

import asyncio
from pathlib import Path

from bot.cards.logins import login_card
from bot.cards.pen import Pen
from bot.cards.qr import qr_picture
from bot.texts import load
from core.values.people import ChatKind, Role
from tests.counter import GROUP, OPERATOR, OWNER
from tests.flow.chatting import asks, chatting, scans, until_code, until_title


async def test_asked_in_the_group_the_code_stands_in_the_private_chat_alone(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        answer = await asks(day, chat)
        assert "私聊" in answer.title
        code = await until_code(day, chat)
        shown = [card for card in chat.cards(OWNER) if card.code]
        assert shown[0].picture.startswith(b"\x89PNG")
        assert not any(card.picture or card.code for card in chat.cards(GROUP))
        assert not any(code in card.model_dump_json() for card in chat.cards(GROUP))
        assert await day.one("SELECT code FROM logins") != code.encode()


async def test_a_scan_connects_anew_with_the_new_session_and_the_card_follows(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        before = day.world.market.accounts["shop"].cookie2
        await asks(day, chat)
        code = await until_code(day, chat)
        await day.world.control.post("/scan", code=code)
        await until_title(day, chat, "已扫码")
        await day.world.control.post("/confirm_login")
        await until_title(day, chat, "登录好了")
        assert len([title for title in chat.titles() if "登录好了" in title]) == 1
        assert not any(card.code for card in chat.cards(OWNER))
        assert qr_picture(code) not in [card.picture for card in chat.cards(OWNER)], "the code is gone from the chat"
        assert await day.one("SELECT code FROM logins") is None
        link = day.shop.work.store.vault.text(await day.one("SELECT link FROM accounts"))
        assert day.world.market.accounts["shop"].cookie2 in link and before not in link
        await day.until(lambda: day.world.lines.live("shop"), "the next connection")
        item = await day.card()
        trade = await (await day.buyer()).pays(item)
        await day.until(lambda: day.is_shipped(trade), "a shipment by the new login")


async def test_a_dead_login_goes_on_at_once_and_its_card_says_so(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        day.world.market.new_session(day.world.market.accounts["shop"])
        day.wake()
        await asks(day, chat, "重连", update_id="dummy:r")

        async def expired():
            return await day.one("SELECT state FROM accounts") == "login_expired"

        await day.world.control.post("/reset_connection", how="kickout")
        await day.until(expired, "the end of the login")
        waiting = await asks(day, chat, "待办", update_id="dummy:p")
        assert "要重新登录" in waiting.plain()
        assert [button.verb for button in waiting.buttons if button.verb.endswith("shop")] == ["📷 扫码登录 shop"]
        await asks(day, chat)
        await scans(day, await until_code(day, chat))
        await day.until(day._is_online, "online again")


async def test_a_cookie_file_of_another_account_for_a_dead_login_is_said_in_words(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        day.world.market.new_session(day.world.market.accounts["shop"])
        await day.world.control.post("/reset_connection", how="kickout")
        await day.until(lambda: day.one("SELECT state = 'login_expired' FROM accounts"), "the end of the login")
        stranger = day.world.market.add_account("stranger", None, merchant=False)
        (tmp_path / "shop.cookie").write_text(stranger.cookie)
        day.wake()
        await day.until(lambda: day.one("SELECT reason = 'wrong_account' FROM accounts"), "the refusal")
        said = await day.until(
            lambda: [card for card in chat.cards(GROUP) if "另一个闲鱼账号" in card.plain()], "the card in the group"
        )
        assert "wrong_account" not in said[0].plain() and stranger.unb not in said[0].plain()
        assert "另一个闲鱼账号" in (await asks(day, chat, "账号")).plain()
        (tmp_path / "shop.cookie").write_text(day.world.market.accounts["shop"].cookie)
        day.wake()
        await day.until(day._is_online, "online by the right file")


async def test_a_second_wish_finds_the_login_that_runs(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await asks(day, chat)
        code = await until_code(day, chat)
        await asks(day, chat)
        await asks(day, chat, chat=OWNER, chat_kind=ChatKind.private)
        await day.quiet()
        assert await day.one("SELECT count(*) FROM logins") == 1
        codes = {card.code for card in chat.cards(OWNER) if card.code}
        assert codes == {code}
        assert await day.one("SELECT count(*) FROM acts WHERE verb = 'log_in'") == 1


async def test_a_second_owner_who_asks_gets_the_code_and_the_first_loses_it(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        other = "dummy:4"
        await day.engine.people.keep(other, "合伙人", Role.owner)
        await day.engine.rooms.bind(other, ChatKind.private)
        await asks(day, chat)
        code = await until_code(day, chat)
        await asks(day, chat, who=other)
        await day.until(lambda: [card for card in chat.cards(other) if card.code == code], "the code at the second")
        await day.until(lambda: chat.code() is None, "the first one's card without it")
        assert await day.one("SELECT count(*) FROM logins") == 1
        await scans(day, code)
        await day.until(lambda: any("登录好了" in title for title in chat.titles(other)), "the end")


async def test_another_account_is_refused_and_said(tmp_path: Path):
    async with chatting(tmp_path, accounts=("shop", "other")) as (day, chat):
        cookie2 = day.world.market.accounts["shop"].cookie2
        await asks(day, chat, "登录 shop")
        await scans(day, await until_code(day, chat), "other")
        await until_title(day, chat, "另一个闲鱼账号")
        link = day.shop.work.store.vault.text(await day.one("SELECT link FROM accounts WHERE name = 'shop'"))
        assert cookie2 in link


async def test_a_second_factor_is_a_second_card_with_its_own_code(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await asks(day, chat)
        first = await until_code(day, chat)
        await scans(day, first, check=True)
        await until_title(day, chat, "验证身份")
        second = await day.until(lambda: chat.code() if chat.code() != first else None, "the second code")
        await day.world.control.post("/pass_check", code=second)
        await until_title(day, chat, "登录好了")


async def test_an_expired_code_offers_a_new_one(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await asks(day, chat)
        first = await until_code(day, chat)
        await day.world.control.fault("qr_expires", times=1)
        await until_title(day, chat, "过期")
        shown = next(s for s in reversed(chat.front.shown) if "过期" in s.card.title)
        button = next(b.action for b in shown.card.buttons if "换新码" in b.verb)
        await asks(day, chat, None, button=button, reply_to=shown.message, chat=OWNER, chat_kind=ChatKind.private)
        assert await until_code(day, chat) != first


async def test_without_a_private_chat_it_says_how_to_open_one(tmp_path: Path):
    async with chatting(tmp_path, private=False) as (day, chat):
        answer = await asks(day, chat)
        assert "/start" in answer.title
        assert await day.one("SELECT count(*) FROM logins") == 0


async def test_an_operator_logs_nobody_in(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        answer = await asks(day, chat, who=OPERATOR)
        assert "身份" in answer.title
        assert await day.one("SELECT count(*) FROM logins") == 0


async def test_a_code_whose_room_was_given_up_goes_nowhere(tmp_path: Path):
    """Notices of a room that is unbound go to the group; the code does not go with them."""
    async with chatting(tmp_path) as (day, chat):
        chat.front.down.add(OWNER)
        await asks(day, chat)

        async def waiting():
            return await day.one("SELECT count(*) FROM logins WHERE state = 'waiting'")

        await day.until(waiting, "a code")
        await day.engine.rooms.unbind(day.actor(), OWNER)
        await day.in_time(lambda: any("扫码" in title for title in chat.titles(GROUP)), "the card in the group")
        assert not any(card.code or card.picture for card in chat.cards(GROUP))
        login = await day.engine.accounts.find_login(1)
        assert login_card(login, Pen(load("zh"), day.engine.zone, day.engine.now())).code, "drawn as it is it would"


async def test_a_passport_that_is_down_is_said_in_the_card(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await day.world.control.fault("http_5xx", probability=1, on="generate")
        await asks(day, chat)
        await until_title(day, chat, "没有登录成")
        assert any("平台连不上" in card.plain() for card in chat.cards(OWNER))


async def test_a_login_under_way_is_over_after_a_restart(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await asks(day, chat)
        await until_code(day, chat)
        await day.close()
        await day.open()
        assert await day.one("SELECT state FROM logins") == "failed"
        assert await day.one("SELECT code FROM logins") is None
        assert (await asks(day, chat, update_id="dummy:after")) is not None
        await day.until(lambda: day.one("SELECT count(*) FROM logins WHERE state = 'waiting'"), "a new code")


async def test_selling_goes_on_while_a_code_waits(tmp_path: Path):
    async with chatting(tmp_path) as (day, chat):
        await day.world.control.fault("slow_passport", probability=1, by_s=0.3)
        await asks(day, chat)
        item = await day.card()
        trade = await (await day.buyer()).pays(item)
        await asyncio.wait_for(day.until(lambda: day.is_shipped(trade), "the shipment"), 5)


async def test_accounts_are_listed_with_their_buttons(tmp_path: Path):
    async with chatting(tmp_path, accounts=("shop", "other")) as (day, chat):
        card = await asks(day, chat, "账号")
        assert "2 个" in card.title
        assert "在线" in card.plain() and "登录" in card.plain()
        assert [b.verb for b in card.buttons] == [
            "📷 扫码登录 shop",
            "🔌 重连 shop",
            "📷 扫码登录 other",
            "🔌 重连 other",
        ]
