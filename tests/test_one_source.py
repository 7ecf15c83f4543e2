"""Facts that are defined in one place and shown in several."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from rufus_mock.base.defaults import BASE_URL, BUDGET, EXAMPLES, EXAMPLES_EMBEDDED, HOST, PORT, RATE
from rufus_mock.base.extras import EXTRAS
from rufus_mock.cli import COMMANDS, cli
from rufus_mock.fixtures.builtin import DEFAULT_FIXTURE, fixture_names
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.spec.contract import Contract
from tools.imports import PACKAGE

ROOT = PACKAGE.parent
DOCUMENTS = ["README.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md")))]
OTHERS = ["Dockerfile", "Makefile", "compose.yaml", *(f"deploy/{path.name}" for path in (ROOT / "deploy").iterdir())]
LOCAL_MOCK = re.compile(r"(?:127\.0\.0\.1|localhost):(\d+)/(?:v0|__admin|openapi\.json)")


def text_of(name: str) -> str:
    """The text of a file, in which a line break is a space."""
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


def help_of(command: str) -> str:
    return " ".join(CliRunner().invoke(cli, [command, "--help"]).output.split())


def strings(path: Path) -> Iterator[str]:
    """The string constants of a module, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def test_the_extras_are_those_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    modules = {
        extra: {re.split(r"[^\w-]", name)[0].replace("-", "_").replace("pyyaml", "yaml") for name in required}
        for extra, required in declared.items()
    }
    assert {extra: set(names) for extra, names in EXTRAS.items()} == modules


@pytest.mark.parametrize("name", [*DOCUMENTS, *OTHERS, *(str(p.relative_to(ROOT)) for p in PACKAGE.rglob("*.py"))])
def test_text_names_only_extras_that_exist(name: str) -> None:
    named = re.findall(r"(?:rufus-mock|['\" ]\.)\[([a-z,]+)\]", text_of(name))
    assert {extra for extras in named for extra in extras.split(",")} <= set(EXTRAS)


def test_one_module_says_how_to_install_an_extra() -> None:
    sayers = [path for path in PACKAGE.rglob("*.py") if any("rufus-mock[" in text for text in strings(path))]
    assert [path.relative_to(PACKAGE).as_posix() for path in sayers] == ["base/extras.py"]


def test_the_help_and_the_docs_show_the_defaults_of_the_contract_kit() -> None:
    shown = help_of("contract")
    assert f"Requests per second. [default: {RATE:g}; embedded: no limit]" in shown
    assert f"Requests in total. [default: {BUDGET}; embedded: no limit]" in shown
    assert f"Examples per property. [default: {EXAMPLES}; embedded: {EXAMPLES_EMBEDDED}]" in shown
    assert f"at most {RATE:g} per second and {BUDGET} in total" in text_of("README.md")
    assert f"`--rate` is {RATE:g} requests per second and `--budget` {BUDGET} requests" in text_of("docs/contract.md")


@pytest.mark.parametrize("name", [*DOCUMENTS, *OTHERS])
def test_every_url_of_a_local_mock_in_the_docs_has_the_default_port(name: str) -> None:
    assert set(LOCAL_MOCK.findall(text_of(name))) <= {str(PORT)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_url_of_a_local_mock_in_a_help_text_has_the_default_port(command: str) -> None:
    assert set(LOCAL_MOCK.findall(help_of(command))) <= {str(PORT)}


def test_the_documents_name_the_mock_at_its_default_address() -> None:
    assert Contract().document()["servers"][0]["url"] == BASE_URL
    assert AdminContract().document()["servers"][0]["url"] == f"http://{HOST}:{PORT}/__admin"
    assert f"| `--port` | `RUFUS_MOCK_PORT` | `{PORT}` |" in text_of("README.md")


def test_one_module_knows_the_default_port() -> None:
    knowing = [path for path in PACKAGE.rglob("*.py") if any(f":{PORT}" in text for text in strings(path))]
    assert knowing == []


def test_the_help_of_serve_lists_the_built_in_fixtures() -> None:
    shown = help_of("serve")
    assert f"Initial data: {', '.join(fixture_names())}, or a file." in shown
    assert f"[default: {DEFAULT_FIXTURE}]" in shown


@pytest.mark.parametrize("name", sorted(set(COMMANDS.values())))
def test_showing_the_help_of_a_command_needs_no_extra(name: str) -> None:
    optional = {module for modules in EXTRAS.values() for module in modules}
    code = f"import sys, rufus_mock.commands.{name}; print(*{optional} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []
