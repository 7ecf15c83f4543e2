"""Which folder of the package imports which. `make docs` draws the diagram of docs/architecture.md from it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "rufus_mock"

MAY_IMPORT = {
    "base": "",
    "spec": "base",
    "assumptions": "base spec",
    "world/store": "",
    "world": "base spec assumptions world/store",
    "race": "base",
    "faker_provider.py": "base",
    "fixtures": "base spec assumptions world race",
    "strategies.py": "base spec",
    "web/faults/kinds": "base spec",
    "web/faults": "base spec world web/faults/kinds",
    "web/request": "base spec assumptions world web/faults",
    "web/views": "base spec assumptions world web/request",
    "web/admin": "base spec assumptions world fixtures web/faults web/request",
    "web": "base spec assumptions world fixtures web/request web/views web/admin",
    "serving": "base spec assumptions world fixtures web/faults web/request web",
    "client": "base spec",
    "simulator": "base spec world race fixtures faker_provider.py client",
    "contract": "base spec client serving web",
    "calibration/laboratory": "base spec assumptions client contract",
    "calibration/probes": "base spec assumptions contract calibration/laboratory",
    "calibration": "base spec assumptions contract calibration/laboratory calibration/probes",
    "doctor": "base spec client",
    "spec_watch": "base spec client",
    "testing": "base spec assumptions world fixtures web serving",
    "testing/assumptions": "spec assumptions testing",
    "commands": "base spec assumptions race fixtures web/admin serving client simulator contract calibration doctor "
    "spec_watch",
    "": "base assumptions commands serving testing testing/assumptions",
}
"""The folders of the package, each with those that it may import, which stand before it. "" is the root of the package.

Public modules of the root that other folders import have their own entries.
"""

LAYERS = tuple(MAY_IMPORT)


@dataclass(frozen=True, order=True)
class Import:
    """One module of the package imports another. Both are paths relative to the package."""

    importer: Path
    imported: Path


def modules() -> list[Path]:
    """All modules of the package, as paths relative to it."""
    return sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def imports(*importers: Path) -> Iterator[Import]:
    """The imports of these modules, or of all modules, including those in functions and for types only."""
    known = set(modules())
    for module in importers or sorted(known):
        for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for imported in _imported(module, node, known):
                    yield Import(module, imported)


def packages(module: Path) -> set[str]:
    """The top-level names of the absolute imports of a module."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found


def folder(module: Path) -> str:
    """The entry of LAYERS to which a module belongs. The folders inside contract/ are one."""
    if module.parts[0] == "contract":
        return "contract"
    if module.parent == Path():
        return module.name if module.name in LAYERS else ""
    return module.parent.as_posix()


def arrows() -> set[tuple[str, str]]:
    """The folders that import from each other: (importer, imported)."""
    found = {(folder(each.importer), folder(each.imported)) for each in imports()}
    return {(importer, imported) for importer, imported in found if importer != imported}


def diagram() -> str:
    """The folders and their imports as a Mermaid flowchart, without arrows to base/, which every folder may import."""
    lines = ["flowchart TD"]
    lines += [f'  {_node(name)}["{_label(name)}"]' for name in LAYERS]
    lines += [
        f"  {_node(importer)} --> {_node(imported)}" for importer, imported in sorted(arrows()) if imported != "base"
    ]
    return "\n".join(["```mermaid", *lines, "```"])


def _node(name: str) -> str:
    return name.replace("/", "_").replace(".", "_") or "root"


def _label(name: str) -> str:
    return name if name.endswith(".py") else f"{name}/" if name else "rufus_mock/ (cli, __main__, pytest_plugin)"


def _imported(module: Path, node: ast.ImportFrom, known: set[Path]) -> Iterator[Path]:
    if node.level:
        base = Path(*module.parts[: len(module.parts) - node.level])
    elif (node.module or "").split(".")[0] == PACKAGE.name:
        base = Path()
    else:
        return
    parts = node.module.split(".") if node.module else []
    base = base.joinpath(*(parts if node.level else parts[1:]))
    for alias in node.names:
        candidates = (
            base / f"{alias.name}.py",
            base / alias.name / "__init__.py",
            base.with_suffix(".py") if base.name else base / "__init__.py",
            base / "__init__.py",
        )
        found = next((path for path in candidates if path in known), None)
        if found is not None:
            yield found
