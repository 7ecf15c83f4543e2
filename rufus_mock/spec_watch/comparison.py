"""Compares the operations of the vendor's document with those of the contract."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..spec.bundle import METHODS
from ..spec.contract import Contract
from ..spec.dialects import OPENAPI
from .difference import BREAKING, COMPATIBLE, NOTE, Difference
from .resolved import Document
from .schemas import Place, SchemaComparison

_JSON = "application/json"
_PARAMETER = re.compile(r"\{[^}]*\}")

Operations = dict[tuple[str, str], tuple[str, dict[str, Any], list[Any]]]
"""The operations by method and path, with nameless parameters: the path, the operation, the parameters of the path."""


class Comparison:
    """Compares a copy of the vendor's document with the contract in the dialect `openapi`."""

    def __init__(self, contract: Contract, vendor: Mapping[str, Any]) -> None:
        self._ours = Document(contract.document(OPENAPI))
        self._theirs = Document(vendor)
        self._schemas = SchemaComparison(self._ours, self._theirs)
        self._base_path = contract.base_path
        self._assumed_paths = {
            each.path for each in contract.operations.values() if each.path_evidence["level"] == "assumed"
        }

    def differences(self) -> Iterator[Difference]:
        """All differences, in the order of the contract. Raises UnusableDocument."""
        ours, theirs = _operations(self._ours, ""), _operations(self._theirs, self._base_path)
        yield from self._servers()
        for key, (path, operation, shared) in ours.items():
            name = operation["operationId"]
            if key not in theirs:
                assumed = path in self._assumed_paths
                expected = f"{key[0].upper()} {path}" + (" (this path is assumed)" if assumed else "")
                yield Difference(NOTE if assumed else BREAKING, name, "operation", expected, "no such operation")
                continue
            _, their_operation, their_shared = theirs[key]
            yield from self._keys(name, operation, their_operation)
            yield from self._parameters(
                name, [*shared, *_list(operation, "parameters")], [*their_shared, *_list(their_operation, "parameters")]
            )
            yield from self._request(name, operation, their_operation)
            yield from self._responses(name, operation, their_operation)
        for key, (path, _, _) in theirs.items():
            if key in ours:
                continue
            shown = f"{key[0].upper()} {path}"
            yield Difference(COMPATIBLE, shown, "operation", "no such operation", "a new operation")

    def _servers(self) -> Iterator[Difference]:
        live = next(server["url"] for server in self._ours.content["servers"] if server.get("x-live"))
        urls = [str(server.get("url")) for server in _list(self._theirs.content, "servers") if isinstance(server, dict)]
        absolute = [url.rstrip("/") for url in urls if urlsplit(url).netloc]
        if absolute and live not in absolute:
            yield Difference(BREAKING, None, "server", live, " or ".join(absolute))

    def _keys(self, name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
        """The differences between the headers that carry the key."""
        expected, actual = _headers(self._ours, ours), _headers(self._theirs, theirs)
        if actual is None or expected is None:
            return
        gone = [] if () in actual else [header for header in expected if header not in actual]
        for header in gone:
            yield Difference(BREAKING, name, "security", f"the key in {' and '.join(header)}", _alternatives(actual))
        if not gone and (added := [header for header in actual if header not in expected]):
            yield Difference(COMPATIBLE, name, "security", _alternatives(expected), _alternatives([*expected, *added]))

    def _parameters(self, name: str, ours: list[Any], theirs: list[Any]) -> Iterator[Difference]:
        """The differences between parameters in the query and in headers. Those in the path have no names."""
        expected, actual = _by_name(self._ours, ours), _by_name(self._theirs, theirs)
        for key, parameter in expected.items():
            place = Place(name, " ".join(key), sent=True).under(parameter)
            if key not in actual:
                yield place.differs("a parameter", "no such parameter", breaks=True)
                continue
            was, now = (bool(each.get("required")) for each in (parameter, actual[key]))
            if was != now:
                yield place.differs("required" if was else "optional", "required" if now else "optional", breaks=now)
            yield from self._schemas.compare(parameter.get("schema"), actual[key].get("schema"), place)
        for key, parameter in actual.items():
            if key not in expected:
                required = bool(parameter.get("required"))
                yield Place(name, " ".join(key), sent=True).differs(
                    "no such parameter", "a required parameter" if required else "a parameter", breaks=required
                )

    def _request(self, name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
        place = Place(name, "request", sent=True)
        expected, actual = self._ours.part(ours.get("requestBody")), self._theirs.part(theirs.get("requestBody"))
        if expected and not actual:
            yield place.differs("a body", "no body", breaks=True)
        elif actual and not expected:
            required = bool(actual.get("required"))
            yield place.differs("no body", "a required body" if required else "a body", breaks=required)
        elif expected:
            yield from self._content(expected, actual, place)

    def _responses(self, name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
        expected, actual = ours["responses"], theirs.get("responses")
        actual = {str(status): answer for status, answer in actual.items()} if isinstance(actual, dict) else {}
        success = next(status for status in expected if status.startswith("2"))
        successes = [status for status in actual if status.startswith("2")]
        for status, response in expected.items():
            answer = self._ours.part(response)
            if status in actual:
                yield from self._content(answer, self._theirs.part(actual[status]), Place(name, status))
            elif status == success and successes:
                place = Place(name, "status", assumed=_is_assumed(answer))
                yield place.differs(status, " or ".join(successes), breaks=True)
                yield from self._content(answer, self._theirs.part(actual[successes[0]]), Place(name, successes[0]))
        for status in actual:
            if status not in expected and not status.startswith("2") and status != "default":
                yield Place(name, status).differs("no such answer", "an answer", breaks=False)

    def _content(self, ours: Mapping[str, Any], theirs: Mapping[str, Any], place: Place) -> Iterator[Difference]:
        expected, actual = ours.get("content") or {}, theirs.get("content")
        if not isinstance(actual, dict) or not actual or _JSON not in expected:
            return
        kinds = {str(kind).partition(";")[0].strip().lower(): media for kind, media in actual.items()}
        media = kinds.get(_JSON, kinds.get("*/*"))
        if media is None:
            yield place.differs(_JSON, " or ".join(kinds), breaks=True)
        elif isinstance(media, dict) and media.get("schema"):
            yield from self._schemas.compare(expected[_JSON]["schema"], media["schema"], place)


def _operations(document: Document, base_path: str) -> Operations:
    """The operations of a document. base_path: at the beginning of the paths it is ignored."""
    found: Operations = {}
    for path, node in document.content["paths"].items():
        item = document.part(node)
        short = path.removeprefix(base_path).rstrip("/") or "/"
        for method in METHODS:
            if isinstance(item.get(method), dict):
                found[method, _PARAMETER.sub("{}", short)] = short, item[method], _list(item, "parameters")
    return found


def _by_name(document: Document, nodes: list[Any]) -> dict[tuple[str, str], dict[str, Any]]:
    parameters = [document.part(node) for node in nodes]
    return {
        (str(each["in"]), str(each["name"])): each
        for each in parameters
        if "name" in each and each.get("in") in ("query", "header") and not _carries_key(each)
    }


def _carries_key(parameter: Mapping[str, Any]) -> bool:
    return parameter["in"] == "header" and str(parameter["name"]).lower() in ("api_key", "x-api-key")


def _headers(document: Document, operation: Mapping[str, Any]) -> list[tuple[str, ...]] | None:
    """The alternatives of an operation's security, each as the names of its headers; None if the document has none."""
    security = operation.get("security", document.content.get("security"))
    schemes = document.part(document.content.get("components")).get("securitySchemes")
    if not isinstance(security, list) or not isinstance(schemes, dict):
        return None
    return [
        tuple(sorted(str(document.part(schemes.get(name)).get("name", name)) for name in alternative))
        for alternative in security
        if isinstance(alternative, dict)
    ]


def _alternatives(headers: list[tuple[str, ...]]) -> str:
    return " or ".join(" and ".join(each) or "no key" for each in headers) or "no key"


def _is_assumed(answer: Mapping[str, Any]) -> bool:
    evidence = answer.get("x-evidence")
    return isinstance(evidence, dict) and evidence.get("level") == "assumed"


def _list(node: Mapping[str, Any], name: str) -> list[Any]:
    return node[name] if isinstance(node.get(name), list) else []
