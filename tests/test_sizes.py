"""Modules of at most 250 lines and functions of at most 40, docstrings not counted. Each exception has a reason."""

import ast
from pathlib import Path

import pytest

from tools.imports import PACKAGE

ROOT = PACKAGE.parent
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for name in ("rufus_mock", "tools", "contract_tests", "tests")
    for path in (ROOT / name).rglob("*.py")
    if "_data" not in path.parts
)

LARGEST_MODULE = 250
LARGEST_FUNCTION = 40

LARGE_FUNCTIONS: dict[tuple[str, str], str] = {}
"""Why a function, given by its module and name, is larger. Remove an entry that is no longer needed."""


def functions(path: Path) -> dict[str, int]:
    """The lines of each function, without its decorators and docstring."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            documentation = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            found[node.name] = (node.end_lineno or 0) - node.lineno + 1 - documentation
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_module_fits_its_limit(module: str) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= LARGEST_MODULE


@pytest.mark.parametrize("module", MODULES)
def test_a_function_fits_its_limit(module: str) -> None:
    large = {name for name, lines in functions(ROOT / module).items() if lines > LARGEST_FUNCTION}
    assert large == {name for path, name in LARGE_FUNCTIONS if path == module}
