"""What Telegram's updates mean to the shop."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.fronts.telegram.updates import Asked, Came, Forged, Left, Me, Moment, Moved, Renamed, read_update
from core.values.people import ChatKind

ME = Me(7, "shop_bot")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = Moment(NOW, 1_000_000.0)
GROUP = {"id": -1001, "type": "supergroup", "title": "小店"}
BOSS = {"id": 5, "is_bot": False, "first_name": "老", "last_name": "板", "language_code": "zh-hans"}
BOT = {"id": 7, "is_bot": True, "first_name": "掌柜"}


def message(**more):
    return {"message_id": 11, "date": 999_990, "chat": GROUP, "from": BOSS, **more}


def read(kind="message", number=3, **body):
    return read_update({"update_id": number, kind: body}, ME, MOMENT)


def wrote(**more):
    found = read(**message(**more))
    assert isinstance(found, Asked)
    return found.request


def test_words_become_a_request_with_stable_ids():
    asked = wrote(text="待办")
    assert (asked.who, asked.chat, asked.update_id) == ("telegram:5", "telegram:-1001", "telegram:7:3")
    assert (asked.words, asked.name, asked.locale, asked.chat_kind) == ("待办", "老 板", "zh-hans", ChatKind.group)
    assert asked.message == "11"
    assert asked.sent_at == NOW - timedelta(seconds=10)


def test_a_reply_names_a_button_of_the_card_it_answers():
    keys = [[{"text": "网页", "url": "https://x"}], [{"text": "接管", "callback_data": "v1|abcDEF1234"}]]
    card = message(**{"from": BOT}, reply_markup={"inline_keyboard": keys})
    asked = wrote(text="在的", reply_to_message=card)
    assert (asked.reply_to, asked.reply_button) == ("11", "abcDEF1234")
    theirs = message(reply_markup={"inline_keyboard": keys})
    assert wrote(text="在的", reply_to_message=theirs).reply_button is None, "a person's message has no button of ours"


@pytest.mark.parametrize("data", [None, "", "v1|", "v9|abcDEF1234", "x" * 64])
def test_a_button_that_is_not_ours_tells_nothing(data):
    card = message(**{"from": BOT}, reply_markup={"inline_keyboard": [[{"text": "?", "callback_data": data}]]})
    assert wrote(text="在的", reply_to_message=card).reply_button is None


def test_a_private_chat_has_the_id_of_its_person():
    asked = wrote(text="/start", chat={"id": 5, "type": "private"})
    assert asked.chat == asked.who
    assert asked.chat_kind is ChatKind.private


def test_a_fast_shop_clock_makes_a_message_as_old_in_shop_time():
    found = read_update({"update_id": 1, "message": message(text="待办")}, ME, Moment(NOW, 1_000_000.0, 120.0))
    assert isinstance(found, Asked)
    assert found.request.sent_at == NOW - timedelta(seconds=1200)


def test_a_date_in_the_future_is_now():
    assert wrote(text="待办", date=2_000_000).sent_at == NOW


def test_a_command_for_another_bot_is_not_ours():
    assert read(**message(text="/stock@other_bot 3")) is None
    assert wrote(text="/stock@Shop_Bot 3").words == "/stock@Shop_Bot 3"


def test_a_caption_with_a_file_is_words_with_a_file():
    found = read(**message(caption="导入卡密 3", document={"file_id": "F", "file_name": "k.txt", "file_size": 9}))
    assert isinstance(found, Asked)
    assert found.request.words == "导入卡密 3"
    assert found.file is not None
    assert found.file.file_name == "k.txt"


def test_the_largest_size_of_a_photo_is_taken():
    found = read(**message(caption="x", photo=[{"file_id": "s"}, {"file_id": "l"}]))
    assert isinstance(found, Asked)
    assert found.file is not None
    assert found.file.file_id == "l"


def test_a_reply_to_the_bot_names_the_message_and_a_reply_to_a_person_names_them():
    ours = wrote(text="在的", reply_to_message={"message_id": 9, "chat": GROUP, "from": BOT})
    assert (ours.reply_to, ours.reply_who) == ("9", None)
    theirs = wrote(text="授权", reply_to_message=message(message_id=8, **{"from": {**BOSS, "id": 6}}))
    assert (theirs.reply_to, theirs.reply_who, theirs.reply_name) == (None, "telegram:6", "老 板")


def test_a_reply_to_a_picture_of_ours_names_it_as_a_picture():
    shown = {"message_id": 9, "chat": GROUP, "from": BOT, "photo": [{"file_id": "s"}]}
    assert wrote(text="x", reply_to_message=shown).reply_to == "p9"


def test_the_opening_of_a_topic_is_no_message_replied_to():
    opened = {"message_id": 4, "chat": GROUP, "from": BOSS, "forum_topic_created": {"name": "订单"}}
    asked = wrote(text="待办", is_topic_message=True, message_thread_id=4, reply_to_message=opened)
    assert (asked.topic, asked.reply_who) == ("4", None)
    assert wrote(text="待办", message_thread_id=4).topic is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"forward_origin": {"type": "user"}}, "forwarded"),
        ({"via_bot": BOT}, "forwarded"),
        ({"sender_chat": GROUP}, "anonymous"),
        ({"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP}, "anonymous"),
    ],
)
def test_words_that_are_nobodys_own_say_so(more, field):
    assert getattr(wrote(text="待办", **more), field) is True
    assert getattr(wrote(text="待办"), field) is False


def test_an_edited_message_says_so():
    found = read("edited_message", **message(text="发货 42", edit_date=999_999))
    assert isinstance(found, Asked)
    assert found.request.edited


def test_another_bot_and_a_channel_are_not_heard():
    assert read(**message(text="待办", **{"from": {"id": 8, "is_bot": True}})) is None
    assert read(**message(text="待办", chat={"id": -5, "type": "channel"})) is None
    assert read("channel_post", **message(text="待办")) is None
    assert read(**message(sticker={})) is None


def press(data="v1|abcDEF12_-", **more):
    return read(
        "callback_query", **{"id": "q1", "from": BOSS, "message": message(**{"from": BOT}), "data": data, **more}
    )


def test_a_press_names_its_action_and_its_card():
    found = press()
    assert isinstance(found, Asked)
    assert (found.query, found.request.button, found.request.reply_to) == ("q1", "abcDEF12_-", "11")
    assert found.request.message is None


@pytest.mark.parametrize(
    "data", ["", "v1|", "v2|abc", "approve 42", "v1|a b", "v1|abc\n", "v1|'; DROP", "v1|" + "a" * 61]
)
def test_forged_data_is_nobodys_button(data):
    assert press(data) == Forged("q1")


def test_a_press_without_a_message_or_data_is_forged():
    assert press(message=None) == Forged("q1")
    assert press(None) == Forged("q1")


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_being_thrown_out_is_seen(status):
    assert membership(status) == Left("telegram:-1001")


@pytest.mark.parametrize("status", ["member", "administrator", "restricted"])
def test_being_let_in_is_seen(status):
    assert membership(status) == Came("telegram:-1001")


def membership(status):
    state = {"status": status, "user": BOT}
    return read("my_chat_member", chat=GROUP, date=1, old_chat_member=state, new_chat_member=state, **{"from": BOSS})


def test_a_group_that_moves_or_is_renamed_is_seen():
    assert read(**message(migrate_to_chat_id=-1002)) == Moved("telegram:-1001", "telegram:-1002")
    assert read(**message(new_chat_title="<b>新店</b>")) == Renamed("telegram:-1001", "<b>新店</b>")


def test_a_name_keeps_no_signs_that_cannot_be_seen():
    hostile = {**BOSS, "first_name": "\u202eevil\u200b\x00" + "x" * 100, "last_name": ""}
    assert wrote(text="x", **{"from": hostile}).name == "evil" + "x" * 60


def test_an_update_of_an_unknown_kind_is_nothing_and_one_of_an_odd_shape_is_an_error_of_its_own():
    assert read_update({"update_id": 1, "brand_new_kind": {"a": 1}}, ME, MOMENT) is None
    with pytest.raises(ValidationError):
        read_update({"update_id": 1, "message": {"message_id": "many"}}, ME, MOMENT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["message_id", "date", "chat", "from", "text", "photo", "document", "caption"]), JSON
    )
)
def test_no_shape_breaks_the_reader_in_a_way_the_intake_does_not_foresee(body):
    for kind in ("message", "callback_query", "my_chat_member", "edited_message"):
        with suppress(ValidationError, ValueError, OverflowError):
            read_update({"update_id": 1, kind: body}, ME, MOMENT)
