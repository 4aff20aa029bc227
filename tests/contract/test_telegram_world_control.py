"""The pretend Telegram from another process: everything over HTTP; and its record outlives it."""

import asyncio

import httpx2
import pytest

from bot.sandbox.telegram import ControlClient, ControlRefused, TelegramWorld
from tests.contract.telegram_bot import Bot, counter


@pytest.fixture
async def place():
    async with counter() as place:
        place.control = ControlClient(place.world.api_url)
        yield place
        await place.control.close()


async def test_people_type_press_upload_and_see_over_http(place):
    control, bot = place.control, place.bot
    owner = await control.user("二老板", language="en")
    group = await control.group("二店", owner, members=[place.clerk], forum=True)
    await bot.updates()
    typed = await control.type(owner, group, "/orders", topic=None)
    await control.upload(owner, group, "k.txt", b"K1", caption="导入")
    await bot(
        "sendMessage", chat_id=group, text="单子", reply_markup=place.buttons([{"text": "好", "callback_data": "1"}])
    )
    shown = await control.see(group, "单子")
    await control.press(owner, group, shown["message_id"], "好")
    updates = await bot.updates()
    assert [next(k for k in one if k != "update_id") for one in updates] == ["message", "message", "callback_query"]
    assert (typed["text"], updates[1]["message"]["document"]["file_size"]) == ("/orders", 2)
    state = await control.get("state")
    assert {owner, place.owner} <= {one["id"] for one in state["users"]}
    assert state["token"] == place.world.token


async def test_what_is_not_possible_says_why(place):
    stranger = await place.control.user("路人")
    with pytest.raises(ControlRefused, match="not in the group"):
        await place.control.type(stranger, place.group, "x")
    with pytest.raises(ControlRefused, match="text"):
        await place.control.post("people/type", user=stranger, chat=place.group)
    with pytest.raises(ControlRefused, match="unknown dial"):
        await place.control.post("faults", name="gravity", times=1)


async def test_changes_are_waited_for(place):
    before = (await place.control.get("changes"))["version"]
    waiting = asyncio.create_task(place.control.get("changes", after=before, wait_s=20))
    await asyncio.sleep(0)
    await place.says("新的")
    news = await asyncio.wait_for(waiting, 5)
    assert [one["text"] for one in news["messages"]] == ["新的"]
    assert (await place.control.get("changes", after=news["version"] + 1000, wait_s=20))["version"] == news["version"]
    with pytest.raises(TimeoutError):
        await place.control.see(place.group, "从来没有", wait_s=0.05)


async def test_fate_is_turned_over_http(place):
    await place.control.post("faults", name="server_error", times=1)
    assert (await place.bot.refuses("getMe")).code == 502
    await place.control.post("pacing", on=False)
    for n in range(25):
        await place.says(f"{n}")
    await place.control.post("inject", update={"purple": {"x": 1}})
    assert (await place.bot.updates())[-1]["purple"] == {"x": 1}
    assert len((await place.control.get("record"))["entries"]) >= 25


async def test_files_are_handed_out_as_downloads_only(place):
    await place.bot("sendDocument", files={"document": ("x.html", b"<script>1</script>")}, chat_id=str(place.group))
    (shown,) = place.world.screen.from_bot(place.group)
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{place.world.api_url}/control/file/{shown.document.file_id}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "attachment" in answer.headers["content-disposition"]
        assert (await http.get(f"{place.world.api_url}/control/file/none")).status_code == 404


async def test_the_record_outlives_the_world(tmp_path):
    record = tmp_path / "telegram.jsonl"
    for words in ("第一天", "第二天"):
        async with TelegramWorld.open(record=record) as world:
            owner = world.people.user("老板").id
            world.people.start(owner)
            bot = Bot(world.api_url, world.token)
            await bot("sendMessage", chat_id=owner, text=words)
            await bot.http.aclose()
    async with TelegramWorld.open(record=record) as world:
        assert [one["text"] for one in world.record.list("sent")] == ["第一天", "第二天"]


async def test_a_world_closes_while_a_bot_polls():
    async with counter() as place:
        poll = asyncio.create_task(place.bot.updates(timeout=50))
        await place.polled(2)
    assert await asyncio.wait_for(asyncio.gather(poll, return_exceptions=True), 5)
