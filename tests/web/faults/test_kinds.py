"""A kind of fault is one class and one schema."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rufus_mock.base.resources import folder
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.faults import kinds as package
from rufus_mock.web.faults.kinds import kinds

SCHEMAS = folder("schemas") / "admin" / "faults"

SHOUTED = '''"""An answer in capital letters."""

from rufus_mock.web.faults.kinds.kind import ChangedAnswer, Kind


class Shouted(Kind):
    name = "shouted"
    member = "answer"

    def apply(self, answer: ChangedAnswer) -> None:
        answer.response.set_data(answer.response.get_data().upper())
'''
SHOUTED_SCHEMA = '{"properties": {"answer": {"type": "string", "const": "shouted", "description": "Loud."}}}'


def test_each_kind_has_a_module_a_class_and_a_schema_of_its_name() -> None:
    names = {path.stem for path in SCHEMAS.glob("*.json")}
    assert set(kinds()) == names
    for name, kind in kinds().items():
        assert kind.__module__.rpartition(".")[2] == name
        assert kind.__name__.lower() == name
        assert kind.excludes <= names


def test_the_schema_of_a_fault_has_the_members_of_all_kinds() -> None:
    properties = AdminContract().document()["components"]["schemas"]["FaultInput"]["properties"]
    assert {kind.member for kind in kinds().values()} <= properties.keys()
    values = {kind.name for kind in kinds().values() if kind.member == "answer"}
    assert set(properties["answer"]["enum"]) == values
    for value in values:
        assert f"{value}: " in properties["answer"]["description"]


@pytest.mark.parametrize("name", sorted(kinds()))
def test_the_docs_explain_each_kind(name: str) -> None:
    section = (folder("schemas").parent / "docs" / "admin.md").read_text(encoding="utf-8").partition("## Faults")[2]
    assert f"`{name}`" in section


def test_the_kinds_that_lose_the_answer_are_applied_first() -> None:
    losing = [kind.loses_answer for kind in kinds().values()]
    assert losing == sorted(losing, reverse=True)


@pytest.fixture
def shouted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new kind: one module and one schema."""
    schemas = shutil.copytree(folder("schemas"), tmp_path / "schemas")
    (schemas / "admin" / "faults" / "shouted.json").write_text(SHOUTED_SCHEMA)
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "shouted.py").write_text(SHOUTED)
    monkeypatch.setattr("rufus_mock.spec.document.folder", lambda _: schemas)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "kinds")])
    monkeypatch.setattr("rufus_mock.web.faults.effect.kinds", kinds.__wrapped__)
    yield
    sys.modules.pop(f"{package.__name__}.shouted", None)


@pytest.mark.usefixtures("shouted")
def test_a_new_kind_needs_nothing_but_a_module_and_a_schema() -> None:
    client = create_app(Config(fixtures=["empty"])).test_client()
    company = client.post("/__admin/companies", json={}).get_json()
    faults = f"/__admin/companies/{company['id']}/faults"
    assert client.post(faults, json={"answer": "shouted"}).status_code == 201
    answer = client.get("/v0/devices", headers={"api_key": company["keys"]["read"]})
    assert answer.data == b'{"DESCRIPTION":"SUCCESS","RESULT":[]}'
    problem = client.post(faults, json={"answer": "whispered"}).get_json()["errors"][0]
    assert "shouted" in problem["expected"]
