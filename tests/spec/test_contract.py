"""The contract as data: whole, valid, with its evidence, and the only place where its facts stand."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

import rufus_mock
from rufus_mock.base import errors
from rufus_mock.base.resources import folder
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS, OPENAPI, in_dialect

FILES = sorted(str(path.relative_to(folder("schemas"))) for path in folder("schemas").rglob("*.json"))
SCHEMAS = [name for name in FILES if name not in {"openapi.json", "admin.json"} and not name.startswith("assumptions/")]
LEVELS = {"documented", "observed", "assumed"}


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


@pytest.mark.parametrize("kind", [Contract, AdminContract])
def test_a_contract_has_only_what_its_document_states(kind: type[Contract | AdminContract]) -> None:
    inspect.getmembers(kind())  # reads every property; one that the document does not define is a KeyError


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_document_is_valid_openapi(contract: Contract, dialect: str) -> None:
    OpenAPIV31SpecValidator(contract.document(dialect)).validate()


def test_the_document_beside_its_schema_files_is_valid_openapi() -> None:
    path = folder("schemas") / "openapi.json"
    OpenAPIV31SpecValidator(json.loads(path.read_text()), base_uri=path.as_uri()).validate()


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_valid_and_so_are_its_examples(contract: Contract, name: str) -> None:
    schema = contract.schema(name.removesuffix(".json"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for example in schema.get("examples", []):
        validator.validate(example)


def test_every_documented_answer_has_an_example(contract: Contract) -> None:
    for operation in contract.operations.values():
        for answer in (operation.success, *operation.errors.values()):
            if answer.schema["x-evidence"]["level"] == "documented":
                assert answer.schema.get("examples"), (operation.id, answer.name)


def test_all_fourteen_operations_are_there(contract: Contract) -> None:
    assert {(operation.method, operation.path) for operation in contract.operations.values()} == {
        ("GET", "/devices"),
        ("GET", "/events"),
        ("POST", "/devices"),
        ("GET", "/devices/{deviceid}"),
        ("DELETE", "/devices/{deviceid}"),
        ("POST", "/sessions"),
        ("PATCH", "/sessions/close/{token_session}"),
        ("GET", "/sessions/device/{deviceid}"),
        ("GET", "/sessions/device/{deviceid}/active"),
        ("GET", "/sessions/{token_session}"),
        ("POST", "/passings"),
        ("GET", "/passings/session/{token_session}"),
        ("GET", "/passings/device/{deviceid}"),
        ("GET", "/passings/device2/{deviceid}"),
    }


def test_every_statement_carries_its_evidence(contract: Contract) -> None:
    evidence = []
    for operation in contract.operations.values():
        answers = [operation.success, *operation.errors.values()]
        evidence += [operation.evidence, *(answer.evidence for answer in answers)]
        evidence += [answer.schema["x-evidence"] for answer in answers]
        evidence += [rule["x-evidence"] for rule in operation.rules]
    evidence += [rule["x-evidence"] for rule in contract.rules]
    for name in SCHEMAS:
        evidence += [
            node["x-evidence"] for node in walk(contract.schema(name.removesuffix(".json"))) if "x-evidence" in node
        ]
    for statement in evidence:
        assert statement["level"] in LEVELS
        # A documented statement names its page; any other says why it is made.
        assert statement["source" if statement["level"] == "documented" else "note"]


def test_rules_have_names_of_their_own(contract: Contract) -> None:
    rules = [rule["id"] for operation in contract.operations.values() for rule in operation.rules]
    rules += [rule["id"] for rule in contract.rules]
    assert len(rules) == len(set(rules))


def test_each_error_of_the_contract_has_its_class_and_no_class_lacks_its_error(contract: Contract) -> None:
    in_contract = set(contract.server_errors) | set(contract.variant_errors)
    for operation in contract.operations.values():
        in_contract |= set(operation.errors)
    classes = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, errors.ApiError) and value is not errors.ApiError
    }
    assert classes == in_contract | set(AdminContract().server_errors)


def test_no_text_of_the_contract_stands_a_second_time_in_code(contract: Contract) -> None:
    texts = {answer.text for answer in contract.server_errors.values()}
    for operation in contract.operations.values():
        texts |= {operation.success.text, *(answer.text for answer in operation.errors.values())}
    package = Path(rufus_mock.__file__).parent
    for module in package.rglob("*.py"):
        code = module.read_text()
        found = {text for text in texts if f'"{text}"' in code}
        assert not found, f"{module} repeats {found}"


def test_answers_let_fields_pass_that_the_contract_does_not_know(contract: Contract) -> None:
    for operation in contract.operations.values():
        for answer in (operation.success, *operation.errors.values()):
            for node in walk(in_dialect(answer.schema, OPENAPI)):
                assert "additionalProperties" not in node
                assert "unevaluatedProperties" not in node


def test_the_openapi_dialect_asks_for_its_envelope_and_its_own_fields(contract: Contract) -> None:
    inserted = contract.operations["insertPassings"].success
    wrapped = in_dialect(inserted.schema, OPENAPI)
    assert wrapped["required"] == ["body"]
    assert "duplicate_count" in wrapped["properties"]["body"]["properties"]
    assert "duplicate_count" not in in_dialect(inserted.schema, "pages")["properties"]
