"""The nightly jobs in deploy/: their shell steps run as they stand, for several nights, with git and an API server."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rufus_mock.web.app import create_app
from tests.contract.mutants import mutant_named
from tests.programs import require
from tests.servers import READ, serving
from tests.test_deploy import DEPLOY, read

TOKEN = "project-token"
BROKEN = "device_404_is_html"
DOCKER = """#!/bin/sh
# Runs the command of `docker run … IMAGE contract …` on this machine.
while [ "$1" != contract ]; do shift; done
exec rufus-mock "$@" --rate 100000 --operation getDevice
"""
GITLAB_IMAGE = """#!/bin/sh
exec "$RUFUS_MOCK" "$@" --rate 100000 --operation getDevice
"""


class Forge:
    """The part of the issue API of GitHub or GitLab that the jobs use, with the issues of one project."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.issues: list[dict[str, Any]] = []
        self.down = False
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"null")
                token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN")
                allowed = token in (f"Bearer {TOKEN}", TOKEN) and not forge.down
                status, content = forge.handle(self.command, self.path, body) if allowed else (503, {})
                data = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def handle(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        _, _, below = parts.path.partition("/issues")
        _, number, *rest = below.split("/") if below else ("", "")
        if method == "GET":
            (label,) = parse_qs(parts.query)["labels"]
            return 200, [issue for issue in self.issues if issue["open"] and label in issue["labels"]]
        if not number:
            new = len(self.issues) + 1
            text = body.get("body") or body["description"]
            issue: dict[str, Any] = {
                "number": new,
                "iid": new,
                "open": True,
                "labels": [*body["labels"]] if self.kind == "github" else [body["labels"]],
                "texts": [text],
            }
            self.issues.append(issue)
            return 201, issue
        issue = self.issues[int(number) - 1]
        if rest:
            assert (method, rest) == ("POST", ["comments" if self.kind == "github" else "notes"])
            issue["texts"].append(body["body"])
        elif self.kind == "github":
            assert (method, body) == ("PATCH", {"state": "closed"})
            issue["open"] = False
        else:
            assert (method, body) == ("PUT", {"state_event": "close"})
            issue["open"] = False
        return 200, issue

    @property
    def seen(self) -> list[tuple[bool, int]]:
        """Each issue: whether it is open, and how many texts it has."""
        return [(issue["open"], len(issue["texts"])) for issue in self.issues]


class Nights:
    """One project of a forge, whose job runs once for each night, in a new checkout as there."""

    def __init__(self, forge: Forge, folder: Path, target: str) -> None:
        self.forge, self.folder, self.target = forge, folder, target
        self.number = 0
        (folder / "bin").mkdir()
        self._program("docker", DOCKER)
        self._program("rufus-mock", GITLAB_IMAGE)
        self._program("apk", "#!/bin/sh\n")
        self.environment = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder.parent / "cache"),
            "RUFUS_MOCK": str(Path(sys.executable).with_name("rufus-mock")),
            "RUFUS_API_KEY": READ,
            "CI": "true",
        }
        # A forge takes push options, such as ci.skip.
        self.shell(
            "git init --quiet --bare remote.git && git -C remote.git config receive.advertisePushOptions true", folder
        )
        self.shell(
            "git init --quiet seed && cd seed && git config user.name t && git config user.email t@localhost && "
            "echo x > file && git add file && git commit --quiet -m x && git push --quiet ../remote.git HEAD:main",
            folder,
        )

    def _program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def shell(self, script: str, folder: Path, *shell: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [*(shell or ("sh", "-e", "-c")), script]
        return subprocess.run(
            command, cwd=folder, env=self.environment | variables, capture_output=True, text=True, timeout=120
        )

    def night(self) -> tuple[int, str]:
        """Runs the job. Returns its exit status and what it printed."""
        self.number += 1
        folder = self.folder / f"night-{self.number}"
        self.shell(f"git clone --quiet --branch main remote.git {folder.name}", self.folder)
        printed = ""
        for script, variables in self._steps():
            done = self.shell(script, folder, *self._shell, **variables)
            printed += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, printed
        return 0, printed

    @property
    def _shell(self) -> tuple[str, ...]:
        return ("bash", "-e", "-c") if self.forge.kind == "github" else ("sh", "-e", "-c")

    def _steps(self) -> Iterator[tuple[str, dict[str, str]]]:
        if self.forge.kind == "github":
            workflow = read(DEPLOY / "nightly-github-actions.yml")
            variables = {
                **workflow["env"],
                "TARGET": self.target,
                "GITHUB_API_URL": self.forge.url,
                "GITHUB_REPOSITORY": "timing/races",
                "GITHUB_SERVER_URL": "https://forge.example",
                "GITHUB_RUN_ID": str(self.number),
                "GITHUB_STEP_SUMMARY": str(self.folder / "step-summary.md"),
                "GITHUB_TOKEN": TOKEN,
            }
            for step in workflow["jobs"]["contract"]["steps"]:
                if "run" in step:
                    yield step["run"], variables
            return
        pipeline = read(DEPLOY / "nightly-gitlab-ci.yml")
        variables = {
            **pipeline["variables"],
            "TARGET": self.target,
            "REPOSITORY": str(self.folder / "remote.git"),
            "CI_API_V4_URL": self.forge.url,
            "CI_PROJECT_ID": "7",
            "CI_PIPELINE_URL": f"https://forge.example/{self.number}",
            "PROJECT_TOKEN": TOKEN,
        }
        for name in pipeline["stages"]:
            for script in pipeline[name]["script"]:
                yield script, variables


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest) -> Iterator[Forge]:
    require("bash", "curl", "git", "jq")
    forge = Forge(request.param)
    thread = threading.Thread(target=forge.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield forge
    forge.server.shutdown()
    thread.join()
    forge.server.server_close()


def test_one_issue_is_opened_updated_and_closed(forge: Forge, tmp_path: Path) -> None:
    faultless, broken = create_app(), mutant_named(BROKEN).application()
    current = [faultless]
    with serving(lambda environ, start: current[0](environ, start)) as url:
        nights = Nights(forge, tmp_path, url)

        def night(application: Any) -> list[tuple[bool, int]]:
            current[0] = application
            assert nights.night()[0] == 0
            return forge.seen

        assert night(faultless) == []
        assert night(broken) == [(True, 1)]
        assert night(broken) == [(True, 1)], "nothing has changed"
        assert night(faultless) == [(False, 2)]
        assert night(faultless) == [(False, 2)]
        assert night(broken) == [(False, 2), (True, 1)]
        forge.down = True
        current[0] = faultless
        assert nights.night()[0] != 0
    texts = forge.issues[0]["texts"]
    assert "Drift: 1 breaking finding" in texts[0]
    assert "new: `breaking: getDevice body, getDevice 404 DeviceNotFound (held before)`" in texts[0]
    assert "gone: `breaking: getDevice body" in texts[1]
    assert READ not in json.dumps(forge.issues)
    kept = nights.shell("git ls-tree --name-only rufus-contract-history", tmp_path / "remote.git").stdout.split()
    assert len(kept) == 7
    assert all(name.endswith(".json") for name in kept)


def test_a_run_that_does_not_reach_its_end_fails_the_job_and_leaves_the_issues_alone(
    forge: Forge, tmp_path: Path
) -> None:
    nights = Nights(forge, tmp_path, "http://127.0.0.1:9/v0")
    status, printed = nights.night()
    assert status == 1
    assert "Connection refused" in printed
    assert forge.issues == []
