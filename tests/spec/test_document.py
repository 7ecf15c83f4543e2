"""The OpenAPI documents as a code generator reads them: named components, one name a schema, servers in order."""

import http.client
import json
import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from rufus_mock.base.resources import folder
from rufus_mock.serving.certificates import Authority
from rufus_mock.serving.server import Server
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.spec.bundle import METHODS
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config, create_app
from tests.raw import exchange

LIVE = "https://api.runonrufus.com/v0"
DEFAULT = "http://127.0.0.1:8080/v0"

API = {dialect: Contract().document(dialect) for dialect in DIALECTS}
DOCUMENTS: dict[str, dict[str, Any]] = {**API, "admin": AdminContract().document()}
COMPONENT = "#/components/schemas/"


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def responses(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The responses of an operation by status, references to shared ones put in."""
    for status, response in operation["responses"].items():
        name = response.get("$ref", "").rpartition("/")[2]
        yield status, document["components"]["responses"][name] if name else response


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where an operation answers with a body, and the alternatives for it."""
    for operation in operations(document):
        for status, response in responses(document, operation):
            schema = response["content"]["application/json"]["schema"]
            yield f"{operation['operationId']} {status}", schema.get("anyOf", [schema])


def schemas(node: Any) -> Iterator[dict[str, Any]]:
    """All schemas within a node; values such as examples are none."""
    if isinstance(node, list):
        for item in node:
            yield from schemas(item)
    elif isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in {"examples", "example", "enum", "const", "default"}:
                yield from schemas(value)


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return DOCUMENTS[request.param]


@pytest.fixture(params=DIALECTS)
def api(request: pytest.FixtureRequest) -> dict[str, Any]:
    return API[request.param]


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_each_component_has_a_title_of_its_own_and_is_called_by_it(document: dict[str, Any]) -> None:
    components = document["components"]["schemas"]
    assert {name: schema["title"] for name, schema in components.items()} == {name: name for name in components}
    titles = [node["title"] for node in schemas(components) if isinstance(node.get("title"), str)]
    assert sorted(titles) == sorted(components)
    assert all(name.isidentifier() for name in components)


def test_each_answer_is_a_named_component_and_its_alternatives_differ(document: dict[str, Any]) -> None:
    for place, alternatives in bodies(document):
        names = [alternative["$ref"].removeprefix(COMPONENT) for alternative in alternatives]
        assert len(set(names)) == len(names), place
        assert set(names) <= document["components"]["schemas"].keys(), place


def test_each_body_of_a_request_is_a_named_component(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schema["$ref"].startswith(COMPONENT), operation["operationId"]


def test_entries_of_lists_are_named_components(document: dict[str, Any]) -> None:
    for node in schemas(document["components"]["schemas"]):
        assert "properties" not in node.get("items", {}), node


def test_each_component_is_used(document: dict[str, Any]) -> None:
    referred = {node["$ref"] for node in schemas(document) if isinstance(node.get("$ref"), str)}
    assert {COMPONENT + name for name in document["components"]["schemas"]} <= referred


def test_each_enum_has_a_type(document: dict[str, Any]) -> None:
    assert [node for node in schemas(document) if "enum" in node and "type" not in node] == []


def test_each_operation_has_a_summary_and_a_description(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert operation["summary"]
        assert operation["description"].endswith("."), operation["operationId"]


def test_each_parameter_has_a_description_and_an_example_that_is_valid(document: dict[str, Any]) -> None:
    for name, parameter in document["components"]["parameters"].items():
        assert parameter["description"], name
        schema = {**parameter["schema"], "components": document["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(parameter["example"])


def test_the_examples_of_each_component_are_valid(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        reference = {"$ref": COMPONENT + name, "components": document["components"]}
        for example in schema.get("examples", []):
            Draft202012Validator(reference, format_checker=FormatChecker()).validate(example)


def test_each_operation_of_the_api_can_answer_429_with_retry_after(api: dict[str, Any]) -> None:
    for operation in operations(api):
        response = dict(responses(api, operation))["429"]
        assert response["headers"]["Retry-After"]["schema"]["type"] == "integer"
        assert "TooManyRequests" in response["content"]["application/json"]["schema"]["$ref"]


def test_each_operation_of_the_admin_api_has_the_errors_that_it_can_answer() -> None:
    document = DOCUMENTS["admin"]
    probes = {"getHealth", "getReady"}
    for path, item in document["paths"].items():
        for operation in item.values():
            name, expected = operation["operationId"], {"403"}
            if name not in probes:
                expected |= {"401"}
            if "{id}" in path and name != "putCompany":
                expected |= {"404"}
            if "requestBody" in operation or "limit" in json.dumps(operation.get("parameters", [])):
                expected |= {"400"}
            if "requestBody" in operation and name not in {"putState", "putCompanyState"}:
                expected |= {"413"}
            assert {status for status in operation["responses"] if status >= "400"} == expected, name


def test_the_null_of_an_internal_error_is_in_the_openapi_dialect_only() -> None:
    assert API["openapi"]["components"]["schemas"]["InternalError"]["type"] == "null"
    assert API["pages"]["components"]["schemas"]["InternalError"]["type"] == "object"


def test_two_schemas_of_one_title_are_refused(tmp_path: Path) -> None:
    root = shutil.copytree(folder("schemas"), tmp_path / "schemas")
    path = root / "errors" / "passings-not-found-on-device.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "title": "PassingsNotFoundInSession"}))
    with pytest.raises(ValueError, match="PassingsNotFoundInSession"):
        Contract(root).document()


def test_clients_call_the_mock_and_not_the_live_api_by_default(api: dict[str, Any]) -> None:
    assert [server["url"] for server in api["servers"]] == [DEFAULT, LIVE]


def test_base_path_and_host_hang_on_no_order_of_the_servers(tmp_path: Path) -> None:
    root = shutil.copytree(folder("schemas"), tmp_path / "schemas")
    path = root / "openapi.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "servers": document["servers"][::-1]}))
    contract = Contract(root)
    assert (contract.base_path, contract.host) == ("/v0", "api.runonrufus.com")


def served(server: Server, path: str, context: ssl.SSLContext | None = None, **headers: str) -> list[str]:
    """The base URLs in a document that a server serves."""
    raw = socket.create_connection((server.host, server.port), timeout=10)
    connection = http.client.HTTPConnection(server.host, server.port)
    connection.sock = raw if context is None else context.wrap_socket(raw, server_hostname="api.runonrufus.com")
    try:
        connection.request("GET", path, headers=headers)
        document = json.loads(connection.getresponse().read())
        return [entry["url"] for entry in document["servers"]]
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(create_app(Config(fixtures=["empty"]))) as server:
        yield server


def test_a_served_document_names_the_server_as_it_was_asked(server: Server) -> None:
    here = f"http://127.0.0.1:{server.port}"
    assert served(server, "/openapi.json") == [f"{here}/v0", LIVE]
    assert served(server, "/__admin/openapi.json") == [f"{here}/__admin"]
    assert served(server, "/openapi.json", Host="localhost:9090") == ["http://localhost:9090/v0", LIVE]
    assert served(server, "/openapi.json", Host="localhost") == ["http://localhost/v0", LIVE]


def test_without_a_host_the_document_names_the_path_alone(server: Server) -> None:
    answer = exchange(server, b"GET /openapi.json HTTP/1.0\r\n\r\n")
    assert [entry["url"] for entry in answer.json["servers"]] == ["/v0", LIVE]


def test_over_tls_the_document_names_https() -> None:
    with Authority() as authority:
        context = ssl.create_default_context(cadata=authority.certificate)
        certificate = authority.issue(["api.runonrufus.com"])
        with Server(create_app(Config(fixtures=["empty"])), certificate=certificate) as server:
            urls = served(server, "/openapi.json", context, Host="api.runonrufus.com")
    assert urls == [LIVE, LIVE]
