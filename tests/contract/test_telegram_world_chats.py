"""Where a bot may write, what it may ask, presses and menus."""

import pytest

from bot.sandbox.telegram import Status
from bot.sandbox.telegram.people import NotPossible
from tests.contract.telegram_bot import counter


async def says(place, chat):
    said = await place.bot.refuses("sendMessage", chat_id=chat, text="在吗")
    return said.code, said.words.split(": ", 1)[1]


async def test_a_bot_cannot_write_first():
    async with counter() as place:
        stranger = place.world.people.user("路人").id
        assert await says(place, stranger) == (400, "chat not found")
        assert await says(place, place.owner) == (403, "bot can't initiate conversation with a user")
        place.world.people.start(place.owner, "abc")
        assert await place.bot.hears() == ["/start abc"]
        sent = await place.bot("sendMessage", chat_id=place.owner, text="你好", protect_content=True)
        assert sent["chat"] == {"id": place.owner, "type": "private", "first_name": "老板", "username": "boss"}
        place.world.people.block(place.owner)
        assert await says(place, place.owner) == (403, "bot was blocked by the user")
        (update,) = await place.bot.updates()
        assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        place.world.people.start(place.owner)
        await place.bot("sendMessage", chat_id=place.owner, text="又好了")


async def test_a_bot_that_was_sent_away_is_told_so():
    async with counter() as place:
        assert await says(place, -1) == (400, "chat not found")
        assert await says(place, "@nobody") == (400, "chat not found")
        place.world.groups.set_bot(place.group, Status.kicked)
        assert await says(place, place.group) == (403, "bot was kicked from the supergroup chat")
        place.world.groups.set_bot(place.group, Status.restricted)
        assert await says(place, place.group) == (400, "not enough rights to send text messages to the chat")
        place.world.groups.set_bot(place.group, Status.member)
        await place.bot("leaveChat", chat_id=place.group)
        assert await says(place, place.group) == (403, "bot is not a member of the supergroup chat")


async def test_a_moved_group_says_where_to():
    async with counter() as place:
        small = place.world.groups.create("小群", place.owner, basic=True)
        await place.bot.updates()
        moved = place.world.groups.migrate(small.id)
        said = await place.bot.refuses("sendMessage", chat_id=small.id, text="x")
        assert (said.code, said.parameters) == (400, {"migrate_to_chat_id": moved.id})
        old, new = [one["message"] for one in await place.bot.updates()]
        assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (small.id, moved.id)
        assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (moved.id, small.id)
        await place.bot("sendMessage", chat_id=moved.id, text="搬好了")


async def test_topics_are_where_they_are():
    async with counter() as place:
        assert await topic_words(place, 99) == "message thread not found"
        topic = await place.bot("createForumTopic", chat_id=place.group, name="订单")
        sent = await place.says(message_thread_id=topic["message_thread_id"])
        assert sent["is_topic_message"]
        place.world.groups.close_topic(place.group, topic["message_thread_id"])
        place.world.groups.set_bot(place.group, Status.member)
        assert await topic_words(place, topic["message_thread_id"]) == "TOPIC_CLOSED"
        place.world.groups.delete_topic(place.group, topic["message_thread_id"])
        assert await topic_words(place, topic["message_thread_id"]) == "message thread not found"
    async with counter(forum=False) as place:
        said = await place.bot.refuses("createForumTopic", chat_id=place.group, name="x")
        assert said.words == "Bad Request: the chat is not a forum"


async def topic_words(place, topic):
    said = await place.bot.refuses("sendMessage", chat_id=place.group, text="x", message_thread_id=topic)
    return said.words.removeprefix("Bad Request: ")


async def test_only_an_admin_pins_and_deletes_what_others_said():
    async with counter(status=Status.member) as place:
        theirs = place.world.people.type(place.owner, place.group, "我的话")
        at = {"chat_id": place.group, "message_id": theirs.id}
        assert "not enough rights" in (await place.bot.refuses("pinChatMessage", **at)).words
        assert "can't be deleted" in (await place.bot.refuses("deleteMessage", **at)).words
        place.world.groups.set_bot(place.group, Status.administrator)
        await place.bot("pinChatMessage", **at)
        assert (await place.bot("getChat", chat_id=place.group))["pinned_message"]["text"] == "我的话"
        await place.bot("unpinChatMessage", chat_id=place.group)
        assert "to unpin not found" in (await place.bot.refuses("unpinChatMessage", chat_id=place.group)).words
        await place.bot("deleteMessage", **at)
        assert place.world.screen.messages(place.group)[-1].id != theirs.id


async def test_members_are_asked_for_by_id():
    async with counter() as place:
        ask = {"chat_id": place.group}
        clerk = await place.bot("getChatMember", **ask, user_id=place.clerk)
        assert (clerk["status"], clerk["user"]["first_name"]) == ("member", "小二")
        admins = await place.bot("getChatAdministrators", **ask)
        assert [one["status"] for one in admins] == ["creator", "administrator"]
        assert await place.bot("getChatMemberCount", **ask) == 3
        assert (await place.bot.refuses("getChatMember", **ask, user_id=1)).words == "Bad Request: user not found"


async def pressed(place, data="v1|ok"):
    sent = await place.says(reply_markup=place.buttons([{"text": "批准", "callback_data": data}]))
    press = place.world.people.press(place.clerk, place.group, sent["message_id"], "批准")
    (update,) = await place.bot.updates()
    return press, update["callback_query"]


async def test_a_press_is_answered_once():
    async with counter() as place:
        press, query = await pressed(place)
        assert (query["data"], query["from"]["id"]) == ("v1|ok", place.clerk)
        answer = {"callback_query_id": query["id"], "text": "已批准"}
        assert "TOO_LONG" in (await place.bot.refuses("answerCallbackQuery", **answer | {"text": "长" * 201})).words
        assert await place.bot("answerCallbackQuery", **answer)
        assert await place.world.screen.answer(press) == {"text": "已批准", "show_alert": False}
        assert "query ID is invalid" in (await place.bot.refuses("answerCallbackQuery", **answer)).words


async def test_a_press_is_answered_in_time_or_never():
    async with counter() as place:
        place.world.presses.lifetime_s = 0
        _, query = await pressed(place)
        said = await place.bot.refuses("answerCallbackQuery", callback_query_id=query["id"])
        assert said.words.startswith("Bad Request: query is too old")


async def test_people_press_only_what_is_there():
    async with counter() as place:
        sent = await place.says(reply_markup=place.buttons([{"text": "批准", "callback_data": "1"}]))
        stranger = place.world.people.user("路人").id
        with pytest.raises(NotPossible, match="no button says"):
            place.world.people.press(place.owner, place.group, sent["message_id"], "拒绝")
        with pytest.raises(NotPossible, match="not in the group"):
            place.world.people.press(stranger, place.group, sent["message_id"], "批准")
        with pytest.raises(NotPossible, match="not in the group"):
            place.world.people.type(stranger, place.group, "让我说")
        with pytest.raises(NotPossible, match="only an admin"):
            place.world.people.type(place.clerk, place.group, "匿名", anonymous=True)


async def test_a_menu_is_the_narrowest_in_the_own_language():
    async with counter() as place:
        people, screen = place.world.people, place.world.screen
        people.start(place.clerk)

        async def offers(name, **more):
            await place.bot("setMyCommands", commands=[{"command": name, "description": "说明"}], **more)

        await offers("help")
        await offers("bangzhu", language_code="zh")
        await offers("orders", scope={"type": "all_chat_administrators"})
        await offers("private", scope={"type": "all_private_chats"})
        shown = [screen.menu(user, place.group)[0]["command"] for user in (place.owner, place.clerk)]
        assert shown == ["orders", "help"]
        assert screen.menu(place.clerk, place.clerk)[0]["command"] == "private"
        await place.bot("deleteMyCommands", scope={"type": "all_chat_administrators"})
        assert screen.menu(place.owner, place.group)[0]["command"] == "bangzhu"
        assert await place.bot("getMyCommands", language_code="zh") == [{"command": "bangzhu", "description": "说明"}]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "发货", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "Ship", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "ship", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "ship", "description": "长" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_menu_of_wrong_commands_is_refused(command, words):
    async with counter() as place:
        assert (await place.bot.refuses("setMyCommands", commands=[command])).words == f"Bad Request: {words}"
        many = [{"command": f"c{n}", "description": "x"} for n in range(101)]
        assert "TOO_MUCH" in (await place.bot.refuses("setMyCommands", commands=many)).words
        wrong = {"type": "chat", "chat_id": -1}
        assert "chat not found" in (await place.bot.refuses("setMyCommands", commands=[], scope=wrong)).words
