"""What is installed is whole: the wheel carries every file the shop reads, and the lock every version it needs."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import ROOT, committed_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FACTS = PROJECT["project"]
LOCK = ROOT / ".ci/requirements.lock"
INSTALLED = ("bot", "core", "prompts")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    folder = wheel.with_suffix("")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_the_wheel_carries_every_file_of_the_shop(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if not name.split("/")[0].endswith(".dist-info")}
    ours = {file.relative_to(ROOT).as_posix() for file in committed_files()}
    assert packed == {name for name in ours if name.split("/")[0] in INSTALLED}
    for needed in (
        "prompts/price.md",
        "core/store/orders.sql",
        "core/store/migrations/0001_first.sql",
        "bot/texts/zh/cards.toml",
    ):
        assert needed in packed


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of Python in a folder whose packages come before the checkout's."""
    return subprocess.run([sys.executable, *command], check=False, cwd=folder, capture_output=True, text=True)


def test_the_unpacked_wheel_opens_a_file_reads_its_words_and_helps(unpacked: Path) -> None:
    code = (
        "import core, core.store.db as db, core.prompts as prompts, bot.texts as texts; from pathlib import Path;"
        "db.prepare(Path('shop')); prompts.load(Path('shop')); texts.load('en'); print(core.__file__)"
    )
    done = run(unpacked, "-c", code)
    assert Path(done.stdout.strip()).is_relative_to(unpacked.resolve()), done.stderr
    helped = run(unpacked, "-m", "bot", "--help")
    assert helped.returncode == 0
    assert all(command in helped.stdout for command in ("run", "demo", "sandbox", "decode", "verify", "health"))


def test_the_script_is_the_command_line(unpacked: Path) -> None:
    entry = next(unpacked.glob("*.dist-info")) / "entry_points.txt"
    assert re.search(r"^zhanggui = bot\.__main__:main$", entry.read_text("utf-8"), re.MULTILINE)


def test_a_newer_python_is_never_refused() -> None:
    assert FACTS["name"] == "zhanggui"
    assert FACTS["requires-python"] == ">=3.11"
    assert FACTS["license"] == "MIT"


def needs(*groups: str) -> list[Requirement]:
    """Everything the project names: to run, to test, to build."""
    named = FACTS["dependencies"] + PROJECT["build-system"]["requires"]
    for group in groups:
        named += FACTS["optional-dependencies"][group]
    return [Requirement(one) for one in named]


CEILINGS = {"apscheduler": "<4", "wechatpy": "<2"}
"""The next major versions are other libraries."""


def test_every_dependency_has_a_floor_and_hardly_any_a_ceiling() -> None:
    for one in needs("dev"):
        signs = {spec.operator for spec in one.specifier}
        assert ">=" in signs, f"{one.name}: say the oldest version that works"
        ceiling = ",".join(str(spec) for spec in one.specifier if spec.operator != ">=")
        assert ceiling == CEILINGS.get(one.name, ""), f"{one.name}: a ceiling needs a reason"


def locked() -> dict[str, str]:
    """Version of each locked project."""
    pairs = re.findall(r"^([a-zA-Z0-9._-]+)==(\S+) \\$", LOCK.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_lock_holds_a_fitting_version_of_everything_named() -> None:
    versions = locked()
    wrong = [
        str(one) for one in needs("dev") if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))
    ]
    assert not wrong, "make the lock anew: README, 'Versions'"


def test_every_locked_version_has_its_hashes_and_no_line_an_address() -> None:
    text = LOCK.read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9._-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines)
    blocks = re.split(r"^(?=[a-z0-9])", "\n".join(lines), flags=re.MULTILINE)
    assert all("--hash=sha256:" in block for block in blocks if block)
    assert not re.search(r"https?:|file:", text)


def test_the_image_says_its_version_runs_as_nobody_special_and_keeps_everything_in_one_volume() -> None:
    image = (ROOT / "Dockerfile").read_text("utf-8")
    last = image.rpartition("\nFROM ")[2]
    assert f'org.opencontainers.image.version="{FACTS["version"]}"' in last
    assert re.search(r"^USER shop$", last, re.MULTILINE)
    assert re.findall(r"^VOLUME (.+)$", last, re.MULTILINE) == ["/data"]
    assert "ZHANGGUI__SHOP__DATA_DIR=/data" in last
    assert 'CMD ["zhanggui", "health"]' in last
