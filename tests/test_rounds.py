"""What falls due is done without a hand: in order, one at a time, safe to miss and to repeat."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from commands.operator_mail import tell_operator
from commands.recipes import WebServer, units
from commands.rounds import RoundsOptions, rounds, turn
from commands.rounds_at_once import OFTEN, rounds_at_once
from commands.rounds_log import RoundsLog
from commands.site_folder import read_site
from feedback.model import CaseStatus
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.actions import submissions
from tests.copies import ROOT, ready_copy
from tests.databases import SECRET, sqlite_settings_in
from tests.postbox import postbox
from tests.tenants import NOW, House
from tests.tiny import write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long


# Stands for our tasks: notes which was called, and fails where it is told to.
MENU = """\
import sys
from pathlib import Path
here = Path(__file__).resolve().parent.parent
with (here / "called").open("a") as file:
    print(*sys.argv[1:], file=file)
if "pull" in sys.argv and (here / "news").exists():
    (here / "content" / "feedback").mkdir(parents=True, exist_ok=True)
    (here / "news").rename(here / "content" / "feedback" / "source.txt")
sys.exit((here / "fails").exists() and (here / "fails").read_text() in sys.argv)
"""
EVERYTHING = ["pull", "build --strict", "notify", "digest", "backup"]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEPLOY_TARGET", "DEPLOY_MODE", "OPEN_HOUSE_DATABASE", "OPEN_HOUSE_BACKUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPEN_HOUSE_SECRET", SECRET)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "association").site


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which our tasks only say that they were called, with a database."""
    root = tmp_path / "house"
    (root / "commands").mkdir(parents=True)
    (root / "commands" / "menu.py").write_text(MENU, encoding="utf-8")
    settings = sqlite_settings_in(tmp_path)
    Store.open(settings).close()
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", settings.database)
    return root


def called(root: Path) -> list[str]:
    file = root / "called"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [line.partition(" --site-tree")[0].removesuffix(" --send") for line in lines]


def test_everything_is_done_in_order_and_may_be_repeated(house: Path, site: Path) -> None:
    for _ in range(2):
        assert rounds(house, site, RoundsOptions(), print) == 0
        assert called(house) == EVERYTHING
    assert RoundsLog.read(house).went("backup")
    assert not RoundsLog.read(house).failed("backup")


def test_whoever_looks_after_it_hears_once_that_it_fails_and_once_that_it_is_mended(
    house: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postbox() as box:
        monkeypatch.setenv("OPEN_HOUSE_SMTP", f"smtp://127.0.0.1:{box.smtp.port}")
        monkeypatch.setenv("OPEN_HOUSE_OPERATOR", "it@tiny.example.org")
        for fails in ("", "build", "build", "notify", "", ""):
            (house / "fails").write_text(fails or "nothing", encoding="utf-8")
            rounds(house, site, RoundsOptions(), print)
        log, read = RoundsLog.read(house), read_site(site)
        (house / "fails").write_text("pull", encoding="utf-8")
        rounds(house, site, RoundsOptions(), print)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        log = RoundsLog.read(house)
        tell_operator(house, read, log, {"pull": "Dilys wrote this."}, tomorrow)
        tell_operator(house, read, log, {"pull": "Dilys wrote this."}, tomorrow)
    assert [mail["Subject"] for mail in box.taken] == [
        "The rounds went wrong: deploy",
        "The rounds went wrong: notify",
        "The rounds go well again",
        "The rounds went wrong: pull",
        "The rounds went wrong: pull",
    ]
    assert {mail["To"] for mail in box.taken} == {"it@tiny.example.org"}
    words = str(box.taken[-1].get_content())
    assert "./run doctor" in words
    assert "Dilys" not in words  # what tenants wrote goes into no mail to an operator


def test_a_mail_server_that_is_away_stops_no_round(
    house: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPEN_HOUSE_SMTP", "smtp://127.0.0.1:1")
    monkeypatch.setenv("OPEN_HOUSE_OPERATOR", "it@tiny.example.org")
    (house / "fails").write_text("backup", encoding="utf-8")
    assert rounds(house, site, RoundsOptions(), print) == 1
    assert called(house) == EVERYTHING
    assert "OPEN_HOUSE_OPERATOR could not be told" in capsys.readouterr().err


@pytest.mark.parametrize("step", ["pull", "build", "notify", "digest", "backup"])
def test_a_step_that_fails_is_told_and_the_others_are_done(
    house: Path, site: Path, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    (house / "fails").write_text(step, encoding="utf-8")
    assert rounds(house, site, RoundsOptions(), print) == 1
    assert called(house) == EVERYTHING
    name = "deploy" if step == "build" else step
    assert f"This went wrong: {name}." in capsys.readouterr().err
    assert RoundsLog.read(house).failed(name)
    (house / "fails").unlink()
    assert rounds(house, site, RoundsOptions(), print) == 0
    assert not RoundsLog.read(house).failed(name)


def test_where_nothing_is_new_nothing_is_built(house: Path, site: Path) -> None:
    often = RoundsOptions(if_new=True)
    assert rounds(house, site, often, print) == 0  # nobody has built yet
    assert called(house) == ["pull", "build --strict", "notify"]
    assert rounds(house, site, often, print) == 0
    assert called(house) == ["pull"]
    (house / "news").write_text("decided at the desk", encoding="utf-8")
    assert rounds(house, site, often, print) == 0
    assert called(house) == ["pull", "build --strict", "notify"]
    (house / "news").write_text("and again", encoding="utf-8")
    (house / "fails").write_text("build", encoding="utf-8")
    assert rounds(house, site, often, print) == 1
    (house / "fails").unlink()
    called(house)
    assert rounds(house, site, often, print) == 0  # what failed before is tried again
    assert called(house) == ["pull", "build --strict", "notify"]


def test_two_rounds_never_meet(house: Path, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with turn(house):
        assert rounds(house, site, RoundsOptions(), print) == 0
        assert called(house) == []
        assert "These rounds are under way already, since " in capsys.readouterr().out
    assert rounds(house, site, RoundsOptions(), print) == 0
    assert called(house) == EVERYTHING


def test_what_is_decided_at_the_desk_goes_out_at_once(house: Path, site: Path) -> None:
    """Nothing is built in vain, nor missed, also where somebody else goes round meanwhile."""
    with Store.open(sqlite_settings_in(house.parent)) as store, ExitStack() as others:
        desk, seen = House(store), []
        ref = desk.add().ref

        def decide() -> None:
            others.enter_context(turn(house))
            desk.desk(submissions.decide, ref, status=CaseStatus.COUNTED)
            (house / "news").write_text("decided at the desk", encoding="utf-8")

        def note() -> None:
            desk.store.write_now(
                lambda conn: submissions.note(conn, ref, "Ours.", by="mair", now=NOW)
            )

        meanwhile = iter([note, decide, others.close, *[note] * OFTEN])

        def pause(_seconds: float) -> None:
            seen.append(called(house))
            next(meanwhile, interrupted)()

        options = RoundsOptions(if_new=True)
        assert rounds_at_once(house, site, options, print, pause=pause) == 0
    whole = ["pull", "build --strict", "notify"]
    assert seen[:5] == [whole, [], [], whole, []]
    assert seen[5:].count([]) == OFTEN - 2
    assert seen[-1] == ["pull"]  # it looks every ten minutes all the same


def interrupted() -> None:
    raise KeyboardInterrupt


def test_at_once_needs_a_desk(
    house: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPEN_HOUSE_DATABASE")
    assert rounds_at_once(house, site, RoundsOptions(), print) == 2
    assert "have --if-new done" in capsys.readouterr().err


def test_some_steps_a_rehearsal_and_a_slip(
    house: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rounds(house, site, RoundsOptions(only="backup, pull"), print) == 0
    assert called(house) == ["pull", "backup"]
    assert rounds(house, site, RoundsOptions(dry_run=True), print) == 0
    assert called(house) == []
    assert rounds(house, site, RoundsOptions(only="bakcup"), print) == 2
    assert "There is no step bakcup." in capsys.readouterr().err


def test_a_house_without_a_service_builds_and_nothing_else(
    house: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPEN_HOUSE_DATABASE")
    assert rounds(house, site, RoundsOptions(), print) == 0
    assert called(house) == ["build --strict"]


def test_a_night_in_a_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = ready_copy(tmp_path / "clone")
    shutil.rmtree(clone / "content")
    tiny = write_site(tmp_path / "tiny")
    shutil.copytree(tiny.content, clone / "content")
    shutil.copy(tiny.site, clone / "site.toml")
    monkeypatch.setenv("DEPLOY_TARGET", str(tmp_path / "www"))
    monkeypatch.delenv("OPEN_HOUSE_SECRET")
    with Store.open(Settings.read({}, clone)) as store:
        House(store).add()
    code = rounds(clone, clone / "site.toml", RoundsOptions(), print)
    assert code == 0, capsys.readouterr()
    assert (tmp_path / "www" / "current" / "cy" / "index.html").is_file()
    assert len(list((clone / "private" / "backups").iterdir())) == 1
    # The second night by the unit's own line, with nothing around it but what systemd sets.
    www, backups = str(tmp_path / "www"), str(tmp_path / "kept")
    place = WebServer(tree=f"{www}/current", target=www, backups=backups)
    written = units(clone, read_site(clone / "site.toml"), place)
    unit = dict(setting(written["open-house-rounds.service"]))
    (clone / "content" / "posts" / "2026-03-05-new.en.md").write_text(
        "---\ntitle: It is new\nsummary: Look.\nauthors: [nia]\n---\nLook.\n", encoding="utf-8"
    )
    done = subprocess.run(
        unit["ExecStart"].split(),
        cwd=unit["WorkingDirectory"],
        env={
            "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin",
            **dict(setting(written["open-house.env"])),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "www/current/en/blog/it-is-new/index.html").is_file()
    assert len(list((tmp_path / "kept").iterdir())) == 1


def setting(text: str) -> Iterator[tuple[str, str]]:
    """Each setting of a unit, or of the file of settings, that stands in no remark."""
    for line in text.splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            yield name, value


def test_what_was_pulled_is_sent_on_where_the_clone_may_push(house: Path, site: Path) -> None:
    assert rounds(house, site, RoundsOptions(publish=True), print) == 0
    assert called(house) == ["pull", "publish --yes", *EVERYTHING[1:]]
    (house / "fails").write_text("publish", encoding="utf-8")
    assert rounds(house, site, RoundsOptions(publish=True, if_new=True), print) == 0  # nothing new
    assert called(house) == ["pull"]
    (house / "news").write_text("new", encoding="utf-8")
    assert rounds(house, site, RoundsOptions(publish=True, if_new=True), print) == 1
    assert called(house)[:2] == ["pull", "publish --yes"]
    assert RoundsLog.read(house).failed("publish")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units of a tiny site, as systemd would find them."""
    folder = tmp_path_factory.mktemp("units")
    site = read_site(write_site(folder / "site").site)
    for name, text in units(ROOT, site, WebServer()).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def systemd(*words: str | Path) -> str:
    """What systemd says of a unit; fails when it is against it."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("This machine has no systemd.")
    command = [program, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


def test_systemd_understands_its_units(written: Path) -> None:
    named = sorted(path for path in written.iterdir() if path.suffix in {".service", ".timer"})
    assert len(named) == 6
    assert [line for line in systemd("verify", *named).splitlines() if str(written) in line] == []


@pytest.mark.parametrize(
    "name", ["open-house", "open-house-rounds", "open-house-news", "open-house-at-once"]
)
def test_its_services_can_do_little_else(written: Path, name: str) -> None:
    systemd("security", "--offline=true", "--threshold=30", written / f"{name}.service")


def test_every_variable_that_is_documented_can_be_set_there(written: Path) -> None:
    text = (written / "open-house.env").read_text(encoding="utf-8")
    assert "OPEN_HOUSE_TREE=/srv/www/current" in text
    assert "DEPLOY_TARGET=/srv/www" in text
