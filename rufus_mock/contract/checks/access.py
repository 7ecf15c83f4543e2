"""Who may call what: every operation with every key that was given, with none, and with an unknown one."""

from collections.abc import Mapping
from typing import Any

from ...client import KEY_HEADERS, specification
from ...spec.operations import Operation
from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..run import Run
from ..session.errors import NotExercised
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import insertion, new_device, open_session
from .check import check
from .offering import offers

UNKNOWN_KEY = "ror-00000000000000000000"
"""A key of the documented form that nobody has."""

_ALL = tuple(specification().operations)
_READS = tuple(id for id, operation in specification().operations.items() if operation.method == "GET")
_WRITES = tuple(id for id in _ALL if id not in _READS)
_ON_SOMETHING = tuple(id for id in _ALL if id not in ("listDevices", "listEvents", "bindDevice", "unbindDevice"))
"""The operations that name a device or a session, but for the one that removes it."""

_KEY_REQUIRED = rule("key-required")
_MISSING_KEY = rule("missing-key")
_UNKNOWN_KEY = rule("unknown-key")
_ACCESS = rule("access")
_BOTH_KEY_HEADERS = rule("both-key-headers")
_LENIENT_INPUT = rule("lenient-input")
_COMPANIES_APART = rule("companies-apart")


class _Samples:
    """A valid request to each operation: on the run's own device, with writes off on one of the account, or on none."""

    def __init__(self, run: Run, material: Material) -> None:
        self._run = run
        self._device: DeviceModel | None = None
        if not run.writes_off:
            self._device = material.playground()
            if not self._device.sessions:
                open_session(run, self._device, "access")
            # A key may do something to it that it must not do, so the model no longer applies.
            self._device.certain = False
        elif material.learnt:
            self._device = material.learnt[0]

    def of(self, operation: Operation) -> Mapping[str, Any]:
        run, device = self._run, self._device
        deviceid = device.deviceid if device else run.fresh_identifier()
        token_session = device.sessions[-1].token_session if device and device.sessions else run.fresh_identifier()
        known = {"deviceid": deviceid, "token_session": token_session}
        if operation.id == "unbindDevice" and not run.may_unbind:
            known["deviceid"] = run.fresh_identifier()
        sample: dict[str, Any] = {"path": {name: known[name] for name in operation.path_parameters}}
        if operation.id == "bindDevice":
            sample["body"] = new_device(run, type="x")
        elif operation.id == "insertSession":
            sample["body"] = {"deviceid": deviceid, "alias": "access"}
        elif operation.id == "insertPassings":
            sample["body"] = insertion(run, token_session, [entry(run.random.getrandbits(30), 0)])
        return sample


def _chosen(run: Run, operation_ids: tuple[str, ...]) -> list[Operation]:
    wanted = run.options.operations or operation_ids
    return [
        operation
        for operation in run.contract.operations.values()
        if operation.id in operation_ids
        and operation.id in wanted
        and (operation.method == "GET" or not run.writes_off)
        and offers(run, operation)
    ]


@check(*_ALL)
def without_a_valid_key_no_operation_works(run: Run, material: Material) -> None:
    """Without a key, or with a key that nobody has, no operation works"""
    samples = _Samples(run, material)
    for operation in _chosen(run, _ALL):
        for key, statement, name in (
            (None, _MISSING_KEY, "MissingApiKey"),
            (UNKNOWN_KEY, _UNKNOWN_KEY, "UnknownApiKey"),
        ):
            exchange = run.ask(operation.id, key=key, **samples.of(operation))
            exchange.exercise(name)
            refused = exchange.status >= 300
            exchange.against(_KEY_REQUIRED).status_fits(refused, "no access", f"#status {name}")
            if refused and exchange.against(statement).status_is(operation.errors[name].status):
                exchange.is_error(name)


@check(*_READS, only=("access",))
def a_read_key_reads(run: Run, material: Material) -> None:
    """A READ key may call every GET"""
    if not run.keys.read_key:
        raise NotExercised("no --read-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        _may(run.ask(operation.id, key=run.keys.read_key, **samples.of(operation)), "a READ key may")


@check(*_WRITES, writes=True, only=("403 WrongAccessType",))
def a_read_key_writes_nothing(run: Run, material: Material) -> None:
    """A READ key may call no POST, PATCH or DELETE"""
    if not run.keys.read_key:
        raise NotExercised("no --read-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _WRITES):
        _may_not(run.ask(operation.id, key=run.keys.read_key, **samples.of(operation)))


@check(*_READS, only=("403 WrongAccessType",))
def a_write_key_reads_nothing(run: Run, material: Material) -> None:
    """A WRITE key may call no GET"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        _may_not(run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)))


@check(*_WRITES, writes=True, only=("access",))
def a_write_key_writes(run: Run, material: Material) -> None:
    """A WRITE key may call every POST and PATCH, and DELETE if it has the unbind permission"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _WRITES):
        if operation.id == "bindDevice" and not run.may_unbind:
            continue  # A second device could not be removed. If this key bound the first one, that shows that it may.
        if operation.access.permission is None:
            _may(run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)), "a WRITE key may")
        elif run.keys.write_may_unbind is False:
            _may_not(run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)))
    for operation in _chosen(run, ("unbindDevice",)):
        if run.keys.unbind_key:
            exchange = run.ask(operation.id, key=run.keys.unbind_key, **samples.of(operation))
            _may(exchange, "a WRITE key with the unbind permission may")


def _may(exchange: JudgedExchange, expected: str) -> None:
    """The key is accepted. A 404 shows that as well as a success."""
    if exchange.status in (401, 403):
        exchange.is_success()
    else:
        exchange.against(_ACCESS).status_fits(exchange.status < 500, expected)


def _may_not(exchange: JudgedExchange) -> None:
    exchange.is_error("WrongAccessType")


@check(*_READS)
def the_key_works_in_both_headers(run: Run, material: Material) -> None:
    """The key works in api_key and in x-api-key"""
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        sample = samples.of(operation)
        answers = {header: run.ask(operation.id, header=header, **sample) for header in KEY_HEADERS}
        statuses = {header: exchange.status for header, exchange in answers.items()}
        worst = max(answers.values(), key=lambda exchange: exchange.status)
        same = len(set(statuses.values())) == 1
        worst.against(_BOTH_KEY_HEADERS).holds(same, "the same answer", statuses, "#status")


@check("getSession", "getSessionPassings")
def unknown_parameters_are_ignored(run: Run, material: Material) -> None:
    """Query parameters that the contract does not know are ignored (assumed)"""
    samples = _Samples(run, material)
    for operation in _chosen(run, ("getSession", "getSessionPassings")):
        sample = samples.of(operation)
        plain = run.ask(operation.id, **sample).status
        run.ask(operation.id, query={"contract_test": 1}, **sample).against(_LENIENT_INPUT).status_is(plain)


@check(*_ON_SOMETHING, writes=True, only=("companies-apart",))
def companies_do_not_see_each_other(run: Run, material: Material) -> None:
    """A company gets a 404 for what another company owns (assumed)"""
    if not run.keys.other_key:
        raise NotExercised("no --other-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _ON_SOMETHING):
        exchange = run.ask(operation.id, key=run.keys.other_key, **samples.of(operation))
        exchange.against(_COMPANIES_APART).status_is(404, "as for what nobody owns")
