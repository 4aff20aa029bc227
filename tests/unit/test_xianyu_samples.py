"""Every captured shape comes out of the decoder as expected, in each form in which it can be handed in."""

import base64
import json

import msgpack
import pytest

from core.outside.xianyu.records import record_of
from core.tools.decode import decode_text
from tests.contract import xianyu_frames

BUYERS_WORDS = {"chat_text", "chat_image"}


def forms_of(sample):
    yield json.dumps(sample["payload"], ensure_ascii=False)
    if "wire" in sample:
        yield sample["wire"]
        yield sample["wire"].rstrip("=")
        yield "\n".join(sample["wire"][at : at + 76] for at in range(0, len(sample["wire"]), 76))


@pytest.mark.parametrize("name", [name for name in xianyu_frames.names() if name != "platform_notices"])
def test_a_captured_record_says_what_is_expected(name):
    sample = xianyu_frames.load(name)
    for form in forms_of(sample):
        (found,) = decode_text(form)
        wanted = dict(sample["expect"])
        if wanted.pop("must_not_reach_ai", False):
            assert found["event"] not in BUYERS_WORDS
        assert {key: found.get(key) for key in wanted} == wanted


def test_the_platforms_own_notices_are_never_a_buyers_words():
    sample = xianyu_frames.load("platform_notices")
    found = list(decode_text(json.dumps(sample["payload"])))
    assert [event["event"] for event in found] == ["system_tip"] * 3


def test_a_record_packed_with_number_keys_reads_like_the_same_record_in_json():
    payload = xianyu_frames.load("card_paid_parcel")["payload"]
    packed = base64.b64encode(msgpack.packb(with_number_keys(payload)))
    assert record_of(packed).event == record_of(json.dumps(payload).encode()).event


def with_number_keys(value):
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: with_number_keys(item) for key, item in value.items()}
    return [with_number_keys(item) for item in value] if isinstance(value, list) else value


def test_every_record_of_a_frame_is_read_not_only_the_first():
    frame = xianyu_frames.load("push_frame")["payload"]
    data = frame["body"]["syncPushPackage"]["data"]
    data.append({"bizType": 40, "data": xianyu_frames.load("card_pending_payment")["wire"]})
    data.append({"bizType": 370, "data": xianyu_frames.load("chat_item_map")["wire"]})
    data.append({"bizType": 40, "data": "!!"})
    found = [event["event"] for event in decode_text(json.dumps(frame))]
    assert found == ["chat_text", "order", "chat_item_map", "unknown"]


def test_a_trimmed_history_still_tells_chat_text_and_time():
    (found,) = decode_text(json.dumps(xianyu_frames.load("history_trimmed")["payload"]))
    assert found["event"] == "history"
    assert found["text"].startswith("租赁套装")
    assert found["ts_ms"] == 1767431099453
    assert found["chat_id"] and found["pnm_id"].endswith(".PNM")


def test_several_records_one_a_line_give_several_events():
    text = "\n".join(xianyu_frames.load(name)["wire"] for name in ("chat_text", "summary_pending_payment"))
    assert [event["event"] for event in decode_text(text)] == ["chat_text", "order_hint"]


def test_a_heartbeat_is_noise_and_an_unheard_of_frame_is_unknown():
    lines = '{"lwp":"/!","headers":{"mid":"1 0"}}\n{"code":200,"headers":{"mid":"1 0"}}\n{"lwp":"/s/af","headers":{}}'
    assert [event["event"] for event in decode_text(lines)] == ["noise", "noise", "unknown"]


def test_only_known_facts_are_printed():
    (found,) = decode_text(json.dumps(xianyu_frames.load("summary_closed")["payload"]))
    assert set(found) == {"event", "platform_status", "chat_id", "text", "ts_ms"}
