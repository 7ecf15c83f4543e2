"""The routes are ordinary Flask routes: they have endpoints, and URLs can be built for them."""

from typing import Any

import pytest
from flask import url_for
from werkzeug.routing import Map, Rule

from rufus_mock.spec.contract import Contract
from rufus_mock.web.app import Config, create_app


def test_werkzeug_still_has_the_private_name_that_the_lazy_rule_overrides() -> None:
    rule = Rule("/devices/<deviceid>", endpoint="devices.getDevice")
    rule.bind(Map())
    assert callable(Rule._compile_builder), "LazyRule overrides it: url_for or the start of the mock would break"
    assert Rule._compile_builder(rule, False).__get__(rule, None)(deviceid="A") == ("", "/devices/A")


def test_an_application_compiles_no_code_that_builds_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rule, "_compile_builder", lambda *_: pytest.fail("a rule was compiled"))
    app = create_app(Config(fixtures=["empty"]))
    assert app.test_client().get("/v0/devices").status_code == 400


def test_url_for_builds_the_path_of_every_operation() -> None:
    app = create_app(Config(fixtures=["empty"]))
    contract = Contract()
    endpoints = {rule.endpoint.rpartition(".")[2]: rule for rule in app.url_map.iter_rules()}
    with app.test_request_context("/", headers={"Host": "rufus.test:8080"}):
        for operation in contract.operations.values():
            rule = endpoints[operation.id]
            values: dict[str, Any] = dict.fromkeys(rule.arguments, "A1")
            expected = contract.base_path + operation.path
            for name in rule.arguments:
                expected = expected.replace("{" + name + "}", "A1")
            assert url_for(rule.endpoint, **values) == expected
            assert (
                url_for(rule.endpoint, **values, page=2, _external=True) == f"http://rufus.test:8080{expected}?page=2"
            )


def test_the_endpoint_of_an_operation_is_its_id_in_the_blueprint_of_its_resource() -> None:
    with create_app(Config(fixtures=["empty"])).test_request_context("/"):
        assert url_for("sessions.closeSession", token_session="T") == "/v0/sessions/close/T"
        assert url_for("admin_faults.addFault", id="00000001") == "/__admin/companies/00000001/faults"
