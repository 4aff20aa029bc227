"""The pretend passport's login by code: whoever keeps cookies and form gets in, whoever loses one does not."""

import re

import pytest

from core.sandbox.client import ControlRefused
from tests.contract.browser import Browser

EXCHANGE = {"subFlow": "DIALOG_CHECK_LOGIN_RPC", "nextCode": "0018", "bizScene": "qrcode", "confirm": "true"}


@pytest.fixture
async def browser(world):
    async with Browser.on(world) as browser:
        yield browser


async def test_a_code_is_new_scanned_confirmed_and_gives_the_cookies_once(world, browser):
    old = world.market.accounts["shop"].cookie2
    assert (await browser.looks())["qrCodeStatus"] == "NEW"
    await world.control.post("/scan", account="shop", code=browser.code["codeContent"])
    assert (await browser.looks())["qrCodeStatus"] == "SCANED"
    await world.control.post("/confirm_login")
    told = await browser.looks()
    exchange = {**EXCHANGE, "token": told["token"]}
    await browser.http.post("/login_token/login.do", params=exchange, data={"deviceId": ""})
    account = world.market.accounts["shop"]
    assert browser.http.cookies["unb"] == account.unb
    assert browser.http.cookies["cookie2"] == account.cookie2 != old
    again = await browser.http.post("/login_token/login.do", params=exchange, data={"deviceId": ""})
    assert again.json()["content"]["success"] is False


async def test_the_second_factor_is_a_second_code_behind_two_pages(world, browser):
    await world.control.post("/scan")
    await world.control.post("/confirm_login", check=True)
    told = await browser.looks()
    page = await browser.http.get(told["iframeRedirectUrl"], follow_redirects=True)
    onwards = re.search(r'"(http[^"]*verify_modes[^"]*)"', page.text)[1].replace("&amp;", "&")
    face = await browser.http.get(onwards + "1", follow_redirects=True)
    assert "face.htm" in re.search(r'text: "([^"]*)"', face.text)[1]
    ticket = {"htoken": re.search("htoken=([0-9a-f]+)", onwards)[1]}
    check = "/iv/photoVerify/check.do"
    assert (await browser.http.get(check, params=ticket)).json()["content"] == {"code": 1}
    await world.control.post("/pass_check")
    done = (await browser.http.get(check, params=ticket)).json()["content"]
    assert done["code"] == 3
    await browser.http.get(done["url"])
    assert browser.http.cookies["cookie2"] == world.market.accounts["shop"].cookie2


async def test_whoever_lost_cookie_or_form_is_refused(world, browser):
    assert not await browser.asks(_csrf_token="x")
    assert await browser.asks()
    assert (await browser.looks(ck="x"))["titleMsg"]
    browser.http.cookies.clear()
    assert (await browser.looks())["titleMsg"]


async def test_a_code_expires_or_is_cancelled(world, browser):
    await world.control.fault("qr_expires", times=1)
    assert (await browser.looks())["qrCodeStatus"] == "EXPIRED"
    with pytest.raises(ControlRefused):
        await world.control.post("/scan")
    await browser.asks()
    await world.control.post("/scan")
    await world.control.post("/cancel_login")
    assert (await browser.looks())["qrCodeStatus"] == "CANCELED"
