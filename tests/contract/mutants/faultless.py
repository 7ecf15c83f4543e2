"""Servers in which the kit must find nothing that fails a run, however they differ from the mock."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response

from rufus_mock.client import specification
from rufus_mock.contract import CouldNotRun, Options, Report, run_contract
from rufus_mock.contract.checks import Check
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.web.app import Config, create_app
from tests.servers import serving

SLOW = {"access.rate-limit": "none"}
"""Variants that are always chosen, because waiting for a limited rate takes ten seconds."""


def adds_unknown_fields(app: Flask) -> None:
    """Adds a field to every object in every answer that is JSON."""

    def add(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: add(member) for name, member in value.items()}, "added_lately": {"a": 1}}
        return [add(entry) for entry in value] if isinstance(value, list) else value

    @app.after_request
    def added(response: Response) -> Response:
        try:
            whole = orjson.loads(response.get_data())
        except ValueError:
            return response
        enveloped = isinstance(whole, dict) and whole.keys() == {"body"}
        response.set_data(orjson.dumps({"body": add(whole["body"])} if enveloped else add(whole)))
        return response


def other_variants(dialect: str, seed: int) -> dict[str, str]:
    """For each assumption a variant that is not the default of the dialect."""
    chance = random.Random(seed)
    chosen = {
        id: chance.choice([variant for variant in each.variants if variant != each.default.get(dialect)])
        for id, each in specification().assumptions.items()
        if len(each.variants) > 1
    }
    return {**chosen, **SLOW}


@dataclass(frozen=True)
class Faultless:
    """A server without a defect. otherwise: it adds fields, and differs in every assumed statement."""

    dialect: str
    otherwise: bool

    def application(self, seed: int) -> Callable[..., Any]:
        chosen = other_variants(self.dialect, seed) if self.otherwise else {}
        app = create_app(Config(dialect=self.dialect, assumptions=chosen))
        if self.otherwise:
            adds_unknown_fields(app)
        return app

    def false_alarms(
        self, seed: int, examples: int, budget: int | None = None, checks: Sequence[Check] = ()
    ) -> list[str]:
        """What a run of these checks, or of all, wrongly says with this seed; empty if it is right."""
        with serving(self.application(seed)) as url:
            options = Options(url, fixture_keys(), allow_writes=True, seed=seed, budget=budget, examples=examples)
            try:
                return _alarms(run_contract(options, checks=checks), self.dialect)
            except CouldNotRun as error:
                return [f"could not run: {error}"]

    def __str__(self) -> str:
        return f"{'other variants and fields' if self.otherwise else 'the mock'}, {self.dialect}"


def _alarms(report: Report, dialect: str) -> list[str]:
    alarms = [
        f"{each.operation}: {each.rests_on} {each.pointer}: expected {each.expected[:90]}, found {each.actual[:90]}"
        for each in report.drift
    ]
    alarms += [f"defect: {each}" for each in report.defects]
    if report.dialect != dialect:
        alarms.append(f"taken for the dialect {report.dialect}")
    return alarms
