"""The admin API as a test's user calls it."""

from functools import cache
from typing import Any

import requests
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema_rs import Draft202012Validator as Draft202012

from rufus_mock.spec.admin_contract import AdminContract


@cache
def specification() -> AdminContract:
    return AdminContract()


@cache
def document() -> dict[str, Any]:
    return specification().document()


@cache
def answer_schema(template: str, method: str, status: int) -> dict[str, Any]:
    """The schema of an answer in the document of the admin API, with the components that it refers to."""
    answer = document()["paths"][template][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return {**answer["content"]["application/json"]["schema"], "components": document()["components"]}


@cache
def quick_validator(template: str, method: str, status: int) -> Draft202012:
    return Draft202012(answer_schema(template, method, status), validate_formats=True)


class AdminClient:
    """Calls the admin API; each answer must be what its contract says."""

    def __init__(self, url: str, http: requests.Session) -> None:
        self.url = url
        self.http = http
        self.contract = specification()

    def request(self, method: str, path: str, **arguments: Any) -> requests.Response:
        response = self.http.request(method, f"{self.url}/__admin{path}", timeout=30, **arguments)
        assert response.headers["content-type"] == "application/json"
        conforms(method.lower(), path, response)
        return response

    def call(self, method: str, path: str, json: Any = None, status: int = 200) -> Any:
        response = self.request(method, path, json=json)
        assert response.status_code == status, response.text
        return response.json()

    def problem(self, method: str, path: str, json: Any) -> dict[str, str]:
        """The first problem of a 400."""
        problem: dict[str, str] = self.call(method, path, json, 400)["errors"][0]
        return problem

    def create(self, **body: Any) -> "Tenant":
        return Tenant(self, self.call("POST", "/companies", body, 201))


def conforms(method: str, path: str, response: requests.Response) -> None:
    """Raise an error unless an answer is what the contract of the admin API says."""
    parts = path.partition("?")[0].split("/")
    for template in document()["paths"]:
        pattern = template.split("/")
        if len(pattern) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(pattern, parts, strict=True)):
            body, described = response.json(), (template, method, response.status_code)
            if not quick_validator(*described).is_valid(body):
                # Its errors are better, but it takes seconds for a long journal.
                Draft202012Validator(answer_schema(*described), format_checker=FormatChecker()).validate(body)
                raise AssertionError(f"only one of two validators accepts the answer of {method} {path}")
            return
    raise AssertionError(f"no operation has the path {path}")


class Tenant:
    """A company made over HTTP, and its requests to the API."""

    def __init__(self, admin: AdminClient, created: dict[str, Any]) -> None:
        self.admin = admin
        self.id: str = created["id"]
        self.keys: dict[str, str] = created["keys"]
        self.path = f"/companies/{self.id}"

    def __call__(self, method: str, path: str, json: Any = None, status: int = 200) -> Any:
        return self.admin.call(method, self.path + path, json, status)

    def api(self, method: str, path: str, key: str = "read_write", **arguments: Any) -> requests.Response:
        headers = {"api_key": self.keys[key], **arguments.pop("headers", {})}
        return self.admin.http.request(
            method, f"{self.admin.url}/v0{path}", headers=headers, **{"timeout": 30, **arguments}
        )

    def bind(self, serial_number: str = "S-1") -> str:
        response = self.api("POST", "/devices", json={"model": "M", "serial_number": serial_number})
        assert response.status_code == 201, response.text
        deviceid: str = response.json()["deviceid"]
        return deviceid

    def devices(self) -> list[dict[str, Any]]:
        devices: list[dict[str, Any]] = self.api("GET", "/devices").json()["result"]
        return devices

    def journal(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self("GET", "/requests")["requests"]
        return entries
