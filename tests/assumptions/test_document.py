"""The OpenAPI document of a running mock describes what that mock does, in each variant."""

import json
import re
from functools import lru_cache
from typing import Any

import pytest
import requests as http
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.serving.server import Server
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config, create_app
from tests.assumptions.requests import requests
from tests.assumptions.test_journal_exactly import known
from tests.assumptions.twin import Request, Subject

CONTRACT = Contract()
VARIANTS = [
    pytest.param(id, variant, id=f"{id}={variant}")
    for id, each in CONTRACT.assumptions.items()
    for variant in each.variants
]


@lru_cache(maxsize=8)  # each takes megabytes
def document(dialect: str, id: str, variant: str) -> dict[str, Any]:
    return CONTRACT.document(dialect, variants={id: variant})


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("id", "variant"), VARIANTS)
def test_a_document_states_the_variant(dialect: str, id: str, variant: str) -> None:
    assumption = CONTRACT.assumptions[id]
    described = document(dialect, id, variant)
    applies = dialect in assumption.dialects
    assert described["x-assumptions"] == ({id: variant} if applies else {})
    for item in described["paths"].values():
        for operation in item.values():
            stated = applies and operation["operationId"] in assumption.operations
            assert operation.get("x-assumptions", {}) == ({id: variant} if stated else {})


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=5)
@given(data=st.data())
def test_an_answer_under_a_variant_is_one_that_its_document_describes(dialect: str, data: Any) -> None:
    subject = Subject(dialect)
    for _ in range(data.draw(st.integers(1, 8))):
        request = data.draw(requests(*known(subject)))
        subject.send(request)
        for id, variant in data.draw(st.lists(st.sampled_from(sorted(subject.others)), min_size=5, max_size=5)):
            answer = subject.others[id, variant]
            problem = departure(document(dialect, id, variant), request, answer)
            assert problem is None, (id, variant, request, answer)


def departure(described: dict[str, Any], request: Request, answer: Any) -> str | None:
    """How an answer differs from a document. None if it does not, or if the request reaches no operation."""
    status, body, _ = answer
    operation = _operation(described, request)
    if operation is None:
        return None
    responses = operation["responses"]
    if str(status) not in responses:
        return f"{status}: not among {', '.join(responses)}"
    response = responses[str(status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if "content" not in response:
        return None if not body else f"a body: {body}"
    schema = response["content"]["application/json"]["schema"]
    try:
        value = json.loads(body)
    except ValueError:
        value = body.decode()  # a captured text
    validator = Draft202012Validator({**schema, "components": described["components"]}, validate_formats=True)
    error = next(validator.iter_errors(value), None)
    return None if error is None else str(error)


def _operation(described: dict[str, Any], request: Request) -> dict[str, Any] | None:
    for path, item in described["paths"].items():
        pattern = "/v0" + re.sub(r"\{\w+\}", "[^/]+", path)
        if re.fullmatch(pattern, request.path) and request.method.lower() in item:
            operation: dict[str, Any] = item[request.method.lower()]
            return operation
    return None


def test_a_running_mock_serves_the_document_of_its_variants() -> None:
    config = Config(fixtures=["empty"], assumptions={"insert.status": "200", "insert.inserted-count": "stored"})
    with Server(create_app(config)) as server:
        described = http.get(f"{server.url}/openapi.json", timeout=10).json()
    assert described["x-assumptions"] == {"insert.status": "200"}
    insert = described["paths"]["/passings"]["post"]
    assert "200" in insert["responses"]
    assert "201" not in insert["responses"]
    assert STATEMENTS["insert.status"].variants["200"]() == 200


def test_a_rule_says_what_the_chosen_variant_does() -> None:
    rules = document("pages", "insert.duplicates", "last-wins")["paths"]["/passings"]["post"]["x-rules"]
    rule = next(rule for rule in rules if rule["id"] == "passing-identity")
    assert rule["statement"] == CONTRACT.assumptions["insert.duplicates"].variants["last-wins"].sentence
