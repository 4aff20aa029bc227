"""Who owns an app: its group is a room in which nobody is heard, its people are let in 1:1, and a check says who lacks."""

import re

from pydantic import SecretStr

from bot.fronts.counter import Counter as House
from bot.fronts.wecom.app import App
from core.values.people import Actor, ChatKind, Role
from tests.flow.wecom_app_counter import BOSS, CHAT, ZHANG, open_app, settings
from tests.flow.wecom_counter import rows, text_of

NEWCOMER = "WangWu"
GROUP = "wecomapp:shopops01"


def house(counter):
    return House(counter.engine, settings(counter.world), [counter.front])


async def test_the_configured_group_makes_nobody_an_owner_so_a_code_is_printed(tmp_path):
    async with open_app(tmp_path, people={}) as counter:
        assert [room.chat for room in await counter.engine.rooms.list_homes("wecomapp")] == [GROUP]
        printed = await house(counter).invitation()
        assert printed is not None
        assert "打开应用" in printed
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", printed)[0]
        assert "没有登记" in text_of(await counter.type("待办", NEWCOMER)), "a stranger is told so"
        await counter.type(f"绑定 {code}", NEWCOMER)
        member = await counter.engine.people.find(f"wecomapp:{NEWCOMER}")
        assert member.role is Role.owner
        assert await house(counter).invitation() is None
        assert await house(counter).invitation(asked=True) is not None
        assert "待办" in text_of(await counter.type("待办", NEWCOMER))


async def test_a_code_is_good_once_and_a_wrong_one_never(tmp_path):
    async with open_app(tmp_path, people={}) as counter:
        code = await counter.engine.binding.issue()
        await counter.type("绑定 AAAA-AAAA", NEWCOMER)
        assert await counter.engine.people.list() == ()
        await counter.type(f"绑定 {code}", NEWCOMER)
        await counter.type(f"绑定 {code}", ZHANG)
        assert [one.who for one in await counter.engine.people.list()] == [f"wecomapp:{NEWCOMER}"]


async def test_another_group_in_the_configuration_takes_the_place_of_the_one_before(tmp_path):
    async with open_app(tmp_path) as counter:
        await counter.engine.rooms.bind("wecomapp:former", ChatKind.group)
        await counter.front._open_group()
        assert [room.chat for room in await counter.engine.rooms.list_homes("wecomapp")] == [GROUP]


async def test_one_member_has_an_id_of_the_robots_and_one_of_the_apps(tmp_path):
    """The app sees the user id, the robot may see an encrypted one: who acts is one person by either."""
    robots = "wecom:woAJ2GCAAAXtWyujaWJHDDGi0mAC71wA"
    async with open_app(tmp_path) as counter:
        engine = counter.engine
        boss = Actor(who=f"wecomapp:{BOSS}", name="Boss", chat=CHAT, request="t:1")
        zhang = await engine.people.find(f"wecomapp:{ZHANG}")
        await engine.people.join(boss, robots, zhang.id)
        person = await engine.people.choose(robots)
        assert set(person.ids) == {f"wecomapp:{ZHANG}", robots}
        assert person.role is Role.operator, "the second id has the person's own role"
        assert "暂停" in text_of(await counter.type("暂停 全部 2小时"))
        acts = rows(tmp_path, "SELECT who || ' ' || name FROM acts WHERE verb = 'pause'")
        assert acts == [f"wecomapp:{ZHANG} {ZHANG}"]
        assert (await engine.people.find(robots)).id == (await engine.people.find(f"wecomapp:{ZHANG}")).id
        await engine.people.revoke(boss.model_copy(update={"request": "t:2"}), zhang.id)
        assert "没有登记" in text_of(await counter.type("待办")), "shut out by either id"
        assert (await engine.people.find(robots)) is None


async def found(counter, **changes):
    """What a check says with some of the settings changed, while nobody listens there."""
    front = App(settings(counter.world, **changes), counter.engine)
    lines = await front.probe()
    await front.close()
    return {line.key.removeprefix("check."): line.ok for line in lines}


async def test_a_check_of_a_running_app_says_whether_it_was_called(tmp_path):
    async with open_app(tmp_path) as counter:
        silent = {line.key.removeprefix("check."): line for line in await counter.front.probe()}
        assert {key: line.ok for key, line in silent.items()} == {
            "app_ok": True,
            "app_group": True,
            "url_silent": False,
        }
        assert silent["url_silent"].facts["path"] == "/wecom/callback"
        assert await counter.world.app.check_url() == (200, "1837465920174650912")
        assert [line.key for line in await counter.front.probe()][-1] == "check.url_ok"
        assert counter.world.people.messages(ZHANG) == [], "nobody is told anything"


async def test_a_check_names_what_is_wrong_with_an_app(tmp_path):
    async with open_app(tmp_path, people={ZHANG: Role.operator}) as counter:
        rest = {"url_untried": True, "app_nobody": False}
        assert await found(counter) == {"app_ok": True, "app_group": True, **rest}
        assert await found(counter, chat="other") == {"app_ok": True, "app_no_group": False, **rest}
        assert await found(counter, chat="") == {"app_ok": True, **rest}
        assert await found(counter, secret=SecretStr("wrong")) == {"app_refused": False, **rest}
        assert await found(counter, api_url="http://127.0.0.1:9") == {"app_down": False, **rest}
        assert await found(counter, agent_id=7) == {"app_agent": False, **rest}
        counter.world.office.fault("not_trusted", 9)
        assert await found(counter) == {"app_address": False, **rest}


async def test_a_port_that_another_program_has_is_named(tmp_path):
    async with open_app(tmp_path) as counter:
        config = settings(counter.world)
        http = config.wecom.http.model_copy(update={"port": counter.front.listener.port})
        wecom = config.wecom.model_copy(update={"http": http})
        front = App(config.model_copy(update={"wecom": wecom}), counter.engine)
        assert "check.url_taken" in [line.key for line in await front.probe()]
        await front.close()


async def test_health_says_that_the_platform_does_not_take_the_apps_calls(tmp_path):
    async with open_app(tmp_path) as counter:
        counter.world.office.fault("not_trusted", 99)
        assert await counter.world.app.type(ZHANG, "我是谁") == 200
        await counter.until(lambda: counter.engine.health.remarks)
        (remark,) = counter.engine.health.remarks
        assert (remark.front, remark.key, "60020" in remark.detail) == ("wecomapp", "unreachable", True)
        counter.world.office.fault("not_trusted", 0)
        await counter.until(lambda: counter.engine.health.remarks == ())
        assert len(counter.shown()) == 1
