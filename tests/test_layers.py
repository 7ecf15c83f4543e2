"""The layers of the package: what may import what, and where state may be kept."""

import ast
from pathlib import Path

import pytest

from tools.imports import LAYERS, MAY_IMPORT, PACKAGE, Import, folder, imports, modules, packages

MODULES = modules()
FOLDERS = sorted({module.parent for module in MODULES if module.parent != Path()})


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_what_its_folder_may_import(module: Path) -> None:
    own = folder(module)
    found = {folder(each.imported) for each in imports(module)} - {own}
    assert found <= set(MAY_IMPORT[own].split())


def test_a_folder_may_import_only_folders_before_it() -> None:
    for number, (name, allowed) in enumerate(MAY_IMPORT.items()):
        assert set(allowed.split()) <= set(LAYERS[:number]), name


def test_the_reader_of_imports_finds_each_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, code in {
        "__init__.py": "",
        "a/__init__.py": "from . import b\nfrom .b import name\n",
        "a/b.py": "def late():\n    from ..c import d, name\n    from rufus_mock.c.d import name\n",
        "c/__init__.py": "",
        "c/d.py": "import json\nfrom flask import Flask\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(code)
    monkeypatch.setattr("tools.imports.PACKAGE", tmp_path)
    found = {(each.importer.as_posix(), each.imported.as_posix()) for each in imports()}
    assert found == {("a/__init__.py", "a/b.py"), ("a/b.py", "c/d.py"), ("a/b.py", "c/__init__.py")}


@pytest.mark.parametrize("path", FOLDERS, ids=str)
def test_a_folder_says_what_it_contains_and_what_it_may_not_know(path: Path) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / path / "__init__.py").read_text()))
    assert text
    assert "import" in text, "say what the folder may import"
    assert "must n" in text, "say what the folder must not or must never know or do"


def test_the_world_knows_neither_flask_nor_http() -> None:
    for module in MODULES:
        if module.parts[0] == "world":
            names = packages(module)
            assert not names & {"flask", "werkzeug", "http", "granian"}, module


def test_only_one_module_knows_granian() -> None:
    assert [module.as_posix() for module in MODULES if "granian" in packages(module)] == ["serving/worker.py"]


def test_state_hangs_on_no_module() -> None:
    for module in MODULES:
        for node in ast.parse((PACKAGE / module).read_text()).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and isinstance(node.value.func, ast.Name)
            ):
                assert node.value.func.id not in {
                    "World",
                    "Company",
                    "create_app",
                    "Contract",
                    "AdminContract",
                    "Flask",
                }, module


CONTRACT_MAY_IMPORT = {"base", "client", "spec"}
"""What the kit may import of the rest of the package. Only embedded.py, which starts a mock, may import more."""

INSIDE_THE_CONTRACT_KIT = {
    "wording": set(),
    "times": set(),
    "session": {"wording"},
    "judge": {"session", "wording"},
    "explore": {"judge", "session", "times", "wording"},
    "run": {"explore", "judge", "session"},
    "subject": {"judge", "run", "session", "times"},
    "reads": {"judge", "run", "session", "subject", "times", "wording"},
    "checks": {"explore", "judge", "reads", "run", "session", "subject", "wording"},
    "report": {"judge", "session"},
    "runner": {"checks", "judge", "report", "run", "session", "subject"},
    "embedded": {"session"},
    "command": {"checks", "embedded", "judge", "report", "runner", "session"},
    "pytest_support": {"checks", "embedded", "judge", "report", "runner", "session"},
    "__init__": {"explore", "judge", "report", "runner", "session"},
}
CONTRACT_MODULES = [module for module in MODULES if module.parts[0] == "contract"]


@pytest.mark.parametrize("module", CONTRACT_MODULES, ids=str)
def test_a_module_of_the_contract_kit_imports_only_what_its_folder_may(module: Path) -> None:
    own = _part(module)
    found: list[Import] = list(imports(module))
    outside = {each.imported.parts[0] for each in found if each.imported.parts[0] != "contract"}
    inside = {_part(each.imported) for each in found if each.imported.parts[0] == "contract"} - {own}
    assert own == "embedded" or outside <= CONTRACT_MAY_IMPORT
    assert inside <= INSIDE_THE_CONTRACT_KIT[own]


def _part(module: Path) -> str:
    return module.parts[1].removesuffix(".py")
