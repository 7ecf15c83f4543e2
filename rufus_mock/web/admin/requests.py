"""Journals: read, empty, and verify how often an operation was called."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint

from ...base.json_text import JsonTextError, parse
from ...base.masking import Masker
from ...base.timestamps import render
from ...spec.contract import Contract
from ...spec.validation import Problem, bad_request, described
from ...world.journal import Entry, Reading
from ...world.verification import NOTHING, Mismatch, Verification, verify
from .operations import AdminCall, operation

blueprint = Blueprint("admin_requests", __name__)

_PLACES = {
    "UnknownApiKey": ("header", "api_key"),
    "WrongAccessType": ("header", "api_key"),
    "ContentTooLarge": ("body", "body"),
    "UnsupportedMediaType": ("header", "Content-Type"),
}
"""Where the problem is, for errors that do not list problems."""


@operation(blueprint, "listRequests")
def list_requests(call: AdminCall) -> dict[str, Any]:
    return _listed(call, _all(call))


@operation(blueprint, "forgetRequests")
def forget_requests(call: AdminCall) -> dict[str, Any]:
    journals = [call.world.journal, *(company.journal for company in list(call.world.companies.values()))]
    return {"forgotten": sum(journal.clear() for journal in journals)}


@operation(blueprint, "verifyRequests")
def verify_requests(call: AdminCall) -> dict[str, Any]:
    return _verified(call, _all(call))


@operation(blueprint, "listCompanyRequests")
def list_company_requests(call: AdminCall, id: str) -> dict[str, Any]:
    return _listed(call, call.world.get(id).journal.read())


@operation(blueprint, "forgetCompanyRequests")
def forget_company_requests(call: AdminCall, id: str) -> dict[str, Any]:
    return {"forgotten": call.world.get(id).journal.clear()}


@operation(blueprint, "verifyCompanyRequests")
def verify_company_requests(call: AdminCall, id: str) -> dict[str, Any]:
    return _verified(call, call.world.get(id).journal.read())


def _all(call: AdminCall) -> Reading:
    readings = [company.journal.read() for company in list(call.world.companies.values())]
    return sum(readings, start=call.world.journal.read())


def _listed(call: AdminCall, reading: Reading) -> dict[str, Any]:
    limit = call.query["limit"]
    entries = reading.entries if limit is None else reading.entries[max(len(reading.entries) - limit, 0) :]
    api = call.admin.api
    return {
        "requests": [_masked(_described(entry, api.contract), api.masker) for entry in entries],
        "total": reading.total,
        "evicted": sum(reading.evicted.values()),
    }


def _verified(call: AdminCall, reading: Reading) -> dict[str, Any]:
    contract, masker = call.admin.api.contract, call.admin.api.masker
    asked = call.body
    if "operation" in asked and asked["operation"] not in contract.operations:
        expected = "one of " + ", ".join(contract.operations)
        raise bad_request(Problem("body", "operation", "/operation", expected, described(asked["operation"])))
    if "count" in asked and asked.keys() & {"at_least", "at_most"}:
        raise bad_request(Problem("body", "count", "/count", "either count, or at_least and at_most", "both"))
    if "method" in asked:
        asked = {**asked, "method": asked["method"].upper()}
    found = verify(asked, [_described(entry, contract) for entry in reading.entries], reading.evicted)
    return {
        "verified": found.verified,
        "matched": found.matched,
        "expected": found.expected,
        "evicted": found.evicted,
        "message": _message(found),
        "nearest": [
            {
                "request": _masked(request, masker),
                "mismatches": [
                    {name: masker.mask(value) for name, value in _mismatch(miss).items()} for miss in misses
                ],
            }
            for request, misses in found.nearest
        ],
    }


def _mismatch(miss: Mismatch) -> dict[str, Any]:
    sides = {"expected": miss.expected, "actual": miss.actual}
    return {"field": miss.field, **{side: value for side, value in sides.items() if value is not NOTHING}}


def _message(found: Verification) -> str:
    said = f"expected {found.expected}, found {found.matched}"
    if found.verified is None:
        return f"{said}; {found.evicted} requests that could matter were dropped from the journal (--journal-entries)"
    return said


def _masked(request: dict[str, Any], masker: Masker) -> dict[str, Any]:
    """An entry whose keys and tokens are masked. Verification uses the entry as it was sent."""
    sent = {name: masker.mask(request[name]) for name in ("method", "path", "query", "headers", "body")}
    return {**request, **sent, "problems": masker.mask(request["problems"], names=False)}


def _described(entry: Entry, contract: Contract) -> dict[str, Any]:
    """An entry in the form of schemas/admin/journal-entry.json, not masked."""
    return {
        "id": entry.number,
        "company": entry.company,
        "time": render(entry.started // 1_000_000),
        "method": entry.method,
        "path": _text(entry.path),
        "operation": entry.operation,
        "query": _query(entry.query),
        "headers": list(_headers(entry, contract)),
        "key": entry.key,
        "body": _body(entry.body, contract.max_depth),
        "body_bytes": entry.body_bytes,
        "body_kept": entry.body is not None or not entry.body_bytes,
        "status": entry.status,
        "duration_ms": None if entry.duration is None else round(entry.duration * 1000, 3),
        "valid": entry.operation is not None and entry.refusal is None,
        "problems": _problems(entry, contract),
        "fault": entry.fault,
        "assumptions": list(entry.mattered()),
    }


def _problems(entry: Entry, contract: Contract) -> list[dict[str, str]]:
    if entry.problems:
        return entry.problems
    if entry.operation is None:
        return [
            Problem("path", "path", "", "a path and a method of the contract", f"{entry.method} {entry.path}").as_dict()
        ]
    if entry.refusal is not None:
        where, name = _PLACES[entry.refusal]
        return [Problem(where, name, f"/{name}", contract.error(entry.refusal).text, "as sent").as_dict()]
    return []


def _headers(entry: Entry, contract: Contract) -> Iterator[str]:
    for variable in entry.variables.split("\n"):
        if variable.startswith(("HTTP_", "CONTENT_")):
            name = variable.removeprefix("HTTP_").lower()
            yield name if name in contract.key_headers else name.replace("_", "-")


def _query(text: str) -> dict[str, str | list[str]]:
    found = parse_qs(text, keep_blank_values=True)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body(data: bytes | None, max_depth: int) -> Any:
    if data is None:
        return None
    try:
        return parse(data, max_depth)
    except JsonTextError:
        return data.decode("utf-8", "replace")


def _text(path: str) -> str:
    """A path as text. WSGI represents its bytes as Latin-1 characters."""
    return path.encode("latin-1").decode("utf-8", "replace")
