"""Each layer imports only those before it."""

import ast
from pathlib import Path

import pytest

import rufus_mock

PACKAGE = Path(rufus_mock.__file__).parent

LAYERS = [
    ["process", "healthcheck"],
    ["resources", "dialects", "bundle", "specification", "admin_specification"],
    ["errors", "timestamps", "json_text", "clock", "identifiers", "authority", "masking"],
    ["world", "excerpt", "validation", "verification"],
    ["csv_format", "generated", "race", "fixtures", "snapshots", "state_file", "faker_provider", "strategies"],
    ["http"],
    ["app"],
    ["gateway", "server", "line_log", "client"],
    ["simulator", "contract"],
    ["serving", "testing", "doctor"],
    ["commands"],
    ["cli", "__main__", "pytest_plugin"],
    ["fidelity"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """The layers that a module imports, at its top or in its functions; imports for types alone do not count."""
    inside = len(path.relative_to(PACKAGE).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == inside:
            found |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("rufus_mock"):
            found.add((node.module or "").split(".")[1])
    return found & set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_to_its_left(path: Path) -> None:
    own = layer(path)
    assert own in RANK, f"{own} has no layer: give it one"
    for other in imports(path) - {own}:
        assert RANK[other] <= RANK[own], f"{own} imports {other}"


def test_the_world_knows_neither_flask_nor_http() -> None:
    for path in (PACKAGE / "world").glob("*.py"):
        code = path.read_text()
        assert "flask" not in code.lower().replace("no flask", "")
        assert "..http" not in code


def test_state_hangs_on_no_module() -> None:
    for path in MODULES:
        for node in ast.parse(path.read_text()).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and isinstance(node.value.func, ast.Name)
            ):
                assert node.value.func.id not in {"World", "Company", "create_app", "Specification", "Flask"}, path


CONTRACT_MAY_IMPORT = {"client", "dialects", "masking", "specification"}
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
    "command": {"checks", "embedded", "report", "runner", "session"},
    "pytest_support": {"checks", "embedded", "judge", "report", "runner", "session"},
    "__init__": {"explore", "judge", "report", "runner", "session"},
}
CONTRACT = PACKAGE / "contract"
CONTRACT_MODULES = sorted(CONTRACT.rglob("*.py"))


def imported(path: Path) -> set[tuple[str, ...]]:
    """The modules of the package that a module imports, as the parts of their names below rufus_mock."""
    package = path.relative_to(PACKAGE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1] + tuple((node.module or "").split("."))
            found |= {tuple(filter(None, (*base, alias.name))) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rufus_mock"):
            found |= {(*(node.module or "").split(".")[1:], alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")[1:]) for alias in node.names if alias.name.startswith("rufus_mock")}
    return found


@pytest.mark.parametrize("path", CONTRACT_MODULES, ids=lambda path: str(path.relative_to(CONTRACT)))
def test_a_module_of_the_contract_kit_imports_only_what_its_folder_may(path: Path) -> None:
    part = path.relative_to(CONTRACT).parts[0].removesuffix(".py")
    modules = imported(path)
    outside = {module[0] for module in modules if module[0] != "contract"}
    inside = {module[1] for module in modules if module[0] == "contract"} - {part}
    assert part == "embedded" or outside <= CONTRACT_MAY_IMPORT
    assert inside <= INSIDE_THE_CONTRACT_KIT[part]
