"""The catalogues: the same keys and placeholders in zh and en, nothing unused, no sentence outside of them."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards import acts, recorded
from bot.cards.capabilities import CAPABILITIES, Can
from bot.cards.card import MAX_LABEL, MAX_TITLE, MAX_VERB
from bot.cards.drawn import DRAW
from bot.cards.exports import COLUMNS
from bot.cards.items import SHOWN
from bot.cards.stats import View
from bot.commands.exports import WHAT
from bot.commands.help import TOPICS
from bot.commands.table import TABLE
from bot.texts import LOCALES, choose, load
from core.flows.note import CALLS
from core.rules.guard import BlockKind
from core.values.checks import Part
from core.values.effects import EffectKind
from core.values.fulfilment import ApprovalState, ErrorClass, FulfilmentState, RiskKind, ShipMode
from core.values.indicators import Grade, IndicatorName
from core.values.keeps import KeepState
from core.values.logins import LoginState
from core.values.notices import NoticeKind
from core.values.orders import OrderState, PlatformStatus
from core.values.parcels import Doubt, WaybillState
from core.values.people import Role
from core.values.products import Lack, LedgerKind, ProductState
from core.values.receivers import Receiver
from core.values.reports import FindingKind
from core.values.selftest import Checked
from core.values.telling import Event, Level, Outcome
from core.values.templates import TemplateName
from core.values.vitals import LineTrouble

ROOT = Path(__file__).parents[2]
BOT = ROOT / "bot"
FAMILIES = {
    "order_state": OrderState,
    "ship_state": FulfilmentState,
    "approval_state": ApprovalState,
    "platform_status": PlatformStatus,
    "error_class": ErrorClass,
    "risk": RiskKind,
    "product_state": ProductState,
    "ship_mode": ShipMode,
    "role": Role,
    "language": (*LOCALES, "auto"),
    "ledger": LedgerKind,
    **dict.fromkeys(("keep_state", "keep_title"), KeepState),
    "lack": Lack,
    "effect": EffectKind,
    "guard": BlockKind,
    **dict.fromkeys(("login_title", "login_note"), LoginState),
    **dict.fromkeys(("line_title", "line_note"), LineTrouble),
    "topic": TOPICS,
    "part": Part,
    "finding": FindingKind,
    "view": View,
    "event": Event,
    "doubt": Doubt,
    "template": TemplateName,
    "occasion": TemplateName,
    "waybill_state": WaybillState,
    "receiver": Receiver.model_fields,
    "level": Level,
    "outcome": Outcome,
    "kind": NoticeKind,
    "field": SHOWN,
    "column": COLUMNS,
    "act_column": acts.COLUMNS,
    "switched": recorded.SWITCHES,
    "table": sorted(set(WHAT.values())),
    "indicator": IndicatorName,
    "checked": Checked,
    "grade": Grade,
    "call": sorted(set(CALLS.values())),
    "can": Can,
    "instead": [f"{front}_{what}" for front, able in CAPABILITIES.items() for what in Can if what not in able],
    "help": [row.name for row in TABLE.rows],
    "argument": sorted({argument.name for row in TABLE.rows for argument in row.arguments}),
    "example": [row.name for row in TABLE.rows],
}
"""Families whose names are built at run time: every member must have its word."""
OPEN_FAMILIES = {
    "deed",
    "story",
    "recorded",
    "why_not",
    "wrong",
    "wrong_check",
    "allowed",
    "place",
    "reason",
    "waiting",
    "warning",
    "handed_over",
    "actor",
    "filter",
    "pending_kind",
    "scope",
    "account_state",
    "login_detail",
    "model_state",
}
"""Words for values the shop may add to: a missing one is shown by its bare name."""
CJK = re.compile(r"[\u3400-\u9fff]")


def sources() -> list[Path]:
    return sorted(BOT.rglob("*.py"))


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """String constants that are no docstrings."""
    documented = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def raised(folder: Path) -> set[str]:
    """Keys of the errors raised in a folder."""
    names = r"(?:Refused|NotAllowed|NotFound|IllegalMove|OutOfStock|BadArgument|Busy|Transient)"
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and re.fullmatch(names, getattr(node.func, "id", "")):
                found |= {
                    n.value
                    for a in node.args[:1]
                    for n in ast.walk(a)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
    return found - {""}


def test_both_locales_have_the_same_keys():
    zh, en = (set(load(locale)) for locale in LOCALES)
    assert zh == en


def test_a_text_has_the_same_placeholders_in_both_locales():
    zh, en = (load(locale) for locale in LOCALES)
    odd = [key for key in zh if placeholders(zh.raw(key)) != placeholders(en.raw(key))]
    assert odd == []


def test_placeholders_are_plain_names():
    for locale in LOCALES:
        texts = load(locale)
        assert [k for k in texts for p in placeholders(texts.raw(k)) if not re.fullmatch(r"[a-z_]+", p)] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_has_a_word(family: str):
    texts = load("zh")
    assert [name for name in FAMILIES[family] if not texts.has(f"{family}.{name}")] == []


def test_every_notice_that_speaks_for_itself_has_its_words():
    texts = load("zh")
    facts = {NoticeKind.model_down, NoticeKind.books_wrong, NoticeKind.quarantined}
    assert all(texts.has(f"notice.{kind}") and texts.has(f"note.{kind}") for kind in facts)
    assert set(DRAW) >= {"order", "product", "chat", "account", "shop", "finding", "pause", "inbox"}


def test_every_refusal_the_shop_can_say_has_a_text():
    said = raised(BOT).union(*(raised(ROOT / "core" / room) for room in ("engine", "moves", "store", "rules")))
    spoken = {key.removeprefix("refused.") for key in load("zh") if key.startswith("refused.")}
    internal = {"missing", "front_is_off_here"}
    assert said - spoken - internal == set()


SPOKEN = {
    "reason": [
        ("core/moves/*.py", r"(?:reason ?= ?|FIRST_CONNECT = |UNCONFIGURED = )\"([a-z_]+)\""),
        ("core/rules/shipping.py", r"return \"([a-z_]+)\""),
    ],
    "handed_over": [
        ("core/rules/repl*.py", r"_hand_over\(\"([a-z_]+)\""),
        ("core/flows/answer.py", r"reason=\"([a-z_]+)\""),
    ],
    "warning": [("core/engine/shipping.py", r"found\.append\(\"([a-z_]+)\"")],
}
"""Where the shop writes the words of an open family."""


@pytest.mark.parametrize("family", SPOKEN)
def test_every_reason_the_shop_gives_has_a_word(family: str):
    texts = load("zh")
    said = {w for glob, form in SPOKEN[family] for f in ROOT.glob(glob) for w in re.findall(form, f.read_text("utf-8"))}
    assert said, "the shop gives none: the pattern is out of date"
    assert [word for word in sorted(said) if not texts.has(f"{family}.{word}")] == []


def test_no_text_is_unused():
    spoken = [*sources(), ROOT / "core" / "flows" / "check_up.py", ROOT / "core" / "tools" / "folder.py"]
    used = {node.value for file in spoken for node in literals(ast.parse(file.read_text(encoding="utf-8")))}
    anywhere = "\n".join(file.read_text(encoding="utf-8") for file in [*sources(), *(ROOT / "core").rglob("*.py")])
    families = {*FAMILIES, *OPEN_FAMILIES}
    unused = [key for key in load("zh") if key not in used and not _is_built(key, families, anywhere)]
    assert unused == []


def _is_built(key: str, families: set[str], anywhere: str) -> bool:
    """Whether a key is put together at run time: its family is, and its name stands somewhere as a word."""
    family, _, name = key.partition(".")
    if family in families:
        return family in FAMILIES or re.search(rf"\b{re.escape(name)}\b", anywhere) is not None
    built = family in {"front", "refused", "button", "note", "notice", "title", "label", "field"}
    return built and re.search(rf"\"{re.escape(name)}\"|\b{re.escape(name)}\b =", anywhere) is not None


def test_the_calls_give_every_placeholder_of_a_text():
    texts = load("zh")
    wrong = []
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            key = _key_of_call(node)
            if key is not None and texts.has(key):
                assert isinstance(node, ast.Call)
                given = {keyword.arg for keyword in node.keywords}
                if None not in given and given != placeholders(texts.raw(key)):
                    wrong.append((file.name, node.lineno, key))
    assert wrong == []


def _key_of_call(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return node.args[0].value if called in ("pen", "texts") and isinstance(node.args[0].value, str) else None


def test_no_sentence_stands_outside_the_catalogue():
    """Except in the command line, the command rows, the pretend worlds, and what a platform says (faults.py)."""
    wrong = []
    for file in sources():
        if file.name in ("__main__.py", "faults.py") or {"commands", "demo", "host", "sandbox"} & set(file.parts):
            continue
        for node in literals(ast.parse(file.read_text(encoding="utf-8"))):
            if CJK.search(node.value) or _is_sentence(node, file):
                wrong.append((file.name, node.lineno, node.value))
    assert wrong == []


def _is_sentence(node: ast.Constant, file: Path) -> bool:
    """Three words in a row, outside of a line that logs, raises or asserts."""
    line = file.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    told = re.search(r"LOG\.|getLogger|raise |assert ", line)
    return told is None and re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", str(node.value)) is not None


def test_the_command_rows_hold_words_and_no_sentences():
    for file in (BOT / "commands").glob("*.py"):
        for node in literals(ast.parse(file.read_text(encoding="utf-8"))):
            cjk = CJK.findall(node.value)
            assert len(cjk) <= 8, (file.name, node.lineno, node.value)
            assert not (cjk and re.search(r"[，。！？；]", node.value)), (file.name, node.lineno)


def test_the_sentence_finder_finds_one():
    tree = ast.parse('card("please type it again")\nbad = "请再打一次"')
    found = [node.value for node in literals(tree)]
    assert any(CJK.search(text) for text in found)
    assert any(re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", text) for text in found)


@pytest.mark.parametrize("locale", LOCALES)
def test_labels_and_verbs_fit_the_narrowest_front(locale: str):
    texts = load(locale)
    assert [k for k in texts if k.startswith("label.") and len(texts.raw(k)) > MAX_LABEL] == []
    assert [k for k in texts if k.startswith("button.") and len(texts.raw(k)) > MAX_VERB] == []
    assert [k for k in texts if k.startswith("title.") and len(texts.raw(k)) > MAX_TITLE] == []


def test_a_wecom_button_shows_a_whole_chinese_verb():
    """WeCom shows about ten characters of a button (template_card)."""
    texts = load("zh")
    assert [k for k in texts if k.startswith("button.") and len(texts.raw(k)) > 10 and "{" not in texts.raw(k)] == []


def test_an_unknown_language_is_answered_in_the_default():
    assert [choose(wish) for wish in ("zh-CN", "en_GB", "fr", "")] == ["zh", "en", "zh", "zh"]
