"""Whatever comes through the door, the decoder answers with events and never with an exception."""

import base64
import json

import msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from core.outside.xianyu.decode import read_wire
from core.outside.xianyu.events import event_of
from core.outside.xianyu.records import record_of, records_of_entries
from core.tools.decode import as_json_line, decode_text
from core.values.market import EventKind
from tests.contract import xianyu_frames

PAYLOADS = [xianyu_frames.load(name)["payload"] for name in xianyu_frames.names() if name != "platform_notices"]
KEYS = ["1", "2", "3", "4", "5", "6", "7", "10", "operation", "content", "sessionId", "body", "headers", "data"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "1@goofish",
            "9.PNM",
            '{"contentType":26}',
            "[我已付款，等待你发货]",
            "fleamarket://order_detail?id=1&role=seller",
            "1" * 70,
        ]
    )
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(st.binary(max_size=300))
def test_any_bytes_give_one_record(data):
    for raw in (data, base64.b64encode(data)):
        record = record_of(raw)
        assert record.raw == raw and record.keys


@given(st.text(max_size=300))
def test_any_text_gives_lines_that_can_be_printed(text):
    for found in decode_text(text, "1"):
        assert json.loads(as_json_line(found))["event"]


@given(ANYTHING)
def test_any_json_gives_events(value):
    assert all(found["event"] for found in decode_text(json.dumps(value)))
    records_of_entries([value, {"data": value}])
    if isinstance(value, dict):
        event_of(value, "1")


@settings(max_examples=300)
@given(st.data())
def test_a_known_record_with_any_part_replaced_still_gives_an_event(data):
    payload = json.loads(json.dumps(data.draw(st.sampled_from(PAYLOADS))))
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(payload, data)
    assert all(found["event"] for found in decode_text(json.dumps(payload)))


def spoil(fields, data):
    """Replace one value somewhere by anything."""
    while isinstance(fields, dict) and fields:
        key = data.draw(st.sampled_from(sorted(fields)))
        if not isinstance(fields[key], dict) or data.draw(st.booleans()):
            fields[key] = data.draw(ANYTHING)
            return
        fields = fields[key]


@given(
    st.recursive(
        st.none() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=9),
        lambda inner: (
            st.dictionaries(st.integers(0, 12) | st.binary(max_size=3), inner, max_size=4) | st.lists(inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_any_packed_value_gives_one_record(value):
    assert record_of(base64.b64encode(msgpack.packb(value))).event


def test_bombs_are_unknown():
    deep_json = b'{"1":' * 5000 + b"1" + b"}" * 5000
    deep_pack = base64.b64encode(b"\x81\x01" * 900 + b"\x01")
    wide = b'{"1":{"10":{"extJson":"' + b"9" * 2_000_000 + b'"}}}'
    for raw in (deep_json, deep_pack, wide, b"[" * 100_000, b"1" * 5000, b"NaN", b'{"a":NaN}', b"\xff\xfe", b""):
        assert record_of(raw).event.event is EventKind.unknown
    list(decode_text('{"body":{"syncPushPackage":{"data":' + "[" * 900 + "]" * 900 + "}}}"))


def test_number_keys_become_text_at_every_depth():
    assert read_wire(base64.b64encode(msgpack.packb({1: {2: [{3: 4}]}}))) == {"1": {"2": [{"3": 4}]}}


def test_an_order_id_keeps_all_of_its_nineteen_digits():
    record = {"1": "7@goofish", "2": 1, "3": {"orderId": 5127638256187075541}, "4": 1785326880501}
    assert record_of(base64.b64encode(msgpack.packb(record))).event.order_id == "5127638256187075541"
    assert record_of(json.dumps(record).encode()).event.order_id == "5127638256187075541"
