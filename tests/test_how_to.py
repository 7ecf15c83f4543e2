"""The snippets of docs/how-to.md, as they stand there.

Shell blocks run in a network of their own, where ports 8080 and 443 are free and the hosts are those of the page.
A block with a file name after its language is that file. An output block is what the shell block before it prints,
with "..." for what differs.
"""

import doctest
import os
import re
import runpy
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.programs import require

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parent.parent / "docs" / "how-to.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = ("curl", "node", "java", "keytool", "unshare", "ip")
SERVE = re.compile(r"(sudo )?rufus-mock serve[^&\n]*\n")
MARK = "---- next command ----"
FOREIGN = ("_proxy", "_ca_bundle", "_ca_certs", "ssl_cert_file", "ssl_cert_dir", "java_tool_options")
"""Ends of the names of variables that would change what the snippets show."""
UNUSED_PLUGINS = "-p no:schemathesis -p no:faker -p no:anyio"
"""Plugins of this project's other dependencies, which take seconds to import."""


@dataclass(frozen=True)
class Block:
    language: str
    file: str | None
    text: str


def sections() -> dict[str, list[Block]]:
    parts = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        title: [Block(*match.groups()) for match in FENCE.finditer(text)]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


SECTIONS = sections()
PYTHON = {
    f"{title}-{number}": block.text
    for title, blocks in SECTIONS.items()
    for number, block in enumerate(blocks)
    if block.language == "python" and not block.file
}
SCRIPTS = [name for name, text in PYTHON.items() if re.search(r"^(with|result) ", text, re.MULTILINE)]
SHELL = [title for title, blocks in SECTIONS.items() if any(block.language == "sh" for block in blocks)]


def test_the_page_has_snippets_of_each_kind() -> None:
    languages = {block.language for blocks in SECTIONS.values() for block in blocks}
    assert languages == {"python", "sh", "output", "js", "java", "hosts"}
    assert len(PYTHON) > 5


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_python_snippet_runs(name: str, tmp_path: Path) -> None:
    path = tmp_path / "snippet.py"
    path.write_text(PYTHON[name])
    runpy.run_path(str(path), run_name="snippet")


def test_the_snippets_for_pytest_pass(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "RUFUS_MOCK_URL"):
        monkeypatch.delenv(name, raising=False)
    tests = 0
    for number, text in enumerate(PYTHON.values()):
        found = re.findall(r"^def test_", text, re.MULTILINE)
        if found:
            tests += len(found)
            pytester.makepyfile(**{f"test_{number}": text})
    assert tests > 10
    pytester.runpytest_inprocess("-W", "error", "--strict-markers").assert_outcomes(passed=tests)


@cache
def isolated() -> list[str] | None:
    """The command that gives another a network and mounts of its own; None where this machine allows none."""
    for command in (["unshare", "-nm"], ["unshare", "-rnm"]):
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    return None


@pytest.mark.parametrize("title", SHELL)
def test_the_commands_of_a_section_print_what_the_page_says(title: str, tmp_path: Path) -> None:
    require(*NEEDED)
    command = isolated()
    if command is None:
        pytest.skip("needs a network namespace")
    script, expected = write(SECTIONS[title], tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith(FOREIGN)}
    environment["PYTEST_ADDOPTS"] = UNUSED_PLUGINS
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    done = subprocess.run(
        [*command, "--fork", "--pid", "--kill-child", "bash", "-euo", "pipefail", str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = done.stdout.split(MARK + "\n")[1:]
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(printed) == len(expected)
    checker = doctest.OutputChecker()
    for got, want in zip(printed, expected, strict=True):
        if want is not None:
            assert checker.check_output(want, got.rstrip("\n") + "\n", doctest.ELLIPSIS), f"{want}\nbut:\n{got}"


def write(blocks: list[Block], folder: Path) -> tuple[Path, list[str | None]]:
    """Makes the files of a section and one script of its commands. Returns that and what each command is to print."""
    hosts = ["127.0.0.1 localhost\n"]
    lines = ["ip link set lo up", f"mount --bind {folder}/hosts /etc/hosts", 'sudo() { "$@"; }']
    expected: list[str | None] = []
    for block in blocks:
        if block.file:
            (folder / block.file).write_text(block.text)
        elif block.language == "hosts":
            hosts.append(block.text)
        elif block.language == "output":
            expected[-1] = block.text
        elif SERVE.fullmatch(block.text):
            lines += [
                f"({block.text.strip()}) > serve.log 2>&1 &",
                "until grep -q serves serve.log; do sleep 0.05; done",
            ]
        elif block.language == "sh":
            lines += [f"echo {MARK}", block.text, "echo"]
            expected.append(None)
    (folder / "hosts").write_text("".join(hosts))
    script = folder / "script.sh"
    script.write_text("\n".join(lines))
    return script, expected
