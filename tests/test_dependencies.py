"""Each distribution that the package imports is declared, where it is needed, and the server needs no extra."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from tools.imports import PACKAGE, modules, packages

PROJECT = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]

CORE = "core"
DECLARED = {CORE: PROJECT["dependencies"], **PROJECT["optional-dependencies"]}

NEEDS = {
    "client": ("contract", "simulator"),
    "calibration": ("contract",),
    "contract": ("contract",),
    "doctor": ("contract", "simulator"),
    "faker_provider.py": ("simulator",),
    "pytest_plugin.py": ("contract",),
    "serving/certificates.py": ("tls",),
    "simulator": ("simulator",),
    "simulator/plot.py": ("plot",),
    "spec_watch": ("contract",),
    "strategies.py": ("contract",),
    "testing/assumptions": ("contract",),
    "testing/intercept.py": ("contract", "simulator"),
}
"""The extras of the modules and folders that need one. Each of several extras has to be enough by itself."""

IMPORTED_BY_OTHERS = {"rfc3339-validator", "tzdata"}
"""jsonschema knows the format date-time only if the first one is installed. zoneinfo reads the other one on Windows."""


@pytest.mark.parametrize("module", modules(), ids=str)
def test_what_a_module_imports_is_a_dependency_of_the_core_or_of_its_extra(module: Path) -> None:
    imported = packages(module) - sys.stdlib_module_names - {PACKAGE.name}
    needed = {distribution(name) for name in imported}
    for extra in extras(module):
        undeclared = needed - declared(CORE) - declared(extra)
        assert not undeclared, f"declare these in pyproject.toml, for {extra}: {', '.join(sorted(undeclared))}"


def test_every_dependency_is_imported() -> None:
    imported = {
        distribution(name)
        for module in modules()
        for name in packages(module) - sys.stdlib_module_names - {PACKAGE.name}
    }
    assert {name for extra in DECLARED for name in declared(extra)} == imported | IMPORTED_BY_OTHERS


WITHOUT = """
import sys
from importlib import import_module

class Refuse:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in refused:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

refused = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Refuse)
import_module(sys.argv[2])
"""
"""Imports a module as if others were not installed."""


@pytest.mark.parametrize("module", ["rufus_mock.web.app", "rufus_mock.serving.serve", "rufus_mock.testing.mock"])
def test_the_server_needs_only_what_the_core_dependencies_install(module: str) -> None:
    core = installed_with(declared(CORE)) | {PROJECT["name"]}
    refused = [top for top, names in installed().items() if not {requirement_name(name) for name in names} & core]
    assert {"hypothesis", "jsonschema", "pytest", "requests", "trustme"} <= set(refused)
    command = [sys.executable, "-I", "-c", WITHOUT, ",".join(refused), module]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def extras(module: Path) -> tuple[str, ...]:
    """The extras that a module may rely on: those of the module, else those of the closest folder."""
    places = [module, *module.parents]
    return next((NEEDS[place.as_posix()] for place in places if place.as_posix() in NEEDS), (CORE,))


def declared(extra: str) -> set[str]:
    return {requirement_name(requirement) for requirement in DECLARED[extra]}


def requirement_name(requirement: str) -> str:
    """The normal form of the name of a requirement: jsonschema-rs>=0.33 has the name jsonschema-rs."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@cache
def installed() -> Mapping[str, list[str]]:
    """The distributions that install each top-level module."""
    return metadata.packages_distributions()


@cache
def distribution(name: str) -> str:
    """The distribution that installs a top-level module."""
    (found,) = set(installed()[name])
    return requirement_name(found)


def installed_with(names: set[str]) -> set[str]:
    """These distributions and all that they require, without their extras."""
    found: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        try:
            requirements = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:  # another platform needs it
            continue
        found.add(requirement_name(metadata.metadata(name)["Name"]))
        left |= {requirement_name(each) for each in requirements if "extra ==" not in each} - found
    return found
