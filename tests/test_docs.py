"""The documents say what is so."""

import re
import tomllib
from pathlib import Path

import pytest

from rufus_mock import fidelity
from rufus_mock.specification import Specification

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGES.md", *sorted((ROOT / "docs").glob("*.md"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", list(fidelity.documents(ROOT)), ids=name)
def test_the_tables_are_those_of_the_contract(specification: Specification, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "<!-- begin " in text
    assert text == fidelity.written(text, specification), "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


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
