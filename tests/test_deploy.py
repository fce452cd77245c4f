"""A push builds, checks and deploys: the workflow files are linted, and their steps are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.build import BuildOptions, build
from commands.upgrading.house import THEIRS
from tests.copies import ROOT, git, lend_bytecode, ready_copy, working_files
from tests.tiny import FILES, POST, SITE, write_site

pytestmark = pytest.mark.long

GITHUB = ROOT / ".github" / "workflows"
GITLAB = ROOT / ".gitlab-ci.yml"
SCRIPT = ROOT / "deploy" / "rsync.sh"
WORKFLOWS = sorted(GITHUB.glob("*.yml"))
PUBLISHING = [GITHUB / "pages.yml", GITHUB / "rsync.yml"]
NIGHTLY = "7 0 * * *"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def tool(name: str) -> str:
    """A program that came with the packages of the tests."""
    return str(Path(sys.executable).with_name(name))


def passes(*command: str | Path, text: str | None = None) -> None:
    """A program finds nothing to complain about."""
    done = subprocess.run(
        [str(word) for word in command],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def read(file: Path) -> dict[str, Any]:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    # YAML 1.1 takes the key `on` for true.
    return {"on" if key is True else key: value for key, value in data.items()}


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


class TestWorkflowFiles:
    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
    def test_github_would_understand_each(self, file: Path) -> None:
        passes(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", file)

    def test_what_an_association_owns_starts_no_test_of_ours(self) -> None:
        theirs = set(THEIRS) - {"private"}  # which is in nobody's git
        for event in ("push", "pull_request"):
            ignored = read(GITHUB / "test.yml")["on"][event]["paths-ignore"]
            assert {name.removesuffix("/**") for name in ignored} == theirs
        (line,) = read(GITLAB)["test"]["script"]
        assert set(re.findall(r"':!(\w+(?:\.toml)?)'", line)) == theirs

    def test_gitlab_would_understand_its_own(self) -> None:
        schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
        passes(tool("check-jsonschema"), *schema, GITLAB)

    @pytest.mark.parametrize(
        ("schema", "pattern"),
        [
            ("github-issue-forms", "ISSUE_TEMPLATE/[!c]*.yml"),
            ("github-issue-config", "ISSUE_TEMPLATE/config.yml"),
            ("dependabot", "dependabot.yml"),
        ],
    )
    def test_github_would_understand_forms_and_updates(self, schema: str, pattern: str) -> None:
        files = sorted((ROOT / ".github").glob(pattern))
        assert files
        passes(tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *files)

    def test_updates_are_proposed_wherever_packages_of_node_are_locked(self) -> None:
        _, node = read(ROOT / ".github" / "dependabot.yml")["updates"]
        locks = [name for name in working_files() if name.endswith("package-lock.json")]
        assert sorted(node["directories"]) == sorted(f"/{Path(name).parent}" for name in locks)

    def test_an_audit_finds_no_weakness(self) -> None:
        passes(tool("zizmor"), "--offline", "--no-progress", "--quiet", GITHUB)

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
    def test_every_action_is_pinned_to_a_commit_and_names_its_version(self, file: Path) -> None:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
        assert lines
        for line in lines:
            assert re.search(r"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
    def test_nothing_is_allowed_that_a_job_does_not_name(self, file: Path) -> None:
        data = read(file)
        assert data["permissions"] == {}
        assert data["concurrency"]["group"]
        for job in data["jobs"].values():
            writes = {name for name, right in job["permissions"].items() if right == "write"}
            assert writes <= {"pages", "id-token"}
            assert job["timeout-minutes"] <= 60

    @pytest.mark.parametrize("file", PUBLISHING, ids=lambda file: file.name)
    def test_publishing_happens_after_a_push_and_each_night(self, file: Path) -> None:
        when = read(file)["on"]
        assert when["push"] == {"branches": ["main"]}
        assert when["schedule"] == [{"cron": NIGHTLY}]
        assert "workflow_dispatch" in when
        assert read(file)["concurrency"]["cancel-in-progress"] is False
        assert NIGHTLY in GITLAB.read_text(encoding="utf-8")

    def test_one_host_is_published_to_and_not_two(self) -> None:
        pages, rsync = (next(iter(read(file)["jobs"].values()))["if"] for file in PUBLISHING)
        assert pages == "vars.DEPLOY_TARGET == ''"
        assert rsync == "vars.DEPLOY_TARGET != ''"
        rules = {name: read(GITLAB)[name]["rules"][0]["if"] for name in ("pages", "rsync")}
        assert rules["pages"].endswith("&& $DEPLOY_TARGET == null")
        assert rules["rsync"].endswith("&& $DEPLOY_TARGET")

    @pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
    def test_no_shell_ever_meets_a_value_of_somebody_elses(self, file: Path) -> None:
        for step in steps(file):
            assert "${{" not in step.get("run", ""), "give it to the step by `env:`"

    def test_secrets_come_from_the_host_and_reach_one_step(self) -> None:
        uses = [
            (file.name, step["name"])
            for file in WORKFLOWS
            for step in steps(file)
            if "secrets." in str(step)
        ]
        assert uses == [("rsync.yml", "Build and upload")]

    def test_the_script_and_every_step_are_sound_shell(self) -> None:
        passes(tool("shellcheck"), SCRIPT)
        for file in WORKFLOWS:
            for step in steps(file):
                if "run" in step:
                    passes(tool("shellcheck"), "--shell=bash", "-", text=step["run"])
        for lines in gitlab_scripts().values():
            passes(tool("shellcheck"), "--shell=bash", "-", text="\n".join(lines))

    def test_the_test_workflow_runs_what_the_readme_says_on_every_python(self) -> None:
        assert [step["run"] for step in steps(GITHUB / "test.yml") if "run" in step] == [
            "./run test"
        ]
        job = read(GITHUB / "test.yml")["jobs"]["test"]
        assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def gitlab_scripts() -> dict[str, list[str]]:
    """Every job of GitLab's file with the lines it runs, in order."""
    return {
        name: [*job.get("before_script", []), *job["script"]]
        for name, job in read(GITLAB).items()
        if isinstance(job, dict) and "script" in job
    }


@pytest.fixture(scope="session")
def association(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository with the program and a small site, as it stands online."""
    folder = tmp_path_factory.mktemp("association")
    work = ready_copy(folder / "work")
    shutil.rmtree(work / "content")
    (work / "site.toml").unlink()
    tiny = write_site(folder / "tiny", FILES, SITE)
    shutil.copytree(tiny.content, work / "content")
    shutil.copy(tiny.site, work / "site.toml")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=A small site")
    git(folder, "clone", "--quiet", "--bare", "work", "online.git")
    return folder


@pytest.fixture
def clone(association: Path, tmp_path: Path) -> Path:
    """A fresh clone, as a workflow checks it out, with an environment that is ready."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(association / "online.git"), str(folder))
    shutil.copytree(association / "work" / ".venv", folder / ".venv", symlinks=True)
    stamp = folder / ".venv" / "complete.json"
    old, new = str(association / "work"), str(folder)
    stamp.write_text(stamp.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return lend_bytecode(folder)


class Machine:
    """A machine of the CI service: runs the steps of a workflow in a clone."""

    def __init__(self, clone: Path, tmp: Path, **known: str) -> None:
        self.clone = clone
        self.tools = tmp / "tools"
        self.tools.mkdir(exist_ok=True)
        self.known = known  # what an expression stands for
        self.said = ""

    def program(self, name: str, script: str) -> None:
        """Put a program first on PATH."""
        file = self.tools / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def run(self, script: str, **settings: str) -> int:
        """Run a script as GitHub does: bash, stopping at the first command that fails."""
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "DEPLOY_", "COVERAGE_"))
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.clone,
            env={
                **surroundings,
                "PATH": f"{self.tools}:{surroundings['PATH']}",
                "CI": "true",
                **settings,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def value(self, text: str) -> str:
        """The text with every expression replaced; one that nobody told us of fails the test."""
        return EXPRESSION.sub(lambda match: self.known[match[1]], text)

    def workflow(self, file: Path) -> int:
        """Run every `run:` step of a workflow; stops at the first that fails."""
        for step in steps(file):
            if "run" in step:
                settings = {name: self.value(text) for name, text in step.get("env", {}).items()}
                if code := self.run(step["run"], **settings):
                    return code
        return 0


@pytest.fixture
def machine(clone: Path, tmp_path: Path) -> Machine:
    return Machine(clone, tmp_path)


BUILDER = """\
#!/bin/sh
# Stands for the door: puts a site that was built before where it is asked to put one.
while [ "$1" != --output ]; do shift; done
exec cp -R "$(dirname "$0")/built" "$2"
"""


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site, built."""
    tiny = write_site(tmp_path_factory.mktemp("built") / "tiny", FILES, SITE)
    options = BuildOptions(ROOT, content=tiny.content, site=tiny.site, output=tiny.output)
    assert build(options).ok
    return tiny.output


@pytest.fixture
def uploading(built_once: Path, tmp_path: Path) -> Machine:
    """A machine on which the site is built already: what counts is how it goes up."""
    clone = tmp_path / "clone"
    (clone / "deploy").mkdir(parents=True)
    shutil.copy(SCRIPT, clone / "deploy")
    shutil.copytree(built_once, clone / "built")
    (clone / "run").write_text(BUILDER, encoding="utf-8")
    (clone / "run").chmod(0o755)
    return Machine(clone, tmp_path)


@pytest.fixture
def rsync() -> str:
    program = shutil.which("rsync")
    if program is None:
        pytest.skip("This machine has no rsync.")
    return program


def fault(clone: Path) -> None:
    """Somebody pushes a page with a fault in it."""
    (clone / "content/posts/2026-03-09-bridge.en.md").write_text(
        POST.replace("summary:", "colour: blue\nsummary:"), encoding="utf-8"
    )


class TestGitHubPages:
    def test_its_steps_leave_the_site_where_the_upload_takes_it(self, machine: Machine) -> None:
        machine.known = {"steps.pages.outputs.base_url": "https://tiny.example.org/folder"}
        assert machine.workflow(GITHUB / "pages.yml") == 0, machine.said
        upload = next(s for s in steps(GITHUB / "pages.yml") if "upload-pages" in s.get("uses", ""))
        site = machine.clone / upload["with"]["path"]
        page = (site / "en" / "index.html").read_text(encoding="utf-8")
        assert 'href="https://tiny.example.org/folder/en/"' in page
        assert 'href="/folder/assets/' in page

    def test_a_fault_stops_it_before_anything_is_uploaded(self, machine: Machine) -> None:
        machine.known = {"steps.pages.outputs.base_url": "https://tiny.example.org"}
        fault(machine.clone)
        assert machine.workflow(GITHUB / "pages.yml") == 1
        assert "content/posts/2026-03-09-bridge.en.md" in machine.said
        assert not (machine.clone / "output").exists()


class TestGitLab:
    def test_its_pages_job_leaves_the_site_in_its_artifact(self, machine: Machine) -> None:
        lines = gitlab_scripts()["pages"]
        address = "https://tiny.example.org/folder"
        for line in lines:
            assert machine.run(line, CI_PAGES_URL=address) == 0, machine.said
        (artifact,) = read(GITLAB)["pages"]["artifacts"]["paths"]
        page = (machine.clone / artifact / "cy" / "index.html").read_text(encoding="utf-8")
        assert f'href="{address}/cy/"' in page

    def test_its_rsync_job_puts_the_site_on_the_host(
        self, machine: Machine, rsync: str, tmp_path: Path
    ) -> None:
        machine.program("apt-get", 'echo "$@" >>"$APT"')
        target = tmp_path / "www"
        log = tmp_path / "apt"
        for line in gitlab_scripts()["rsync"]:
            code = machine.run(line, DEPLOY_TARGET=str(target), APT=str(log))
            assert code == 0, machine.said
        assert " rsync openssh-client" in log.read_text(encoding="utf-8")
        assert (target / "current" / "cy" / "index.html").is_file()
        assert rsync


def releases(target: Path) -> list[str]:
    return sorted(path.name for path in (target / "releases").iterdir())


@pytest.mark.usefixtures("rsync")
class TestRsync:
    def test_its_steps_put_the_site_on_the_host(self, machine: Machine, tmp_path: Path) -> None:
        target = tmp_path / "www"
        machine.known = {
            "vars.DEPLOY_TARGET": str(target),
            "vars.DEPLOY_URL": "https://tiny.example.org/sub/",
            "vars.DEPLOY_MODE": "",
            "vars.DEPLOY_PORT": "",
            "vars.DEPLOY_KNOWN_HOSTS": "",
            "secrets.DEPLOY_KEY": "",
        }
        assert machine.workflow(GITHUB / "rsync.yml") == 0, machine.said
        page = (target / "current" / "en" / "index.html").read_text(encoding="utf-8")
        assert 'href="https://tiny.example.org/sub/en/"' in page

    def test_the_new_site_takes_the_old_ones_place_at_once(
        self, uploading: Machine, tmp_path: Path
    ) -> None:
        target = tmp_path / "www"
        assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        (first,) = releases(target)
        old = (target / "current").resolve()
        about = old / "en" / "about-us" / "index.html"
        same = about.stat().st_ino
        shutil.rmtree(uploading.clone / "built/en/blog/the-gutters-are-clear")
        assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        new = (target / "current").resolve()
        assert releases(target) == [first, new.name]
        assert (old / "en" / "blog" / "the-gutters-are-clear").is_dir()
        assert not (new / "en" / "blog" / "the-gutters-are-clear").exists()
        assert not (target / "incoming").exists()
        # What did not change is one file under two names, and keeps its date.
        styles = next((new / "assets").glob("style*.css"))
        assert styles.stat().st_nlink == 2
        assert same == about.stat().st_ino

    def test_three_sites_are_kept_to_go_back_to(self, uploading: Machine, tmp_path: Path) -> None:
        target = tmp_path / "www"
        for day in range(1, 5):
            (target / "releases" / f"2026-01-0{day}T00-00-00Z").mkdir(parents=True)
        (target / "releases" / "our-own").mkdir()
        assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        *before, mine = releases(target)
        assert mine == "our-own"
        assert before[:2] == ["2026-01-03T00-00-00Z", "2026-01-04T00-00-00Z"]
        assert before[2] == (target / "current").resolve().name

    def test_who_goes_back_stays_there_until_they_say_so(
        self, uploading: Machine, tmp_path: Path
    ) -> None:
        target = tmp_path / "www"
        assert uploading.run(f"deploy/rsync.sh --back {target}") == 1
        assert "There is no older site" in uploading.said
        for _ in range(2):
            assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        first, second = releases(target)
        assert uploading.run(f"deploy/rsync.sh --back {target}") == 0, uploading.said
        assert (target / "current").resolve().name == first
        assert uploading.run(f"deploy/rsync.sh {target}") == 1  # the nightly build
        assert f"deploy/rsync.sh --go-on {target}" in uploading.said
        assert (target / "current").resolve().name == first
        assert releases(target) == [first, second]
        assert uploading.run(f"deploy/rsync.sh --go-on {target}") == 0
        assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        assert (target / "current").resolve().name > second

    def test_a_folder_with_a_site_in_place_is_no_place_to_swap(
        self, uploading: Machine, tmp_path: Path
    ) -> None:
        target = tmp_path / "www"
        assert uploading.run(f"deploy/rsync.sh {target}", DEPLOY_MODE="in-place") == 0
        before = sorted(target.rglob("*"))
        assert uploading.run(f"deploy/rsync.sh {target}") == 1
        assert "Set DEPLOY_MODE=in-place" in uploading.said
        assert sorted(target.rglob("*")) == before

    @pytest.mark.parametrize("mode", ["swap", "in-place"])
    def test_a_fault_leaves_the_old_site_standing(
        self, machine: Machine, tmp_path: Path, mode: str
    ) -> None:
        target = tmp_path / "www"
        by_hand = {"DEPLOY_MODE": mode, "CI": ""}  # in CI every build is strict without being told
        assert machine.run(f"deploy/rsync.sh {target}", **by_hand) == 0, machine.said
        before = sorted((path, path.lstat().st_mtime_ns) for path in target.rglob("*"))
        fault(machine.clone)
        assert machine.run(f"deploy/rsync.sh {target}", **by_hand) == 1
        assert "nothing was uploaded" in machine.said
        assert sorted((path, path.lstat().st_mtime_ns) for path in target.rglob("*")) == before

    def test_a_broken_upload_leaves_the_old_site_standing(
        self, uploading: Machine, tmp_path: Path
    ) -> None:
        target = tmp_path / "www"
        assert uploading.run(f"deploy/rsync.sh {target}") == 0, uploading.said
        before = (target / "current").readlink()
        uploading.program("rsync", "exit 12")
        assert uploading.run(f"deploy/rsync.sh {target}") == 1
        assert "The site that stood there still stands." in uploading.said
        assert (target / "current").readlink() == before

    def test_in_place_pages_follow_what_they_need_and_leave_last(
        self, uploading: Machine, rsync: str, tmp_path: Path
    ) -> None:
        target = tmp_path / "www"
        assert uploading.run(f"deploy/rsync.sh {target}", DEPLOY_MODE="in-place") == 0, (
            uploading.said
        )
        (target / ".well-known").mkdir()
        (target / ".htaccess").touch()
        shutil.rmtree(uploading.clone / "built/en/blog/the-gutters-are-clear")
        (uploading.clone / "built/assets/new.css").write_text("p {}\n", encoding="utf-8")
        # After each of the uploads: whether the old page stands.
        seen = tmp_path / "seen"
        page = target / "en" / "blog" / "the-gutters-are-clear"
        uploading.program("rsync", f'{rsync} "$@" && {{ [ -d {page} ]; echo $? >>{seen}; }}')
        assert uploading.run(f"deploy/rsync.sh {target}", DEPLOY_MODE="in-place") == 0, (
            uploading.said
        )
        assert seen.read_text(encoding="utf-8").split() == ["0", "0", "0", "1"]
        assert (target / ".well-known").is_dir()
        assert (target / ".htaccess").is_file()
        assert (target / "en" / "index.html").is_file()

    def test_in_place_never_clears_a_folder_of_something_else(
        self, uploading: Machine, tmp_path: Path
    ) -> None:
        target = tmp_path / "home"
        target.mkdir()
        (target / "thesis.txt").write_text("years of work\n", encoding="utf-8")
        assert uploading.run(f"deploy/rsync.sh {target}", DEPLOY_MODE="in-place") == 1
        assert "holds something that is no site of ours" in uploading.said
        assert [path.name for path in target.iterdir()] == ["thesis.txt"]

    @pytest.mark.parametrize("mode", ["swap", "in-place"])
    def test_a_host_is_reached_by_ssh_with_the_key_and_the_known_host_given(
        self, uploading: Machine, tmp_path: Path, mode: str
    ) -> None:
        target, heard = tmp_path / "www", tmp_path / "heard"
        # In place of the network: notes how it was called, then runs the words on this uploading.
        uploading.program(
            "ssh",
            f"""
            for word; do
                case $word in
                    */key) stat -c 'key %a' "$word" && cat "$word" ;;
                    UserKnownHostsFile=*) cat "${{word#*=}}" ;;
                    *) echo "$word" ;;
                esac
            done >>{heard}
            while [ "${{1%host.example.org}}" = "$1" ]; do shift; done
            shift
            exec sh -c "$*"
            """,
        )
        key = tmp_path / "a key"
        key.write_text("THE KEY\r\n", encoding="utf-8")
        code = uploading.run(
            f"deploy/rsync.sh site@host.example.org:{target}",
            DEPLOY_KEY=str(key),
            DEPLOY_KNOWN_HOSTS="host.example.org ssh-ed25519 AAAA",
            DEPLOY_MODE=mode,
            DEPLOY_PORT="2222",
        )
        assert code == 0, uploading.said
        site = target / "current" if mode == "swap" else target
        assert (site / "en" / "index.html").is_file()
        lines = heard.read_text(encoding="utf-8").splitlines()
        assert {"key 600", "THE KEY", "host.example.org ssh-ed25519 AAAA", "2222"} <= set(lines)
        assert {"BatchMode=yes", "StrictHostKeyChecking=yes"} <= set(lines)


class TestHosts:
    def test_every_setting_of_the_script_is_explained(self) -> None:
        written = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
        used = set(re.findall(r"\bDEPLOY_[A-Z_]+", SCRIPT.read_text(encoding="utf-8")))
        assert {name for name in used if f"`{name}`" not in written} == set()
        for file in (GITHUB / "rsync.yml", GITLAB):
            text = file.read_text(encoding="utf-8")
            assert {name for name in used if name not in text} == set()


class TestRsyncRefuses:
    @pytest.mark.parametrize(
        ("target", "settings", "words"),
        [
            ("", {}, "Where to?"),
            ("www", {}, "is no place for a site"),
            ("host:www", {}, "is no place for a site"),
            ("host::module/www", {}, "is no place for a site"),
            ("/", {}, "is no folder for a site"),
            ("/srv/../etc", {}, "is no folder for a site"),
            ("host:/srv/$(reboot)", {}, "is no folder for a site"),
            ("host:/srv/a b", {}, "is no folder for a site"),
            ("-oProxyCommand=x:/srv", {}, "is no option"),
            ("a-oProxyCommand=x:/srv", {}, "is no name of a host"),
            ("a;b:/srv", {}, "is no name of a host"),
            ("/srv/www", {"DEPLOY_MODE": "quick"}, "It can be swap or in-place."),
            ("--forward", {}, "--forward is no option."),
            ("/srv/www", {"DEPLOY_PORT": "2 2"}, "It can be a number only."),
        ],
    )
    def test_a_target_it_cannot_mean_is_named_before_anything_is_built(
        self, tmp_path: Path, target: str, settings: dict[str, str], words: str
    ) -> None:
        machine = Machine(ROOT, tmp_path)
        machine.program("rsync", "exit 0")
        assert machine.run('deploy/rsync.sh "$TO"', TO=target, **settings) == 2
        assert words in machine.said

    def test_a_machine_without_rsync_is_told_what_to_install(self, tmp_path: Path) -> None:
        machine = Machine(ROOT, tmp_path)
        for name in ("bash", "dirname"):
            (machine.tools / name).symlink_to(str(shutil.which(name)))
        script = f"PATH={machine.tools} deploy/rsync.sh /srv/www"
        assert machine.run(script) == 2
        assert "sudo apt install rsync" in machine.said
