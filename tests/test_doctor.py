"""The doctor looks at real parts, well and ill, and says what to do; nothing makes it wait."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from commands import archives
from commands.build import BuildOptions, build
from commands.doctor import machine, network
from commands.doctor.examination import doctor, examine
from commands.doctor.findings import ExaminedSite, Finding, Health, well
from commands.local_server import free_port, serving
from commands.rounds_log import RoundsLog
from commands.service_runtime import service_for
from commands.site_folder import read_site
from feedback.record_source import source_text
from feedback.settings import Settings
from feedback.store import Store, read_existing
from feedback.store.casework.events import Provenance, provenance
from feedback.store.database.schema import OUTBOX
from tests.copies import ROOT
from tests.databases import SECRET
from tests.postbox import HOST, certificate, postbox
from tests.tenants import House
from tests.tiny import write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("OPEN_HOUSE_", "DEPLOY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(network, "SECONDS", 60.0)  # a busy machine is not ill


@pytest.fixture
def patient(tmp_path: Path) -> ExaminedSite:
    """A house with a service that has kept something; its site is not published."""
    tiny = write_site(tmp_path / "house")
    with Store.open(Settings.read({}, tiny.folder)) as store:
        House(store).add(now=datetime.now(UTC))
    url = f"http://{HOST}:{free_port()}/"
    return ExaminedSite(tiny.folder, tiny.content, read_site(tiny.site), url)


def is_ill(finding: Finding, *words: str) -> bool:
    """Whether something is ill, in these words, with something to do."""
    text = f"{finding.words} {finding.remedy}"
    assert all(word in text for word in words), text
    return finding.health == Health.ILL and bool(finding.remedy)


class TestThisMachine:
    def test_a_house_as_it_should_be(
        self, patient: ExaminedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPEN_HOUSE_BACKUPS", str(tmp_path / "elsewhere"))
        rule = archives.BackupRule.of(patient.root, None, "")
        assert archives.backup(patient.root, rule, print) == 0
        RoundsLog.read(patient.root).note("deploy", well=True)
        site = patient.root / "site.toml"
        assert build(BuildOptions(ROOT, patient.content, site, patient.root / "output")).ok
        for check in (
            *(machine.database, machine.secret, machine.messages, machine.backup),
            *(machine.night, machine.tree, machine.disk),
        ):
            assert check(patient).health == Health.WELL, check(patient)

    def test_a_house_without_a_service_lacks_nothing(self, tmp_path: Path) -> None:
        tiny = write_site(tmp_path / "house")
        patient = ExaminedSite(
            tiny.folder, tiny.content, read_site(tiny.site), "http://127.0.0.1:1/"
        )
        checks = (machine.database, machine.secret, machine.messages, machine.backup)
        assert {check(patient).health for check in checks} == {Health.NONE}
        assert not (tiny.folder / "private").exists()

    def test_a_secret_that_others_read_or_that_is_gone(self, patient: ExaminedSite) -> None:
        file = patient.root / "private" / "secret"
        file.chmod(0o644)
        assert is_ill(machine.secret(patient), f"chmod go= {file}")
        file.unlink()
        assert is_ill(machine.secret(patient), "There is no secret")
        assert not file.exists()

    def test_a_database_that_is_damaged(self, patient: ExaminedSite) -> None:
        file = patient.root / "private" / "feedback.sqlite3"
        data = bytearray(file.read_bytes())
        data[4096 * 3 : 4096 * 12] = b"\xff" * (4096 * 9)
        file.write_bytes(data)
        (finding,) = examine(patient, {"database": machine.database}).values()
        assert is_ill(finding)

    def test_mail_that_waits_or_came_back(self, patient: ExaminedSite) -> None:
        with Store.open(Settings.read({}, patient.root)) as store:
            long_ago = datetime.now(UTC) - timedelta(days=1)
            values = {
                "submission": 1,
                "why": "answer",
                "facts": {},
                "channel": "email",
                "state": "waiting",
                "tries": 1,
                "due": long_ago,
                "fault": "",
                "made": long_ago,
            }
            store.write_now(lambda conn: conn.execute(insert(OUTBOX).values(values)))
            assert is_ill(machine.messages(patient), "wait since hours")
            store.write_now(lambda conn: conn.execute(update(OUTBOX).values(state="dead")))
            assert machine.messages(patient).health == Health.ADVICE

    def test_a_backup_that_is_missing_old_or_on_the_same_disk(self, patient: ExaminedSite) -> None:
        assert is_ill(machine.backup(patient), "There is no backup", "./run backup")
        folder = patient.root / "private" / "backups"
        folder.mkdir()
        now = datetime.now(UTC)
        (folder / f"open-house-{now - timedelta(days=9):{archives.STAMP}}.zip").touch()
        assert is_ill(machine.backup(patient), "9 days ago")
        (folder / f"open-house-{now:{archives.STAMP}}.zip.age").touch()
        assert machine.backup(patient).health == Health.ADVICE

    def test_a_night_that_failed_or_that_nobody_did(self, patient: ExaminedSite) -> None:
        assert machine.night(patient).health == Health.NONE
        log = RoundsLog.read(patient.root)
        log.note("deploy", well=True)
        log.note("notify", well=False)
        assert is_ill(machine.night(patient), "notify went wrong", "./run rounds")
        log.note("notify", well=True)
        log.steps["deploy"]["went"] = (datetime.now(UTC) - timedelta(days=3)).isoformat()
        log.note("digest", well=True)
        assert is_ill(machine.night(patient), "3 days ago")
        (patient.root / "private" / "rounds.json").write_text("[{", encoding="utf-8")
        assert machine.night(patient).health == Health.NONE

    def test_records_from_another_or_an_older_database(self, patient: ExaminedSite) -> None:
        file = patient.content / "feedback" / "source.txt"
        file.parent.mkdir()
        with read_existing(f"sqlite:///{patient.root}/private/feedback.sqlite3") as conn:
            here = provenance(conn)
        file.write_text(source_text(here), encoding="utf-8")
        assert machine.source(patient).health == Health.WELL
        for other in (
            Provenance("0" * 32, here.mark, continues=True),
            Provenance(here.database, "0" * 24, continues=True),
        ):
            file.write_text(source_text(other), encoding="utf-8")
            assert is_ill(machine.source(patient), "Which database")

    def test_a_disk_that_is_full(
        self, patient: ExaminedSite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machine, "NONE_LEFT", 1 << 60)
        assert is_ill(machine.disk(patient), "Make room now")


class TestTheNetwork:
    def test_the_site_its_time_and_its_service(
        self, patient: ExaminedSite, hosted: Callable[[Path], str]
    ) -> None:
        site = patient.root / "site.toml"
        output = patient.root / "output"
        assert build(BuildOptions(ROOT, patient.content, site, output)).ok
        published = replace(patient, url=hosted(output))
        assert network.host(published).health == Health.WELL
        assert network.clock_of_host(published).health == Health.WELL
        assert is_ill(network.service(published), "answers 404")
        assert network.certificate(published).health == Health.NONE
        assert is_ill(network.host(patient), "can't be reached")
        settings = replace(Settings.read({}, patient.root), tree=output)
        runtime = service_for(site, settings, lambda _: None)
        with runtime.service.store, serving(runtime.app, free_port()) as address:
            finding = network.service(replace(patient, url=address))
            assert finding.health == Health.WELL, finding

    def test_a_host_that_sends_no_headers_or_another_404(
        self, patient: ExaminedSite, hosted: Callable[[Path], str], tmp_path: Path
    ) -> None:
        bare = tmp_path / "bare"
        bare.mkdir()
        (bare / "index.html").write_text("<!doctype html>", encoding="utf-8")
        finding = network.host(replace(patient, url=hosted(bare)))
        assert finding.health == Health.ADVICE
        assert "What any host must do" in finding.remedy

    @pytest.mark.parametrize(
        ("server", "name", "docs"),
        [
            ("GitHub.com", "gwennol.example.org", "docs/publishing.md, GitHub Pages"),
            ("", "gwennol.gitlab.io", "docs/publishing.md, GitLab Pages"),
            ("nginx/1.26.0 (Ubuntu)", "gwennol.example.org", "./run recipe nginx"),
            ("Caddy", "gwennol.example.org", "./run recipe caddy"),
            ("Apache/2.4.62", "gwennol.example.org", "./run recipe apache"),
        ],
    )
    def test_it_says_which_docs_speak_of_the_host(
        self,
        server: str,
        name: str,
        docs: str,
        patient: ExaminedSite,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        headers = Message()
        if server:
            headers["Server"] = server
        statuses = iter([network.OK, network.NOT_FOUND])
        monkeypatch.setattr(network, "_asked", lambda _: (next(statuses), headers))
        finding = network.host(replace(patient, url=f"https://{name}/"))
        assert docs in finding.words + finding.remedy
        assert (finding.health == Health.WELL) == ("Pages" in docs)  # which send no headers

    @pytest.mark.parametrize("docs", [network.ANY_HOST, *network.HOST_DOCS.values()])
    def test_what_it_names_stands_in_the_docs(self, docs: str) -> None:
        file, section = docs.partition(":")[0].split(", ")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(f"^##+ {re.escape(section)}$", text, re.MULTILINE)

    def test_the_mail_server_is_greeted_and_gets_nothing(
        self, patient: ExaminedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert network.mail(patient).health == Health.ADVICE
        with postbox() as box:
            monkeypatch.setenv("OPEN_HOUSE_SMTP", f"smtp://{HOST}:{box.smtp.port}")
            assert network.mail(patient).health == Health.WELL
            assert box.taken == []
        assert is_ill(network.mail(patient), "doesn't take us")
        monkeypatch.setenv("OPEN_HOUSE_SMTP", "imap://x")
        assert is_ill(network.mail(patient), "no address of a mail server")
        file = certificate(tmp_path)
        if file is None:
            pytest.skip("This machine has no OpenSSL.")
        with postbox(file) as box:
            monkeypatch.setenv("OPEN_HOUSE_SMTP", f"smtp://{HOST}:{box.smtp.port}?starttls")
            assert is_ill(network.mail(patient), "doesn't take us")

    def test_a_certificate_that_ends_soon_or_that_nobody_vouches_for(
        self, patient: ExaminedSite, tls: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        port, public = tls
        safe = replace(patient, url=f"https://{HOST}:{port}/")
        assert is_ill(network.certificate(safe), "Browsers refuse it")
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        assert is_ill(network.certificate(safe), "It holds for", "days more")
        monkeypatch.setattr(network, "SOON", 0)
        assert network.certificate(safe).health == Health.WELL


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server that shows a certificate, and the certificate."""
    file = certificate(tmp_path)
    if file is None:
        pytest.skip("This machine has no OpenSSL.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server((HOST, 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                    with closing(context.wrap_socket(line, server_side=True)):
                        pass
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1], tmp_path / "public.pem"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_what_hangs_or_breaks_is_told_beside_the_rest(patient: ExaminedSite) -> None:
    done = threading.Event()

    def hangs(_: ExaminedSite) -> Finding:
        done.wait()
        return well("too late")

    def breaks(_: ExaminedSite) -> Finding:
        raise ZeroDivisionError("by nothing")

    findings = examine(
        patient, {"hangs": hangs, "breaks": breaks, "disk": machine.disk}, seconds=0.5
    )
    done.set()
    assert list(findings) == ["hangs", "breaks", "disk"]
    assert is_ill(findings["hangs"], "Nothing was heard")
    assert is_ill(findings["breaks"], "ZeroDivisionError")


def test_people_and_tools_are_told_the_same(
    patient: ExaminedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPEN_HOUSE_SECRET", SECRET)
    site = patient.root / "site.toml"
    lines: list[str] = []
    options = {"url": patient.url, "say": lines.append}
    code = doctor(patient.root, patient.content, site, as_json=False, **options)  # type: ignore[arg-type]
    assert code == 1
    assert any(line.startswith("MEND  backup") for line in lines)
    assert any("→ Type ./run backup" in line for line in lines)
    assert any(line.startswith("well  database") for line in lines)
    text: list[str] = []
    options["say"] = text.append
    code = doctor(patient.root, patient.content, site, as_json=True, **options)  # type: ignore[arg-type]
    assert code == 1
    answer = json.loads(text[0])
    assert answer["well"] is False
    ill = [check["name"] for check in answer["checks"] if check["health"] == "ill"]
    assert ill == [line.split()[1] for line in lines if line.startswith("MEND")]
    assert SECRET not in "".join([*lines, *text])
