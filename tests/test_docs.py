"""The documents say what is so."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import hypothesis
import pytest

from rufus_mock import strategies
from rufus_mock.base.clock import Clock
from rufus_mock.base.identifiers import Identifiers
from rufus_mock.cli import cli
from rufus_mock.fixtures.loader import load_fixtures
from rufus_mock.spec.contract import Contract
from rufus_mock.world import World
from tests.servers import mock
from tools import fidelity

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGES.md", *sorted((ROOT / "docs").glob("*.md"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", list(fidelity.documents(ROOT)), ids=name)
def test_the_tables_are_those_of_the_contract(contract: Contract, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "<!-- begin " in text
    assert text == fidelity.written(text, contract), "run `make docs`"


def test_the_schemas_that_a_page_or_a_docstring_names_exist() -> None:
    named = {
        (name(path), schema)
        for path in [*DOCUMENTS, *(ROOT / "rufus_mock").rglob("*.py")]
        for schema in re.findall(r"\bschemas/[\w/.-]+\.json\b", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [(where, schema) for where, schema in sorted(named) if not (ROOT / schema).is_file()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


def test_the_fixture_of_the_readme_loads(contract: Contract, tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(\{\"companies\".*?)```", DOCUMENTS[0].read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "mine.json"
    path.write_text(example)
    world = World(Clock(), Identifiers(), contract.page_size)
    load_fixtures(world, contract, [path])
    company, _ = world.authenticate("ror-00000000000000000001")
    assert company.devices.page(1, 10)[0][0]["passings"] == 500


def test_the_python_of_the_readme_is_that_of_the_how_to_page_which_runs() -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCUMENTS[0].read_text(encoding="utf-8"), re.DOTALL)
    assert snippet in (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")


def test_each_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").lower()
    extras = [entry for entries in project["optional-dependencies"].values() for entry in entries]
    for requirement in project["dependencies"] + extras:
        package = re.match(r"[\w-]+", requirement)
        assert package
        assert package.group().lower() in decisions, f"say in docs/decisions.md why {package.group()} is there"


def test_constraints_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line


SIMULATOR = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line", re.findall(r"^    (?:\$ )?(rufus-mock .*)$", SIMULATOR, re.MULTILINE), ids=lambda line: line[:60]
)
def test_the_commands_of_the_simulators_page_can_be_given(line: str, tmp_path: Path) -> None:
    name, *arguments = shlex.split(line)[1:]
    command = cli.get_command(click.Context(cli), name)
    assert command
    # import asks for files that are there.
    for index, argument in enumerate(arguments):
        if argument.endswith(".csv") and name == "import":
            arguments[index] = str(tmp_path / argument)
            (tmp_path / argument).touch()
    command.make_context(name, arguments)


@pytest.mark.parametrize("number", range(4))
def test_the_python_of_the_simulators_page_runs(number: int, tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", SIMULATOR, re.DOTALL)[number]
    # hypothesis builds a table of all characters on its first day: here, where no health check looks at the time.
    hypothesis.find(strategies.passing_inputs(), lambda _: True)
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(".hypothesis").absolute())}
    with mock("pages", "empty") as base_url:
        if "truth.csv" in code:
            (line,) = re.findall(r"^    (rufus-mock simulate .* --plot race.png)$", SIMULATOR, re.MULTILINE)
            quick = ["--runners", "200", "--speed", "0", "--base-url", base_url]
            command = [str(Path(sys.executable).with_name("rufus-mock")), *shlex.split(line)[1:], *quick]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
            environment["RUFUS_BASE_URL"] = base_url
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done.stderr
    if "truth.csv" in code:
        assert re.findall("as in truth", done.stdout) == ["as in truth"] * 3
        assert "NOT" not in done.stdout
