"""contract_tests/: one readable test per check, one file per subject."""

import ast
import re
from pathlib import Path

from rufus_mock.contract.checks import all_checks
from tests.contract.mutants import MUTANTS

FOLDER = Path(__file__).parent.parent.parent / "contract_tests"


def functions() -> list[ast.FunctionDef]:
    return [
        node
        for path in sorted(FOLDER.glob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]


def test_every_check_has_one_test_with_its_name() -> None:
    assert sorted(function.name for function in functions()) == sorted(f"test_{check.name}" for check in all_checks())


def test_a_test_has_the_title_of_its_check_and_runs_it() -> None:
    titles = {f"test_{check.name}": check.title for check in all_checks()}
    for function in functions():
        assert ast.get_docstring(function) == titles[function.name]
        assert ast.unparse(function.body[-1]).endswith(f".{function.name.removeprefix('test_')})")


def test_the_page_of_the_kit_names_every_file_and_the_number_of_mutants() -> None:
    page = (FOLDER.parent / "docs" / "contract.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(test_\w+\.py)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(path.name for path in FOLDER.glob("test_*.py"))
    assert re.findall(r"(\d+) mutants", page) == [str(len(MUTANTS))]
