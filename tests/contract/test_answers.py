"""check_answer() as others use it, on answers that never left the process."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufus_mock.client import Reply, specification
from rufus_mock.contract import ADDITION, BREAKING, NOTE, Finding, check_answer
from rufus_mock.contract.judge.findings import Evidence, Findings
from rufus_mock.contract.judge.schemas import quick_validator, thorough_validator
from rufus_mock.spec.answers import Answer
from rufus_mock.spec.operations import Operation

OPERATIONS = specification().operations
GET_SESSION = OPERATIONS["getSession"]


def reply(body: Any, status: int = 200, content_type: str = "application/json") -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    return Reply("GET", "http://x/v0", None, status, {"Content-Type": content_type}, content)


def example(answer: Answer) -> Any:
    if answer.name == "Devices":  # What its page shows is not known.
        return {"description": "Success", "result": [copy.deepcopy(specification().schema("device")["examples"][0])]}
    return copy.deepcopy(answer.schema["examples"][0])


ANSWERS = [
    (operation, answer)
    for operation in OPERATIONS.values()
    for answer in [operation.success, *operation.errors.values()]
]


@pytest.mark.parametrize(
    ("operation", "answer"), ANSWERS, ids=lambda value: value.id if isinstance(value, Operation) else value.name
)
def test_the_examples_of_the_contract_conform(operation: Operation, answer: Answer) -> None:
    assert check_answer(reply(example(answer), answer.status), operation, answer, "pages") == []


@pytest.mark.parametrize(
    ("changed", "missing", "kind"),
    [
        ({"duration": None}, (), NOTE),
        ({"duration": 7200}, (), BREAKING),
        ({"passings": 0}, ("first", "last"), NOTE),
        ({"passings": 1}, ("first",), BREAKING),
    ],
)
def test_a_form_that_a_field_has_in_an_assumed_case_is_a_note(
    changed: dict[str, Any], missing: tuple[str, ...], kind: str
) -> None:
    body = example(GET_SESSION.success)
    body["result"][0].update(changed)
    for name in missing:
        del body["result"][0][name]
    found = check_answer(reply(body), GET_SESSION, GET_SESSION.success, "pages")
    assert {finding.pointer.rpartition("/")[2]: finding.kind for finding in found} == dict.fromkeys(
        missing or changed, kind
    )


def test_a_success_with_another_status_is_still_compared_if_the_status_is_assumed() -> None:
    operation = OPERATIONS["insertSession"]
    body = {**example(operation.success), "description": "Opened"}
    found = check_answer(reply(body, 200), operation, operation.success, "pages")
    assert [(finding.pointer, finding.kind) for finding in found] == [("#status", ADDITION), ("/description", BREAKING)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("2024-05-01T08:00:00.000Z\n"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in inner for place in _places(value, (*path, key)))]


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_the_quick_and_the_thorough_validator_agree(data: st.DataObject) -> None:
    _, answer = data.draw(st.sampled_from(ANSWERS))
    body = example(answer)
    path = data.draw(st.sampled_from(_places(body)[1:]))
    node = body
    for part in path[:-1]:
        node = node[part]
    if data.draw(st.booleans()) and isinstance(node, dict):
        del node[path[-1]]
    else:
        node[path[-1]] = data.draw(JSON)
    assert quick_validator(answer, "pages").is_valid(body) == (
        not list(thorough_validator(answer, "pages").iter_errors(body))
    )


def test_a_line_feed_after_a_time_is_no_time() -> None:
    # Deep in the schema, where a "$schema" of its own once had jsonschema forget what $ means in ECMA-262.
    found = check_answer(reply(_session(first="2024-05-01T08:00:00.000Z\n")), GET_SESSION, GET_SESSION.success, "pages")
    assert _only(found).pointer == "/result/0/first"


def _only(found: list[Finding]) -> Finding:
    assert len(found) == 1, found
    return found[0]


def _session(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = example(GET_SESSION.success)
    body["result"][0].update(changes)
    return body


def test_a_retyped_field_breaks() -> None:
    finding = _only(check_answer(reply(_session(passings="31")), GET_SESSION, GET_SESSION.success, "pages"))
    assert (finding.kind, finding.pointer, finding.expected, finding.actual) == (
        BREAKING,
        "/result/0/passings",
        "integer",
        '"31"',
    )
    assert finding.evidence.source == "https://help.runonrufus.com/public-api/timing-sessions/get-session-information"


def test_a_field_that_nobody_knows_is_an_addition() -> None:
    finding = _only(check_answer(reply(_session(weather=1)), GET_SESSION, GET_SESSION.success, "pages"))
    assert (finding.kind, finding.pointer) == (ADDITION, "/result/0/weather")


def test_five_thousand_passings_without_a_chip_are_one_departure() -> None:
    operation = OPERATIONS["getSessionPassings"]
    body = example(operation.success)
    body["result"] = [{**body["result"][0]} for _ in range(5000)]
    for passing in body["result"]:
        del passing["chip"]
        passing["extra"] = 1
    found = check_answer(reply(body), operation, operation.success, "pages")
    assert [(finding.kind, finding.pointer) for finding in found] == [
        (BREAKING, "/result/0/chip"),
        (ADDITION, "/result/0/extra"),
    ]


@pytest.mark.parametrize(
    ("operation_id", "name", "status", "kind"),
    [
        ("getSession", None, 500, BREAKING),
        ("insertSession", None, 200, ADDITION),
        ("insertSession", None, 500, BREAKING),
        ("getSession", "SessionNotFound", 410, BREAKING),
        ("getDevicePassings", "DeviceNotFound", 400, NOTE),
        ("getDevicePassings", "DeviceNotFound", 418, ADDITION),
        ("insertPassings", "SessionNotFoundOrClosed", 409, ADDITION),
        ("insertPassings", "SessionNotFoundOrClosed", 201, BREAKING),
        ("getSession", "BadRequest", 422, BREAKING),
    ],
)
def test_another_status_weighs_what_its_evidence_weighs(
    operation_id: str, name: str | None, status: int, kind: str
) -> None:
    operation = OPERATIONS[operation_id]
    answer = operation.errors[name] if name else operation.success
    found = check_answer(reply({"description": "?"}, status), operation, answer, "pages")
    finding = _only([each for each in found if each.pointer == "#status"])
    assert (finding.kind, finding.pointer) == (kind, "#status")


def test_an_answer_that_is_wholly_assumed_breaks_nothing() -> None:
    operation = OPERATIONS["getDevicePassings"]
    found = check_answer(reply({"message": "?"}, 404), operation, operation.errors["DeviceNotFound"], "pages")
    assert BREAKING not in {finding.kind for finding in found}


def test_nothing_breaks_at_a_path_that_is_assumed() -> None:
    operation = OPERATIONS["listEvents"]
    retyped = reply({"description": "Success", "result": [{"event_token": 7, "name": "10K"}]})
    (finding,) = check_answer(retyped, operation, operation.success, "pages")
    assert (finding.kind, finding.pointer, finding.evidence.level) == (NOTE, "/result/0/event_token", "assumed")
    for status in (403, 404, 405, 500):
        (finding,) = check_answer(reply({}, status), operation, operation.success, "pages")
        assert finding.kind != BREAKING


def test_envelope_spaces_content_type_and_echo_are_looked_at() -> None:
    body = example(GET_SESSION.success)
    wrapped = check_answer(reply({"body": body}), GET_SESSION, GET_SESSION.success, "pages")
    assert _only(wrapped).pointer == "#envelope"
    assert check_answer(reply({"body": body}), GET_SESSION, GET_SESSION.success, "openapi") == []
    spaced = check_answer(reply(json.dumps(body).encode()), GET_SESSION, GET_SESSION.success, "pages")
    assert _only(spaced).rests_on == "compact-json"
    typed = check_answer(reply(body, content_type="text/plain"), GET_SESSION, GET_SESSION.success, "pages")
    assert _only(typed).pointer == "#content-type"
    missing = GET_SESSION.errors["SessionNotFound"]
    echoed = check_answer(reply(example(missing), 404), GET_SESSION, missing, "pages", {"token_session": "X"})
    assert _only(echoed).pointer == "/token_session"


def test_spaces_in_texts_are_no_spaces_between() -> None:
    body = _session(alias='START: 5K, men \\": x')
    assert check_answer(reply(body), GET_SESSION, GET_SESSION.success, "pages") == []


@pytest.mark.parametrize("content", [b"", b"<html>", b"[" * 100_000, b"\xff", b"[]", b"null", b'{"body":null}'])
def test_what_is_no_answer_is_a_finding_and_no_crash(content: bytes) -> None:
    assert BREAKING in {f.kind for f in check_answer(reply(content), GET_SESSION, GET_SESSION.success, "pages")}


def test_a_fingerprint_knows_no_values() -> None:
    first = check_answer(reply(_session(passings="31")), GET_SESSION, GET_SESSION.success, "pages")[0]
    second = check_answer(reply(_session(passings=None)), GET_SESSION, GET_SESSION.success, "pages")[0]
    assert first.fingerprint == second.fingerprint
    findings = Findings()
    findings.add(first)
    findings.add(second)
    assert [finding.times for finding in findings] == [2]
    assert Evidence.of({}).kind == NOTE
