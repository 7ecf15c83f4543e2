"""Each step of the life of a request, and their order."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response
from flask.ctx import RequestContext

from rufus_mock.base.errors import BadRequest, ContentTooLarge, MissingApiKey, UnknownApiKey, WrongAccessType
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.faults.effect import Effect
from rufus_mock.web.request.api import Api
from rufus_mock.web.request.exchange import Exchange
from rufus_mock.web.request.given import Given
from rufus_mock.web.request.pipeline import Pipeline
from rufus_mock.world import Company, Key
from rufus_mock.world.quota import Quota

STEPS = [
    "identify",
    "limit_rate",
    "apply_quota_and_faults",
    "admit",
    "parse",
    "answer",
    "deliver",
    "record",
]


class Subject:
    """A pipeline of an operation, with a company that calls it and a view that counts its calls."""

    def __init__(self, app: Flask, operation: str) -> None:
        self.app = app
        self.api = Api.of(app)
        self.company: Company
        self.keys: dict[str, Key]
        self.company, self.keys = self.api.world.create()
        self.calls: list[Any] = []
        self.operation = self.api.contract.operations[operation].in_dialect("pages")
        self.pipeline = Pipeline(self.api, self.operation, self.view)

    def view(self, call: Any, **path: str) -> Response:
        self.calls.append((call, path))
        return Response("done", 201)

    def request(self, key: str | None = "read_write", **arguments: Any) -> RequestContext:
        sent = self.keys[key].api_key if key in self.keys else key
        headers = {"api_key": sent} if sent else {}
        return self.app.test_request_context("/v0/devices", method=self.operation.method, headers=headers, **arguments)

    def exchange(self, context: RequestContext) -> Exchange:
        return Exchange(context.request.environ, self.company.assumptions, self.operation.id)


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Config(fixtures=["empty"], max_body=1000))


@pytest.fixture
def binding(app: Flask) -> Iterator[Subject]:
    subject = Subject(app, "bindDevice")
    yield subject
    subject.api.world.remove(subject.company.id)


@pytest.fixture
def listing(app: Flask) -> Iterator[Subject]:
    subject = Subject(app, "listDevices")
    yield subject
    subject.api.world.remove(subject.company.id)


VALID = {"model": "Reader", "serial_number": "1"}


def test_identify_finds_the_company_and_the_key(binding: Subject) -> None:
    with binding.request("read") as context:
        exchange = binding.exchange(context)
        assert binding.pipeline.identify(exchange) == (binding.company, binding.keys["read"])
        assert exchange.company is binding.company


@pytest.mark.parametrize(("key", "error"), [(None, MissingApiKey), ("ror-00000000000000000000", UnknownApiKey)])
def test_identify_refuses_a_missing_and_an_unknown_key(
    binding: Subject, key: str | None, error: type[Exception]
) -> None:
    with binding.request(key) as context, pytest.raises(error):
        binding.pipeline.identify(binding.exchange(context))


def test_admit_refuses_a_key_of_the_wrong_access_type(binding: Subject) -> None:
    binding.pipeline.admit(binding.keys["write"])
    with pytest.raises(WrongAccessType):
        binding.pipeline.admit(binding.keys["read"])


def test_parse_reads_the_query_and_the_body(binding: Subject, listing: Subject) -> None:
    with binding.request(json=VALID) as context:
        exchange = binding.exchange(context)
        assert binding.pipeline.parse(exchange, binding.company, {}) == ({}, {}, VALID, 0)
        assert exchange.body is not None
        assert json.loads(exchange.body) == VALID
    with listing.request(query_string="page=3") as context:
        path, query, body, _ = listing.pipeline.parse(listing.exchange(context), listing.company, {"deviceid": "A"})
        assert query["page"] == 3
        assert (path, body) == ({"deviceid": "A"}, {})


@pytest.mark.parametrize(("data", "error"), [(b"{}", BadRequest), (b"{", BadRequest), (b" " * 1001, ContentTooLarge)])
def test_parse_refuses_what_the_contract_refuses(binding: Subject, data: bytes, error: type[Exception]) -> None:
    with binding.request(data=data) as context, pytest.raises(error):
        binding.pipeline.parse(binding.exchange(context), binding.company, {})


def test_a_fault_that_loses_the_operation_replaces_its_answer(binding: Subject) -> None:
    fault = binding.company.faults.add({"status": 503}, Effect({"status": 503}))
    with binding.request(json=VALID) as context:
        exchange = binding.exchange(context)
        binding.pipeline.apply_quota_and_faults(exchange, binding.company)
        assert exchange.strike is not None
        assert exchange.strike.fault is fault
        assert exchange.instead is not None
        assert binding.pipeline.answer(exchange, binding.company, Given({}, {}, VALID, 0)) is exchange.instead
        assert binding.calls == []


def test_a_quota_that_is_used_up_replaces_the_answer(binding: Subject) -> None:
    binding.company.quota = Quota(1, 5000, binding.company.clock)
    binding.company.quota.spend()
    with binding.request(json=VALID) as context:
        exchange = binding.exchange(context)
        binding.pipeline.apply_quota_and_faults(exchange, binding.company)
    assert exchange.instead is not None
    assert exchange.instead.status_code == 429
    assert exchange.instead.headers["Retry-After"] == "5"


def test_a_fault_on_a_read_does_not_replace_the_answer(listing: Subject) -> None:
    listing.company.faults.add({"answer": "cut"}, Effect({"answer": "cut"}))
    with listing.request() as context:
        exchange = listing.exchange(context)
        listing.pipeline.apply_quota_and_faults(exchange, listing.company)
        assert exchange.strike is not None
        assert exchange.instead is None


def test_answer_calls_the_view_with_the_parameters(binding: Subject) -> None:
    with binding.request(json=VALID) as context:
        given = Given({"deviceid": "A"}, {"page": 1}, VALID, 0)
        response = binding.pipeline.answer(binding.exchange(context), binding.company, given)
    assert response.get_data() == b"done"
    [(call, path)] = binding.calls
    assert (call.company, call.query, call.body, path) == (binding.company, {"page": 1}, VALID, {"deviceid": "A"})


def test_record_writes_what_the_steps_found_out(binding: Subject) -> None:
    with binding.request(json=VALID) as context:
        exchange = binding.exchange(context)
        exchange.company = binding.company
        exchange.note(BadRequest(errors=[{"in": "body"}]))
        binding.pipeline.record(exchange, Response("", 400))
    [entry] = binding.company.journal.read().entries
    assert (entry.operation, entry.status, entry.refusal) == ("bindDevice", 400, "BadRequest")
    assert entry.problems == [{"in": "body"}]


def test_the_steps_are_taken_in_the_order_in_which_they_are_defined(
    binding: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def watched(step: str) -> Any:
        original = getattr(Pipeline, step)

        def called(*arguments: Any) -> Any:
            taken.append(step)
            return original(*arguments)

        return called

    for step in STEPS:
        monkeypatch.setattr(Pipeline, step, watched(step))
    with binding.request(json={**VALID, "type": "x"}):
        assert binding.pipeline.handle().status_code == 201
    assert taken == STEPS
    assert [name for name in vars(Pipeline) if name in STEPS] == STEPS


@pytest.mark.parametrize("instead", [{"status": 503}, {"answer": "empty"}])
def test_an_invalid_request_that_a_fault_affects_is_still_judged(binding: Subject, instead: dict[str, Any]) -> None:
    binding.company.faults.add(instead, Effect(instead))
    with binding.request("read", json={}):
        response = binding.pipeline.handle()
    assert response.status_code == instead.get("status", 201)
    [entry] = binding.company.journal.read().entries
    assert (entry.refusal, entry.fault) == ("WrongAccessType", "f1")
    assert binding.calls == []


def test_a_defect_of_a_view_is_a_500_in_the_journal_of_the_company(
    binding: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding.pipeline, "_view", lambda *_, **__: 1 / 0)
    with binding.request(json=VALID):
        assert binding.pipeline.handle().status_code == 500
    [entry] = binding.company.journal.read().entries
    assert (entry.company, entry.operation, entry.status) == (binding.company.id, "bindDevice", 500)
