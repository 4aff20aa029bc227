"""The page of the pretend Telegram in a real browser, with the shop's real Telegram front behind it."""

import asyncio
import contextlib
import os
import re
import signal
from contextlib import asynccontextmanager

import httpx2
import orjson
import pytest

from bot.demo.chatroom import open_chatroom
from bot.demo.stage import Stage, open_stage
from bot.sandbox.telegram import TelegramWorld
from tests.contract.telegram_bot import Bot, counter, png
from tests.flow.browser import needs_chromium, open_page
from tests.mortal import mortal

BOT = "article.theirs"


@asynccontextmanager
async def running(stage: Stage):
    """The shop as `zhanggui run` has it, until the block ends."""
    command = mortal("bot", "run", "--headless", "--config", str(stage.config_file))
    with (stage.folder / "shop.log").open("wb") as log:
        shop = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        yield
    finally:
        shop.terminate()
        async with asyncio.timeout(20):
            assert await shop.wait() == 0, (stage.folder / "shop.log").read_text("utf-8")[-3000:]


def cards(page, words):
    """The bot's bubbles that say so; the newest is the last."""
    return page.locator(BOT).filter(has_text=re.compile(words, re.DOTALL))


async def types(page, words):
    await page.fill("#words", words)
    await page.press("#words", "Enter")


@needs_chromium
@pytest.mark.timeout(180)
async def test_an_owner_works_the_shop_from_the_page_and_a_buyer_buys():
    async with open_stage(3, 1.0) as stage, open_chatroom(stage, 3) as telegram, running(stage):
        async with open_page(f"{telegram.api_url}/") as page:
            await a_command_brings_a_card_and_a_press_redraws_it(page)
            await numbers_come_as_a_picture(page)
            await a_buyer_buys_and_the_owner_approves(page)


async def a_command_brings_a_card_and_a_press_redraws_it(page):
    await types(page, "库存")
    card = cards(page, "视频会员月卡").last
    await card.locator(".key", has_text="刷新").click()
    await card.locator("time", has_text="已编辑").wait_for()


async def numbers_come_as_a_picture(page):
    await types(page, "统计")
    picture = page.locator(f"{BOT} img.photo").last
    await picture.wait_for()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 640


async def a_buyer_buys_and_the_owner_approves(page):
    await page.click("#new-buyer")
    await page.locator("#item").select_option(label="游戏点券 300 元 · ¥ 300.00")
    await page.fill("#buyer-words", "在吗")
    await page.press("#buyer-words", "Enter")
    await page.locator("#lines .mine", has_text="在吗").wait_for()
    await page.click("#order")
    await page.locator("#orders button", has_text="付款").click()
    card = cards(page, "待审批.*游戏点券").last
    await card.locator(".key.success", has_text="批准").click()
    await cards(page, "即将发货|等待中").last.wait_for()


@asynccontextmanager
async def drawn_chat(**size):
    """A counter of the pretend Telegram alone, and its page."""
    async with counter() as place, open_page(f"{place.world.api_url}/", **size) as page:
        yield place, page


@needs_chromium
async def test_hostile_words_stay_words():
    evil = "<img src=x onerror=document.title='gone'><script>document.title='gone'</script>"
    async with drawn_chat() as (place, page):
        villain = place.world.people.user(evil).id
        place.world.groups.set_member(place.group, villain, "member")
        message = place.world.people.type(villain, place.group, evil)
        place.world.people.upload(villain, place.group, f"\u202e{evil}.html", b"<script>1</script>", caption=evil)
        await place.says("好 <a href=\"javascript:document.title='gone'\">点</a>", parse_mode="HTML",
                         reply_to_message_id=message.id, reply_markup=place.buttons([{"text": evil, "callback_data": "1"}]))  # fmt: skip
        await page.locator(".key", has_text="onerror").wait_for()
        assert await page.locator("article .words", has_text="onerror").count() == 2
        assert await page.locator("#log img, #log script, #log a:not(.file)").count() == 0
        assert await page.title() == "掌柜"


@needs_chromium
async def test_words_put_in_as_markup_would_be_noticed():
    """The control: what the page must not do makes an element, and the browser refuses its script aloud."""
    with pytest.raises(AssertionError, match="Content Security Policy"):
        await put_in_as_markup("<img src=x onerror=document.title='gone'>")


async def put_in_as_markup(evil):
    async with drawn_chat() as (_, page):
        async with page.expect_console_message(lambda line: "Content Security Policy" in line.text):
            await page.evaluate("evil => { document.querySelector('#log').innerHTML = evil }", evil)
        assert await page.locator("#log img").count() == 1


@needs_chromium
async def test_presses_are_answered_with_toasts_alerts_and_what_is_copied():
    async with drawn_chat() as (place, page):
        buttons = [
            {"text": "批准", "callback_data": "ok", "style": "success"},
            {"text": "复制", "copy_text": {"text": "4711"}},
        ]
        await place.says("单子", reply_markup=place.buttons(buttons))
        for words, alert in (("已由 张三 批准", False), ("不是你的单子", True)):
            await page.click(".key.success")
            await page.locator(".key.waiting").wait_for()
            query = (await place.bot.updates(timeout=10))[-1]["callback_query"]
            assert query["from"]["id"] == place.owner
            await place.bot("answerCallbackQuery", callback_query_id=query["id"], text=words, show_alert=alert)
            await page.locator("#alert p" if alert else "#toasts p", has_text=words).wait_for()
        assert await page.locator(".key.waiting").count() == 0
        await page.click("#alert button")
        await page.click(".key >> text=复制")
        await page.locator("#toasts p", has_text="4711").wait_for()


@needs_chromium
async def test_on_a_phone_the_chat_fills_the_screen_and_pictures_are_whole():
    async with drawn_chat(width=390, height=800) as (place, page):
        await place.bot(
            "sendPhoto", files={"photo": ("p.png", png(1280, 720))}, chat_id=str(place.group), caption="今天"
        )
        await page.locator("img.photo").wait_for()
        await page.locator("#views").wait_for()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        box = await page.locator("img.photo").bounding_box()
        assert (wide, box["width"] > 250, abs(box["width"] / box["height"] - 16 / 9) < 0.02) == (390, True, True)


@needs_chromium
async def test_people_reply_upload_change_places_and_see_edits_and_deletions():
    async with drawn_chat() as (place, page):
        await place.bot("setMyCommands", commands=[{"command": "orders", "description": "订单"}])
        sent = await place.says("要回复吗")
        await page.hover(f"{BOT} .body")
        await page.click(f"{BOT} .reply")
        await types(page, "要")
        await page.set_input_files("#file", {"name": "卡密.txt", "mimeType": "text/plain", "buffer": b"K1"})
        await page.locator("a.file", has_text="卡密.txt").wait_for()
        await page.click("#commands")
        await page.locator("#menu button", has_text="/orders").click()
        await page.select_option("#me", label="小二")
        await types(page, "我也在")
        await page.locator("article.mine", has_text="我也在").wait_for()
        heard = [one["message"] for one in await place.bot.updates() if "message" in one]
        assert [one.get("text") for one in heard] == ["要", None, "/orders", "我也在"]
        assert heard[0]["reply_to_message"]["message_id"] == sent["message_id"]
        assert [one["from"]["id"] for one in heard[2:]] == [place.owner, place.clerk]
        await place.bot("editMessageText", chat_id=place.group, message_id=sent["message_id"], text="改过了")
        await cards(page, "改过了.*已编辑").wait_for()
        await place.bot("deleteMessage", chat_id=place.group, message_id=sent["message_id"])
        await page.locator(BOT).filter(has_text="改过了").wait_for(state="detached")


async def test_the_page_lets_nothing_in_from_elsewhere():
    async with TelegramWorld.open() as world, httpx2.AsyncClient(base_url=world.api_url) as http:
        page = await http.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert sources == ["data:,", "page/page.css", "page/page.js"]
        for part in ("page.js", "parts.js", "words.js", "bubbles.js", "street.js", "page.css"):
            text = (await http.get(f"/page/{part}")).text
            assert "innerHTML" not in text
            assert not re.search(r"https?://[a-z]", text)
        assert (await http.get("/market")).json() is None
        for wrong in ("/page/..%2Fworld.py", "/page/none.js"):
            assert (await http.get(wrong)).status_code == 404
        assert (await http.post("/market/agree_refund")).status_code == 404


async def test_the_page_speaks_both_languages():
    async with TelegramWorld.open() as world, httpx2.AsyncClient(base_url=world.api_url) as http:
        chinese, english = (await http.get("/page/words.js")).text.split("  en: {")
        keys = [re.findall(r"(\w+): \"", half) for half in (chinese, english)]
        assert keys[0] == keys[1]
        used = "".join([(await http.get(f"/page/{part}.js")).text for part in ("page", "bubbles", "street")])
        used += (await http.get("/")).text
        assert set(re.findall(r'say\("(\w+)"\)', used)) | set(re.findall(r'data-say="(\w+)"', used)) <= set(keys[0])


@pytest.mark.timeout(90)
async def test_the_demo_opens_a_page_with_the_shop_in_it_and_leaves_at_ctrl_c():
    quiet = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    demo = await asyncio.create_subprocess_exec(
        *mortal("bot", "demo", "--open"),
        stdout=asyncio.subprocess.PIPE,
        env={**quiet, "PYTHONIOENCODING": "utf-8"},
    )
    assert demo.stdout is not None
    try:
        async with asyncio.timeout(60):
            address = re.search(rb"http://[0-9.:]+/", await demo.stdout.readline())
            assert address is not None
            async with httpx2.AsyncClient(base_url=address[0].decode()) as http:
                await until_the_shop_speaks(http)
                assert len((await http.get("market")).json()["items"]) >= 4
        demo.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            await demo.stdout.read()
            assert await demo.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            demo.kill()


async def until_the_shop_speaks(http):
    """Until the bot has said something in the group."""
    version = 0
    while True:
        news = (await http.get("control/changes", params={"after": version, "wait_s": 20})).json()
        if any(one["from"]["is_bot"] and one["chat"]["id"] < 0 and "text" in one for one in news["messages"]):
            return
        version = news["version"]


async def test_the_sandbox_serves_telegram_and_its_page():
    box = await asyncio.create_subprocess_exec(*mortal("bot", "sandbox"), stdout=asyncio.subprocess.PIPE)
    assert box.stdout is not None
    async with asyncio.timeout(30):
        addresses = orjson.loads(await box.stdout.readline())
        bot = Bot(addresses["telegram_api"], addresses["telegram_token"])
        assert (await bot("getMe"))["is_bot"]
        assert "<title>掌柜</title>" in (await bot.http.get(addresses["page"])).text
        assert [one["my_chat_member"]["chat"]["title"] for one in await bot.updates() if "my_chat_member" in one][
            :1
        ] == ["掌柜小店"]
        await bot.http.aclose()
        box.terminate()
        assert await box.wait() == 0
