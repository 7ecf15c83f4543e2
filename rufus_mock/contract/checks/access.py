"""Who may call what: every operation with every key that was given, with none, and with an unknown one."""

from collections.abc import Mapping
from typing import Any

from ...client import KEY_HEADERS, specification
from ...specification import Operation
from ..judge.wording import described
from ..run import Exchange, NotExercised, Run
from ..subject.material import Material, entry
from ..subject.model import DeviceModel
from ..subject.writes import open_session
from .check import check

UNKNOWN_KEY = "ror-00000000000000000000"
"""Of the documented form, and nobody's."""

_ALL = tuple(specification().operations)
_READS = tuple(id for id, operation in specification().operations.items() if operation.method == "GET")
_WRITES = tuple(id for id in _ALL if id not in _READS)


class _Samples:
    """A valid request to each operation, on things of the run's own, or for reads on what there is, or on nothing."""

    def __init__(self, run: Run, material: Material) -> None:
        self._run = run
        self._device: DeviceModel | None = None
        if not run.writes_off:
            self._device = material.playground()
            if not self._device.sessions:
                open_session(run, self._device, "access")
            # Whatever a key does to it that it must not: the model is no measure for it any more.
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
            serial_number = run.fresh_serial_number()
            sample["body"] = {"model": "Contract test", "serial_number": serial_number, "alias": run.label, "type": "x"}
        elif operation.id == "insertSession":
            sample["body"] = {"deviceid": deviceid, "alias": "access"}
        elif operation.id == "insertPassings":
            sample["body"] = {
                "token_session": token_session,
                "passings_list": [entry(self._run.random.getrandbits(30), 0)],
            }
        return sample


def _chosen(run: Run, operation_ids: tuple[str, ...]) -> list[Operation]:
    wanted = run.options.operations or operation_ids
    return [
        operation
        for operation in run.specification.operations.values()
        if operation.id in operation_ids
        and operation.id in wanted
        and (operation.method == "GET" or not run.writes_off)
    ]


def _admitted(exchange: Exchange) -> bool:
    return exchange.reply.status < 300


@check(*_ALL)
def no_key_is_no_access(run: Run, material: Material) -> None:
    """Without a key, and with one that nobody has, no operation works"""
    samples = _Samples(run, material)
    for operation in _chosen(run, _ALL):
        for key, rule_id, name in (
            (None, "missing-key", "MissingApiKey"),
            (UNKNOWN_KEY, "unknown-key", "UnknownApiKey"),
        ):
            exchange = run.ask(operation.id, key=key, **samples.of(operation))
            answer = operation.errors[name]
            status = str(exchange.reply.status)
            run.coverage.exercise(f"{operation.id} {answer.status} {name}")
            shut = run.rule(exchange, "key-required", not _admitted(exchange), "no access", status, f"#status {name}")
            if shut and run.rule(
                exchange, rule_id, status == str(answer.status), str(answer.status), status, "#status"
            ):
                run.judge(exchange, answer)


@check(*_READS, only=("access",))
def a_read_key_reads(run: Run, material: Material) -> None:
    """A READ key may call every GET"""
    if not run.keys.read_key:
        raise NotExercised("no --read-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        _may(run, run.ask(operation.id, key=run.keys.read_key, **samples.of(operation)), "a READ key may")


@check(*_WRITES, writes=True, only=("403 WrongAccessType",))
def a_read_key_writes_nothing(run: Run, material: Material) -> None:
    """A READ key may call no POST, PATCH or DELETE"""
    if not run.keys.read_key:
        raise NotExercised("no --read-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _WRITES):
        _may_not(run, run.ask(operation.id, key=run.keys.read_key, **samples.of(operation)))


@check(*_READS, only=("403 WrongAccessType",))
def a_write_key_reads_nothing(run: Run, material: Material) -> None:
    """A WRITE key may call no GET"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        _may_not(run, run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)))


@check(*_WRITES, writes=True, only=("access",))
def a_write_key_writes(run: Run, material: Material) -> None:
    """A WRITE key may call every POST and PATCH, and DELETE if it has the unbind permission"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = _Samples(run, material)
    for operation in _chosen(run, _WRITES):
        if operation.id == "bindDevice" and not run.may_unbind:
            continue  # A second device could not be removed; where this key binds the first, it is shown that it may.
        if operation.access.permission is None:
            _may(run, run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)), "a WRITE key may")
        elif run.keys.write_may_unbind is False:
            _may_not(run, run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)))
    for operation in _chosen(run, ("unbindDevice",)):
        if run.keys.unbind_key:
            exchange = run.ask(operation.id, key=run.keys.unbind_key, **samples.of(operation))
            _may(run, exchange, "a WRITE key with the unbind permission may")


def _may(run: Run, exchange: Exchange, expected: str) -> None:
    """A 404 is as good as a success: the key came through."""
    operation = exchange.operation
    if exchange.reply.status in (401, 403):
        run.judge(exchange, operation.success)
    else:
        run.status_rule(exchange, "access", exchange.reply.status < 500, expected)


def _may_not(run: Run, exchange: Exchange) -> None:
    run.judge(exchange, exchange.operation.errors["WrongAccessType"])


@check(*_READS)
def both_headers_carry_the_key(run: Run, material: Material) -> None:
    """api_key and x-api-key open the same doors"""
    samples = _Samples(run, material)
    for operation in _chosen(run, _READS):
        sample = samples.of(operation)
        answers = {header: run.ask(operation.id, header=header, **sample) for header in KEY_HEADERS}
        statuses = {header: exchange.reply.status for header, exchange in answers.items()}
        worst = max(answers.values(), key=lambda exchange: exchange.reply.status)
        same = len(set(statuses.values())) == 1
        run.rule(worst, "both-key-headers", same, "the same answer", described(statuses), "#status")


@check(*_ALL)
def unknown_input_is_ignored(run: Run, material: Material) -> None:
    """Fields and parameters that the contract does not know are ignored (assumed)"""
    samples = _Samples(run, material)
    for operation in _chosen(run, ("getSession", "getSessionPassings", "insertSession")):
        sample = dict(samples.of(operation))
        if "body" in sample:
            plain = 201
            sample["body"] = {**sample["body"], "contract_test": 1}
        else:
            plain = run.ask(operation.id, **sample).reply.status
            sample["query"] = {"contract_test": 1}
        exchange = run.ask(operation.id, **sample)
        status = exchange.reply.status
        run.rule(exchange, "lenient-input", status == plain, str(plain), str(status), "#status")


@check(
    *(id for id in _ALL if id not in ("listDevices", "bindDevice", "unbindDevice")),
    writes=True,
    only=("companies-apart",),
)
def companies_do_not_see_each_other(run: Run, material: Material) -> None:
    """What a company owns does not exist for another one: the documented 404 (assumed)"""
    if not run.keys.other_key:
        raise NotExercised("no --other-key was given")
    samples = _Samples(run, material)
    operations = [
        operation
        for operation in _chosen(run, _ALL)
        if operation.id not in ("listDevices", "bindDevice", "unbindDevice")
    ]
    for operation in operations:
        exchange = run.ask(operation.id, key=run.keys.other_key, **samples.of(operation))
        status = exchange.reply.status
        run.rule(exchange, "companies-apart", status == 404, "404, as for what nobody owns", str(status), "#status")
