"""The names a record is known by: the same message has the same name wherever it is seen, different ones differ."""

import json

from core.outside.xianyu.history import push_record
from core.outside.xianyu.records import as_raw, raw_of_entry, record_of, records_of_entries, records_of_history
from core.values.market import EventKind
from tests.contract import xianyu_frames


def keys(payload):
    return record_of(json.dumps(payload).encode()).keys


def test_a_message_is_named_by_both_of_its_ids():
    payload = xianyu_frames.load("chat_text")["payload"]
    body = payload["1"]
    assert keys(payload) == (f"pnm:{body['3']}", f"msg:{json.loads(body['10']['bizTag'])['messageId']}")


def test_a_message_seen_in_history_shares_its_names_with_the_push():
    model = xianyu_frames.load("history_reply")["payload"]["body"]["userMessageModels"][0]
    (record,) = records_of_history([push_record(model)])
    pushed = xianyu_frames.load("chat_text")["payload"]
    pushed["1"]["3"] = model["message"]["messageId"]
    assert set(record.keys) & set(keys(pushed))
    assert (record.event.event, record.event.text) == (EventKind.chat_text, "在吗")
    assert record_of(record.raw) == record


def test_an_update_of_a_card_is_not_taken_for_the_card():
    update = xianyu_frames.load("update_as_buyer")["payload"]
    card = xianyu_frames.load("card_paid_parcel")["payload"]
    assert update["1"] == card["1"]["3"]
    assert not set(keys(update)) & set(keys(card))
    assert keys(update) != keys(update | {"5": update["5"] + 1})


def test_a_summary_is_named_by_chat_state_and_time():
    summary = xianyu_frames.load("summary_closed")["payload"]
    assert keys(summary) == keys(json.loads(json.dumps(summary)))
    assert keys(summary) != keys(summary | {"4": summary["4"] + 1})
    assert keys(summary) != keys(summary | {"3": {"redReminder": "等待买家付款"}})


def test_what_cannot_be_read_is_named_by_its_bytes():
    first, second = records_of_entries([{"data": "###"}, {"data": "##"}])
    assert first.event.event is EventKind.unknown
    assert first.keys != second.keys and first.raw == b"###"


def test_an_entry_that_is_no_text_is_kept_as_json():
    assert raw_of_entry({"data": {"a": 1}}) == b'{"a":1}'
    assert raw_of_entry(7) == b"7"
    assert as_raw({"a": 2**80}) == b""
