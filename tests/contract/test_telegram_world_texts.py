"""Lengths, HTML, keyboards and edits: the pretend Telegram refuses what Telegram refuses."""

import pytest

from tests.contract.telegram_bot import counter

SPOILER = '<span class="tg-spoiler">x</span>'


async def refusal(method="sendMessage", **params):
    async with counter() as place:
        said = await place.bot.refuses(method, chat_id=place.group, **params)
        assert said.code == 400
        assert place.world.record.list("sent") == []
        return said.words.removeprefix("Bad Request: ")


@pytest.mark.parametrize("text", ["", "  \n ", "<b></b>"])
async def test_a_text_of_nothing_is_refused(text):
    assert await refusal(text=text, parse_mode="HTML") == "message text is empty"


async def test_a_text_may_have_4096_units_once_its_tags_are_gone():
    async with counter() as place:
        sent = await place.says("<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
        assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
        said = await place.bot.refuses("sendMessage", chat_id=place.group, text="😀" * 2048 + "x")
        assert said.words == "Bad Request: message is too long"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("价 <b>3", 'Can\'t find end tag corresponding to start tag "b"'),
        ("价 <font>3</font>", 'Unsupported start tag "font" at byte offset 4'),
        ("价格</b>", "Unexpected end tag at byte offset 6"),
        ("<b>a<i>b</b>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_does_not_parse_is_refused_with_the_byte(html, words):
    assert await refusal(text=html, parse_mode="HTML") == f"can't parse entities: {words}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<code>a&lt;b&amp;&#x4e2d;</code>", "😀a<b&中", [("code", 2, 5)]),
        ('<a href="https://e.com/?a=1&amp;b=2">去</a>', "去", [("text_link", 0, 1)]),
        ('<pre><code class="language-py">x=1</code></pre>', "x=1", [("pre", 0, 3)]),
        (SPOILER + "<tg-spoiler>y</tg-spoiler>", "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("&nbsp;&copy <u>  z </u>", "&nbsp;&copy   z", [("underline", 12, 3)]),
        ("\n <s>a</s>\u202eb\x07c", "ab c", [("strikethrough", 0, 1)]),
        ("看 /orders@x_bot", "看 /orders@x_bot", [("bot_command", 2, 13)]),
    ],
)
async def test_html_becomes_text_and_entities(html, text, entities):
    async with counter() as place:
        sent = await place.says(html, parse_mode="HTML")
        found = [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])]
        assert (sent["text"], found) == (text, entities)


async def test_without_a_parse_mode_tags_are_words_and_other_modes_are_refused():
    async with counter() as place:
        assert (await place.says("<b>价</b>"))["text"] == "<b>价</b>"
    assert await refusal(text="*a*", parse_mode="MarkdownV3") == "unsupported parse_mode"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "号" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": "", "callback_data": "1"}, "must be a non-empty String"),
        ({"text": "x", "callback_data": "1", "style": "purple"}, "invalid button style"),
        ({"text": "x", "copy_text": {"text": "c" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "javascript:alert(1)"}, "Wrong HTTP URL"),
        ({"text": "x", "url": "https://e.com", "callback_data": "1"}, "Text buttons are unallowed"),
    ],
)
async def test_a_wrong_button_is_refused(button, words):
    assert words in await refusal(text="x", reply_markup={"inline_keyboard": [[button]]})


@pytest.mark.parametrize("rows", [[9], [8] * 12 + [5]])
async def test_too_many_buttons_are_refused(rows):
    keyboard = [[{"text": "x", "callback_data": "1"}] * count for count in rows]
    assert await refusal(text="x", reply_markup={"inline_keyboard": keyboard}) == "REPLY_MARKUP_TOO_LONG"


async def test_a_hundred_good_buttons_of_every_style_are_kept():
    async with counter() as place:
        styles = ("danger", "success", "primary")
        rows = [[{"text": "x", "callback_data": "d" * 64, "style": styles[n % 3]}] * 8 for n in range(12)]
        rows.append([{"text": "复制", "copy_text": {"text": "c" * 256}}] * 4)
        sent = await place.says(reply_markup={"inline_keyboard": rows})
        assert sent["reply_markup"]["inline_keyboard"] == rows


async def test_the_same_again_is_no_edit_and_an_edit_without_keyboard_loses_it():
    async with counter() as place:
        keyboard = place.buttons([{"text": "好", "callback_data": "1"}])
        sent = await place.says("<b>一</b>", parse_mode="HTML", reply_markup=keyboard)
        same = {"chat_id": place.group, "message_id": sent["message_id"]}
        said = await place.bot.refuses(
            "editMessageText", **same, text=" <b>一</b> ", parse_mode="HTML", reply_markup=keyboard
        )
        assert said.words.startswith("Bad Request: message is not modified")
        edited = await place.bot("editMessageText", **same, text="一")
        assert ("reply_markup" in edited, edited["edit_date"] > 0) == (False, True)
        assert (await place.bot.refuses("editMessageReplyMarkup", **same)).words.startswith("Bad Request: message is n")
        await place.bot("editMessageReplyMarkup", **same, reply_markup=keyboard)
        (shown,) = place.world.screen.from_bot(place.group)
        assert (shown.labels, [one["labels"] for one in shown.history]) == (["好"], [["好"], []])


async def test_what_cannot_be_edited_says_why():
    async with counter() as place:
        sent = await place.says()
        theirs = place.world.people.type(place.owner, place.group, "我的话")

        async def words(method, message_id, **more):
            said = await place.bot.refuses(method, chat_id=place.group, message_id=message_id, **more)
            return said.words.removeprefix("Bad Request: ")

        assert await words("editMessageText", 9999, text="x") == "message to edit not found"
        assert await words("editMessageText", theirs.id, text="x") == "message can't be edited"
        assert await words("editMessageCaption", sent["message_id"], caption="x") == (
            "there is no caption in the message to edit"
        )
        assert await words("editMessageText", None, text="x") == "message identifier is not specified"
        assert await words("deleteMessage", 9999) == "message to delete not found"
        assert await place.bot("deleteMessage", chat_id=place.group, message_id=sent["message_id"])
        assert await words("editMessageText", sent["message_id"], text="x") == "message to edit not found"


async def test_a_reply_needs_its_message_unless_it_may_go_without():
    async with counter() as place:
        lost = {"message_id": 4711}
        said = await place.bot.refuses("sendMessage", chat_id=place.group, text="x", reply_parameters=lost)
        assert said.words == "Bad Request: message to be replied not found"
        sent = await place.says(reply_parameters={**lost, "allow_sending_without_reply": True})
        assert "reply_to_message" not in sent
        answer = await place.says(reply_to_message_id=sent["message_id"])
        assert answer["reply_to_message"]["message_id"] == sent["message_id"]


async def test_every_way_to_bring_parameters_means_the_same():
    async with counter() as place:
        markup = '{"inline_keyboard":[[{"text":"好","callback_data":"1"}]]}'
        params = {"chat_id": str(place.group), "text": "<b>好</b>", "parse_mode": "html", "reply_markup": markup}
        answers = [
            await place.bot.http.get("sendMessage", params=params),
            await place.bot.http.post("sendMessage", data=params),
            await place.bot.http.post("sendMessage", json={**params, "reply_markup": {"inline_keyboard": [[
                {"text": "好", "callback_data": "1"}]]}}),
            await place.bot.http.post("sendMessage", data=params, files={"unused": ("u.txt", b"u")}),
        ]  # fmt: skip
        bodies = [answer.json()["result"] for answer in answers]
        for body in bodies:
            del body["message_id"], body["date"]
        assert bodies == [bodies[0]] * 4
        broken = await place.bot.http.post("sendMessage", content=b"{", headers={"Content-Type": "application/json"})
        assert broken.status_code == 400


async def test_reactions_are_those_telegram_knows():
    async with counter() as place:
        theirs = place.world.people.type(place.owner, place.group, "回买家：马上")

        async def reacts(*emoji):
            wish = [{"type": "emoji", "emoji": one} for one in emoji]
            at = {"chat_id": place.group, "message_id": theirs.id}
            return await place.bot("setMessageReaction", **at, reaction=wish)

        assert await reacts("👍")
        assert list(theirs.reactions.values()) == ["👍"]
        for wrong in (["✅"], ["👍", "🔥"]):
            wish = [{"type": "emoji", "emoji": one} for one in wrong]
            said = await place.bot.refuses(
                "setMessageReaction", chat_id=place.group, message_id=theirs.id, reaction=wish
            )
            assert said.words.split()[-1].startswith("REACTION")
        assert await reacts()
        assert theirs.reactions == {}
