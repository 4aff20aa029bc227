"""Whom a parcel goes to: sealed in the file, masked in the group, whole for whoever ships, in private."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.flows.sweep import Sweep
from core.rules.receivers import masked
from core.store import receivers
from core.values.orders import PlatformStatus
from core.values.people import ChatKind
from core.values.receivers import Receiver
from tests import stockroom
from tests.counter import OPERATOR, VIEWER, open_counter
from tests.flow.parcels import SF, labels, parcel
from tests.flow.shop import Day

WHO = Receiver(name="张三丰", phone="13812345678", address="浙江省杭州市余杭区文一西路969号")


async def test_a_group_sees_the_last_digits_and_the_town_and_private_sees_it_whole(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        await c.store.write(lambda tx: receivers.keep(tx, 1, WHO))
        shown = (await c.type("收件 #1", OPERATOR)).plain()
        assert "张**" in shown and "****5678" in shown and "浙江省杭州市余杭区****" in shown
        assert not any(secret in shown for secret in ("13812345678", "三丰", "文一西路", "969"))
        assert not c.last.card.copyable
        private = await c.type("收件 #1", OPERATOR, chat=OPERATOR, chat_kind=ChatKind.private)
        assert all(fact in private.plain() for fact in (WHO.name, WHO.phone, WHO.address))
        assert private.secret and private.copyable == f"{WHO.name} {WHO.phone} {WHO.address}"
        assert "13812345678" not in (await c.type("收件 #1", VIEWER)).plain()
        assert "文一西路".encode() not in c.store.path.read_bytes()


async def test_what_the_platform_did_not_tell_is_said_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        assert "没有给出" in (await c.type("收件 #1")).note


@pytest.mark.parametrize("address", ["新疆维吾尔自治区伊犁哈萨克自治州伊宁市某路 5 号", "somewhere", "", "市" * 300])
def test_a_masked_address_never_shows_a_house(address: str):
    shown = masked(Receiver(name="", phone="12", address=address))
    assert shown.phone == "****" and shown.address.endswith("****") and "5 号" not in shown.address
    assert len(shown.address) < 50


async def test_the_platforms_record_tells_it_and_it_goes_when_the_order_is_long_over(day: Day) -> None:
    item = await day.item("手机壳", virtual=False, mode="physical")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    order = await day.order_id(trade)
    assert order is not None
    found = await day.engine.receivers.show(order, whole=True)
    assert found is not None and found.phone == "13800000000"
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    sweep = Sweep(day.shop.work)
    await sweep.step()
    assert await day.engine.receivers.show(order, whole=True) is not None, "not yet"
    day.clock.put_forward(timedelta(days=31))
    await Sweep(day.shop.work).step()
    assert await day.engine.receivers.show(order, whole=True) is None


async def test_a_waiting_parcels_alert_has_a_button_for_its_label(tmp_path: Path):
    """Masked where it stands, and so is every step of the parcel that can still be written on."""
    async with open_counter(tmp_path) as c:
        await parcel(c)
        await c.store.write(lambda tx: receivers.keep(tx, 1, WHO))
        alert = next(card for card in await c.tell() if "#1" in card.title)
        assert labels(alert)[:2] == ["📦 填单号", "📮 收件"]
        shown = (await c.press("收件", OPERATOR)).plain()
        assert "****5678" in shown and "收件 #1" in shown and WHO.phone not in shown
        assert "📮 收件" in labels(await c.type(f"发货 #1 顺丰 {SF}")), "the undo window is when labels are written"


async def test_goods_without_a_label_have_no_such_button(tmp_path: Path):
    """The control: a text goes to nobody's door, a parcel that left has its label."""
    async with open_counter(tmp_path) as c:
        await parcel(c)

        def learn(tx) -> None:
            account = stockroom.open_account(tx)
            stockroom.add_product(tx, account, "900001", auto_ship="off", price="50", text="好的")
            stockroom.learn(tx, account, stockroom.record(2, "900001", PlatformStatus.pending_ship))
            stockroom.learn(tx, account, stockroom.record(1, "800001", PlatformStatus.shipped))

        await c.store.write(learn)
        for order in (1, 2):
            assert "📮 收件" not in labels(await c.type(f"查单 #{order}"))
