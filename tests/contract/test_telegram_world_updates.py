"""What the pretend Telegram tells a bot: polling, acknowledging, conflicts, privacy mode, memberships."""

import asyncio

import pytest

from bot.sandbox.telegram import Status
from tests.contract.telegram_bot import Bot, counter


async def test_a_message_comes_again_until_the_next_offset_acknowledges_it():
    async with counter() as place:
        place.world.people.type(place.owner, place.group, "/orders 今天")
        first = await place.bot("getUpdates", offset=place.bot.offset)
        again = await place.bot("getUpdates", offset=place.bot.offset)
        assert first == again
        message = first[0]["message"]
        assert message["text"] == "/orders 今天"
        assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]
        assert message["from"] == {
            "id": place.owner, "is_bot": False, "first_name": "老板", "username": "boss", "language_code": "zh",
        }  # fmt: skip
        assert message["chat"] == {"id": place.group, "type": "supergroup", "title": "店", "is_forum": True}
        assert await place.bot("getUpdates", offset=first[0]["update_id"] + 1) == []


async def test_a_long_poll_waits_for_the_next_message():
    async with counter() as place:
        poll = asyncio.create_task(place.bot.updates(timeout=10))
        await place.polled(2)
        place.world.people.type(place.clerk, place.group, "在")
        (update,) = await asyncio.wait_for(poll, 3)
        assert update["message"]["text"] == "在"


async def test_the_older_of_two_pollers_gets_409_and_the_newer_the_news():
    async with counter() as place:
        older = asyncio.create_task(place.bot.refuses("getUpdates", offset=place.bot.offset, timeout=10))
        await place.polled(2)
        newer = asyncio.create_task(place.bot("getUpdates", offset=place.bot.offset, timeout=10))
        said = await asyncio.wait_for(older, 3)
        assert (said.code, said.words.split(":")[0]) == (409, "Conflict")
        assert "terminated by other getUpdates request" in said.words
        place.world.people.type(place.owner, place.group, "谁听见")
        assert [one["message"]["text"] for one in await asyncio.wait_for(newer, 3)] == ["谁听见"]


async def test_a_webhook_forbids_polling_until_it_is_deleted():
    async with counter() as place:
        await place.bot("setWebhook", url="https://example.com/hook")
        said = await place.bot.refuses("getUpdates")
        assert (said.code, "webhook is active" in said.words) == (409, True)
        place.world.people.type(place.owner, place.group, "旧的")
        await place.bot("deleteWebhook", drop_pending_updates=True)
        assert await place.bot.updates() == []


async def test_only_kinds_that_were_asked_for_come_and_the_wish_lasts():
    async with counter() as place:
        message = await place.says()
        await place.bot.updates(allowed_updates=["message_reaction"])
        place.world.people.react(place.owner, place.group, message["message_id"], "👍")
        place.world.people.type(place.owner, place.group, "不想听")
        (update,) = await place.bot.updates()
        assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]
        await place.bot.updates(allowed_updates=[])
        place.world.people.react(place.owner, place.group, message["message_id"], "🔥")
        place.world.people.type(place.owner, place.group, "想听")
        assert [next(iter(set(one) - {"update_id"})) for one in await place.bot.updates()] == ["message"]


async def test_a_negative_offset_forgets_all_but_the_last():
    async with counter() as place:
        for words in ("一", "二", "三"):
            place.world.people.type(place.owner, place.group, words)
        assert [one["message"]["text"] for one in await place.bot("getUpdates", offset=-1)] == ["三"]
        assert len(await place.bot("getUpdates", offset=0)) == 1


@pytest.mark.parametrize("token", ["1:short", "nonsense"])
async def test_a_malformed_token_is_not_found(token):
    async with counter() as place:
        bot = Bot(place.world.api_url, token)
        assert (await bot.refuses("getMe")).code == 404
        await bot.http.aclose()


async def test_a_wrong_token_is_unauthorized_and_an_unknown_method_not_found():
    async with counter() as place:
        bot = Bot(place.world.api_url, "12345:" + "x" * 35)
        said = await bot.refuses("getMe")
        assert (said.code, said.words) == (401, "Unauthorized")
        await bot.http.aclose()
        assert (await place.bot.refuses("sendDinosaur")).code == 404
        assert (await place.bot("GETME"))["id"] == int(place.world.token.split(":")[0])


async def heard(place, *speak):
    """What the bot hears of some acts in the group."""
    for act in speak:
        act()
    return await place.bot.hears()


async def test_privacy_mode_lets_through_only_what_is_meant_for_the_bot():
    async with counter(status=Status.member) as place:
        people, name = place.world.people, place.world.bot_username

        def types(text, **more):
            return lambda: people.type(place.owner, place.group, text, **more)

        assert await heard(place, types("订单"), types("/orders"), types("/orders@other_bot")) == []
        assert await heard(place, types(f"/orders@{name.upper()} 今天")) == [f"/orders@{name.upper()} 今天"]
        message = await place.says()
        assert await heard(place, types("/orders"), types("订单")) == ["/orders"]
        assert await heard(place, types("好的", reply_to=message["message_id"])) == ["好的"]
        place.world.groups.other_bot_speaks(place.group, "我也在")
        assert await heard(place, types("/orders")) == []


@pytest.mark.parametrize("way", ["admin", "privacy off"])
async def test_an_admin_or_a_bot_without_privacy_mode_hears_everything(way):
    async with counter(status=Status.member) as place:
        if way == "admin":
            place.world.groups.set_bot(place.group, Status.administrator)
        else:
            place.world.groups.set_privacy(on=False)
            assert (await place.bot("getMe"))["can_read_all_group_messages"] is True
            assert await heard(place, lambda: place.world.people.type(place.owner, place.group, "还听不见")) == []
            place.world.groups.set_bot(place.group, Status.left)
            place.world.groups.set_bot(place.group, Status.member)
        assert await heard(place, lambda: place.world.people.type(place.owner, place.group, "订单")) == ["订单"]


async def test_the_bot_hears_what_becomes_of_it():
    async with counter(status=Status.member) as place:
        place.world.groups.set_bot(place.group, Status.administrator, by=place.clerk)
        place.world.groups.set_bot(place.group, Status.kicked)
        changes = [one["my_chat_member"] for one in await place.bot.updates() if "my_chat_member" in one]
        was = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes]
        assert was == [("member", "administrator"), ("administrator", "kicked")]
        assert changes[0]["from"]["id"] == place.clerk
        assert changes[0]["new_chat_member"]["user"]["id"] == (await place.bot("getMe"))["id"]


async def test_edits_forwards_replies_and_anonymous_admins_are_told_apart():
    async with counter() as place:
        people = place.world.people
        mine = await place.says("问一句")
        message = people.type(place.owner, place.group, "/ship 4", reply_to=mine["message_id"])
        people.edit(place.owner, place.group, message.id, "/ship 5")
        people.type(place.owner, place.group, "/ship 6", forwarded_from="骗子")
        people.type(place.owner, place.group, "/ship 7", anonymous=True)
        plain, edited, forwarded, anonymous = await place.bot.updates()
        assert plain["message"]["reply_to_message"]["text"] == "问一句"
        assert edited["edited_message"]["text"] == "/ship 5"
        assert edited["edited_message"]["edit_date"]
        assert forwarded["message"]["forward_origin"]["sender_user_name"] == "骗子"
        assert anonymous["message"]["from"]["id"] == 1087968824
        assert anonymous["message"]["sender_chat"]["id"] == place.group


async def test_a_topic_carries_its_thread():
    async with counter() as place:
        topic = place.world.groups.topic(place.group, "审批")
        place.world.people.type(place.owner, place.group, "在话题里", topic=topic.id)
        opened, message = [one["message"] for one in await place.bot.updates()]
        assert opened["forum_topic_created"]["name"] == "审批"
        assert (message["message_thread_id"], message["is_topic_message"]) == (topic.id, True)
        sent = await place.says("回话题", message_thread_id=topic.id)
        assert sent["message_thread_id"] == topic.id
        place.world.groups.delete_topic(place.group, topic.id)
        assert (await place.bot.refuses("sendMessage", chat_id=place.group, text="x", message_thread_id=topic.id)).words
