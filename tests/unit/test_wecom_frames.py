"""Frames become values, mentions fall away, and every card fits WeCom's limits; pure, without a socket."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.auth import Attachment
from bot.cards.card import Button, Card, FieldLine, Style
from bot.commands.table import TABLE
from bot.fronts.wecom.budget import Budget, Kind
from bot.fronts.wecom.paint import (
    brief,
    closed,
    markdown,
    message_of_task,
    new_task_id,
    notice_card,
    paint,
    short_verb,
    things_named,
)
from bot.fronts.wecom.shapes import Ack, Clicked, Entered, Kicked, Said, Strange, read_frame
from bot.fronts.wecom.updates import read_said, strip_mention
from bot.sandbox.wecom.limits import check_card, check_markdown
from bot.texts import LOCALES, load
from core.values.ids import ActionId
from core.values.notices import Urgency
from core.values.people import ChatKind
from tests import stockroom

SAMPLES = Path(__file__).parents[1] / "contract/wecom_samples/aibot_ws_frames.json"
FRAMES = json.loads(SAMPLES.read_text("utf-8"))["frames"]
NO_USE = {"s_evt_feedback", "s_msg_single_video"}


@pytest.mark.parametrize("sample", [f for f in FRAMES if f["direction"] == "S>C"], ids=lambda f: f["id"])
def test_every_server_frame_of_the_samples_is_an_event_or_an_ack(sample):
    found = read_frame(json.dumps(sample["frame"]))
    wanted = {
        "s_ack": Ack,
        "s_msg": Said,
        "s_evt_card": Clicked,
        "s_evt_enter": Entered,
        "s_evt_disconnected": Kicked,
    }
    kind = next((value for key, value in wanted.items() if sample["id"].startswith(key)), Strange)
    assert isinstance(found, Strange if sample["id"] in NO_USE else kind)


def sample(name):
    return json.dumps(next(f["frame"] for f in FRAMES if f["id"] == name))


def test_facts_of_a_frame_are_read():
    said = read_frame(sample("s_msg_group_text_quote"))
    assert (said.text, said.quote) == ("@店铺助手 驳回", "高风险发货待审批 20251120-0007")
    single = read_frame(sample("s_msg_single_text"))
    assert (single.place.chat_id, single.place.user_id) == ("ZhangSan", "ZhangSan")
    mixed = read_frame(sample("s_msg_group_mixed"))
    assert (mixed.text, mixed.links[0].kind) == ("@店铺助手 看图", "image")
    click = read_frame(sample("s_evt_card_button_with_selection"))
    assert (click.key, click.task_id) == ("reject", "ship-20251120-0007@1")


@pytest.mark.parametrize("form", ["nested", "flat", "camel", "message"])
def test_a_click_is_read_in_every_shape_it_comes_in(form):
    frame = json.loads(sample("s_evt_card_button"))
    event = frame["body"]["event"]
    facts = event.pop("template_card_event")
    if form in ("flat", "message"):
        event.update(facts)
    elif form == "camel":
        event["template_card_event"] = {"EventKey": facts["event_key"], "TaskId": facts["task_id"]}
    else:
        event["template_card_event"] = facts
    frame["cmd"] = "aibot_msg_callback" if form == "message" else frame["cmd"]
    click = read_frame(json.dumps(frame))
    assert (click.key, click.task_id) == ("approve", "ship-20251120-0007@1")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["cmd", "headers", "body", "req_id", "errcode", "msgtype", "event", "from", "userid", "mixed", "msg_item", "text"]
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(JSON.map(json.dumps) | st.text(max_size=30) | st.binary(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_frame_is_an_event_or_strange(raw):
    read_frame(raw)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@店铺助手 /ship 42", "/ship 42"),
        ("@店铺助手 发货 42", "发货 42"),
        ("@店铺助手 发货42", "发货42"),
        ("@My Shop Bot /orders today", "/orders today"),
        ("@我的 小店 助手 ／ship 42", "／ship 42"),
        ("@店铺助手\u2005待办", "待办"),
        ("@店铺助手 亲，马上给您发", "亲，马上给您发"),
        ("@店铺助手 // 只是备注", "// 只是备注"),
        ("@店铺助手 看 http://x/y", "看 http://x/y"),
        ("发货 42 @店铺助手", "发货 42"),
        ("@店铺助手", ""),
        ("/pending", "/pending"),
    ],
)
def test_a_mention_falls_away_whatever_the_robot_is_called(text, words):
    assert strip_mention(text, TABLE) == words


def test_a_quoted_card_names_its_thing():
    frame = json.loads(sample("s_msg_group_text_quote"))
    frame["body"]["quote"]["text"]["content"] = "🙋 买家要人工 · c7 · 小**鱼"
    request = read_said(read_frame(json.dumps(frame)), TABLE, stockroom.NOW)
    assert (request.chat_kind, request.reply_to, request.words) == (ChatKind.group, "chat:7", "驳回")
    assert (request.who, request.chat) == ("wecom:ZhangSan", "wecom:wrkSFfCgAAxxxxxxxxGROUP")
    assert list(things_named("🟠 待审批 · #42 · 剩 14 分钟")) == ["order:42"]
    assert list(things_named("abc7 x#y")) == []


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)
CARDS = st.builds(
    lambda title, fields, note, verbs, version: Card(
        ref="order:42",
        version=version,
        urgency=Urgency.normal,
        title=title,
        fields=tuple(FieldLine(label[:16], value) for label, value in fields),
        note=note,
        buttons=tuple(Button(verb, Style.good, ActionId(f"a{n}")) for n, verb in enumerate(verbs)),
    ),
    st.text("字a·# ", min_size=1, max_size=80),
    st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=6),
    TEXT,
    st.lists(st.text("词b ✅", min_size=1, max_size=20), max_size=6),
    st.integers(0, 10**6),
)


@given(CARDS)
@settings(max_examples=200, deadline=None)
def test_every_card_fits_wecoms_limits(card):
    page = paint(card, new_task_id(card))
    check_markdown({"markdown": {"content": page.markdown}})
    assert (page.card is None) is not card.buttons
    if page.card is not None:
        check_card(page.card)
    check_card(closed(card, new_task_id(card)))
    check_card(notice_card(card.title, new_task_id(card)))


def test_the_negative_control_of_the_limits():
    card = Card(ref="a:1", version=1, urgency=Urgency.normal, title="长" * 27, buttons=(Button("好", Style.good, "1"),))
    painted = paint(card, new_task_id(card)).card
    with pytest.raises(Exception, match="title"):
        check_card({**painted, "main_title": {"title": card.title}})


def card_of(**facts):
    whole = {"ref": "order:42", "version": 3, "urgency": Urgency.normal, "title": "🟠 待审批 · #42 · 剩 14 分钟"}
    return Card.model_validate({**whole, "buttons": (Button("批准", Style.good, ActionId("a1")),), **facts})


@pytest.mark.parametrize("locale", LOCALES)
def test_no_button_of_the_shops_is_cut(locale):
    """But for what other people named: WeCom shows ten characters."""
    texts = load(locale)
    facts = {"n": 12, "scope": "p12", "word": "on", "text": "6", "minutes": 30, "hours": 2, "name": "张三", "id": "12"}
    words = {key: short_verb(texts(key, **facts)) for key in texts if key.startswith("button.")}
    cut = {key: word for key, word in words.items() if word.endswith("…")}
    assert set(cut) <= {"button.ship_by"}, cut
    assert not [word for word in words.values() if not word.strip()]
    assert short_verb("Approvals 🔕") == "Approvals🔕"
    assert short_verb("🧑 Take over") == "Take over"
    assert short_verb("⏸ 1 hour") == "⏸ 1 hour"


@pytest.mark.parametrize(
    ("title", "head", "rest"),
    [
        ("🗂 1 waiting for you, oldest first", "🗂 1 waiting for you,", "oldest first"),
        ("🚚 Ship #2? Have a look first", "🚚 Ship #2? Have a look", "first"),
        ("🟠 待审批 · #42 · 剩 14 分钟，请尽快处理这个订单", "🟠 待审批 · #42", "剩 14 分钟，请尽快处理这个订单"),
        ("长" * 30, "长" * 26, "长" * 4),
        ("x" * 30, "x" * 26, "x" * 4),
    ],
)
def test_a_title_is_broken_between_its_parts_or_its_words(title, head, rest):
    assert paint(card_of(title=title), "t").card["main_title"] == {"title": head, "desc": rest}


def test_what_does_not_fit_below_a_title_is_left_out_line_by_line():
    page = paint(card_of(note="\n".join(["first " * 8, "second " * 8, "third " * 8])), "t")
    assert not page.fits
    assert page.card["sub_title_text"].splitlines() == ["first " * 8, "second " * 8]
    assert "third" in page.markdown


def test_a_small_card_is_one_message_and_a_large_one_keeps_every_word():
    small = card_of(fields=(FieldLine("金额", "¥ 291.00"),), note="若无人处理自动拦截")
    assert paint(small, "t").fits
    assert paint(small, "t").card["horizontal_content_list"] == [{"keyname": "金额", "value": "¥ 291.00"}]
    large = card_of(note="长" * 500)
    assert not paint(large, "t").fits
    assert "长" * 500 in paint(large, "t").markdown
    assert not paint(card_of(file=Attachment(name="a", content=b"12345")), "t").fits


def test_a_field_too_long_for_a_line_stands_below_the_title():
    painted = paint(card_of(fields=(FieldLine("Shipping", "as text · 10:00"), FieldLine("商品", "键" * 40))), "t")
    assert painted.fits
    assert painted.card["sub_title_text"] == f"Shipping as text · 10:00\n商品 {'键' * 40}"


def test_what_a_buyer_wrote_is_no_markup():
    shown = markdown(
        card_of(note="**免费** [点我](http://x) <font color=red>\n> 引用\n- 一\n1. 二 `x` # 头\n_斜_ a_b #42")
    )
    assert "＊＊免费＊＊ ［点我］(http://x) ＜font color=red>\n" in shown
    assert "\n\u2060> 引用\n\u2060- 一\n\u20601. 二 ｀x｀ # 头\n＿斜＿ a_b #42" in shown


def test_a_task_id_is_new_each_time_and_names_its_thing():
    one, two = new_task_id(card_of()), new_task_id(card_of())
    assert one != two
    assert message_of_task(one) == message_of_task(two) == "order:42"
    assert message_of_task("ship-20251120-0007@1") == ""
    assert message_of_task(new_task_id(card_of(ref="Ärger bot:x"))) == "rgerbot:0"


def test_a_text_is_cut_between_characters():
    assert brief("长" * 10, 16) == "长长长长…"
    assert brief("长" * 5, 15) == "长" * 5


def test_answers_keep_a_share_of_the_minute_and_of_the_hour():
    budget = Budget()
    for n in range(25):
        assert budget.wait_s("g", Kind.notice, float(n)) == 0
        budget.spend("g", float(n))
    assert budget.wait_s("g", Kind.notice, 25.0) == 35.0
    assert budget.wait_s("g", Kind.answer, 25.0) == 0
    assert budget.wait_s("g", Kind.answer, 25.0, count=6) == 35.0
    assert budget.wait_s("other", Kind.line, 25.0) == 0
    assert budget.wait_s("g", Kind.notice, 60.0) == 0
    budget.hold("g", 100.0)
    assert budget.wait_s("g", Kind.answer, 70.0) == 30.0


def test_a_thousand_an_hour_are_never_passed():
    budget, now = Budget(), 0.0
    for _ in range(1100):
        now += budget.wait_s("g", Kind.answer, now)
        budget.spend("g", now)
    assert now >= 3600


def test_chats_nobody_spoke_in_for_an_hour_are_forgotten():
    budget = Budget()
    for n in range(1001):
        budget.spend(f"g{n}", 0.0)
    budget.spend("late", 4000.0)
    assert len(budget._said) == 1
