"""Who may call what: every operation with every key that was given, with none, and with an unknown one."""

from collections.abc import Iterator
from itertools import cycle

from ...client import KEY_HEADERS, specification
from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..run import AMPLE, FRUGAL, Run
from ..session.errors import NotExercised
from ..session.near_misses import near_misses
from ..session.target import REFUSED
from ..subject.material import Material
from .check import check
from .samples import Samples, chosen

UNKNOWN_KEY = "ror-00000000000000000000"
"""A key of the documented form that nobody has."""

_ALL = tuple(specification().operations)
_READS = tuple(id for id, operation in specification().operations.items() if operation.method == "GET")
_WRITES = tuple(id for id in _ALL if id not in _READS)
_ON_SOMETHING = tuple(id for id in _ALL if id not in ("listDevices", "listEvents", "bindDevice", "unbindDevice"))
"""The operations that name a device or a session, but for the one that removes it."""

_ATTEMPTS = (20, 30)
"""How many keys that are nearly right are tried in all, by the effort."""

_KEY_REQUIRED = rule("key-required")
_MISSING_KEY = rule("missing-key")
_UNKNOWN_KEY = rule("unknown-key")
_ACCESS = rule("access")
_BOTH_KEY_HEADERS = rule("both-key-headers")
_LENIENT_INPUT = rule("lenient-input")
_COMPANIES_APART = rule("companies-apart")


@check(*_ALL)
def without_a_valid_key_no_operation_works(run: Run, material: Material) -> None:
    """Without a key, or with a key that nobody has, no operation works"""
    samples = Samples(run, material)
    for operation in chosen(run, _ALL):
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
    samples = Samples(run, material)
    for operation in chosen(run, _READS):
        for header in _headers(run):
            _may(run.ask(operation.id, key=run.keys.read_key, header=header, **samples.of(operation)), "a READ key may")


@check(*_WRITES, writes=True, only=("403 WrongAccessType",))
def a_read_key_writes_nothing(run: Run, material: Material) -> None:
    """A READ key may call no POST, PATCH or DELETE"""
    if not run.keys.read_key:
        raise NotExercised("no --read-key was given")
    samples = Samples(run, material)
    for operation in chosen(run, _WRITES):
        for header in _headers(run):
            _may_not(run.ask(operation.id, key=run.keys.read_key, header=header, **samples.of(operation)))


@check(*_READS, only=("403 WrongAccessType",))
def a_write_key_reads_nothing(run: Run, material: Material) -> None:
    """A WRITE key may call no GET"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = Samples(run, material)
    for operation in chosen(run, _READS):
        for header in _headers(run):
            _may_not(run.ask(operation.id, key=run.keys.write_key, header=header, **samples.of(operation)))


@check(*_WRITES, writes=True, only=("access",))
def a_write_key_writes(run: Run, material: Material) -> None:
    """A WRITE key may call every POST and PATCH, and DELETE if it has the unbind permission"""
    if not run.keys.write_key:
        raise NotExercised("no --write-key was given")
    samples = Samples(run, material)
    for operation in chosen(run, _WRITES):
        if operation.id == "bindDevice" and not run.may_unbind:
            continue  # A second device could not be removed. If this key bound the first one, that shows that it may.
        if operation.access.permission is None:
            _may(run.ask(operation.id, key=run.keys.write_key, **samples.of(operation)), "a WRITE key may")
        elif run.keys.write_may_unbind is False:
            for header in _headers(run):
                _may_not(run.ask(operation.id, key=run.keys.write_key, header=header, **samples.of(operation)))
    for operation in chosen(run, ("unbindDevice",)):
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


@check(*_ALL)
def the_key_works_in_both_headers(run: Run, material: Material) -> None:
    """The key works in api_key and in x-api-key, for every operation"""
    samples = Samples(run, material)
    for operation in chosen(run, _ALL):
        if operation.id == "bindDevice" and not run.may_unbind:
            continue  # A second device could not be removed.
        if operation.id == "unbindDevice" and not run.may_unbind:
            continue  # It is refused in any header.
        # The other checks send the key in the run's own header.
        headers = [header for header in KEY_HEADERS if run.effort != FRUGAL or header != run.header]
        answers = {header: run.ask(operation.id, header=header, **samples.of(operation, True)) for header in headers}
        statuses = {header: exchange.status for header, exchange in answers.items()}
        worst = max(answers.values(), key=lambda exchange: exchange.status)
        same = len(set(statuses.values())) == 1 and (len(statuses) > 1 or worst.status not in REFUSED)
        worst.against(_BOTH_KEY_HEADERS).holds(same, "the same answer", statuses, "#status")


@check(*_ALL)
def a_key_that_is_nearly_right_opens_nothing(run: Run, material: Material) -> None:
    """A key that differs from a valid one in its case, its length or a character opens nothing, in either header"""
    samples = Samples(run, material)
    # What an accepted request removes cannot show the next one.
    last = ("closeSession", "unbindDevice")
    operations = sorted(chosen(run, _ALL), key=lambda operation: operation.id in last)
    attempts = cycle([(what, header) for header in KEY_HEADERS for what in near_misses(run.keys.reader or "ror-0")])
    for operation in operations:
        key = (run.keys.reader if operation.method == "GET" else run.writer) or ""
        if operation.id == "bindDevice" and not run.may_unbind:
            continue  # If it were accepted, the device could not be removed.
        for _ in range(_attempts(run, key, len(operations))):
            what, header = next(attempts)
            nearly = near_misses(key).get(what)
            if nearly is None or nearly in run.keys.all():
                continue
            exchange = run.ask(operation.id, key=nearly, header=header, **samples.of(operation))
            refused = exchange.status >= 300
            expected = f"no access with a key {what}, in {header}"
            exchange.against(_KEY_REQUIRED).status_fits(refused, expected, f"#status {what}")
            if not refused and operation.id == "unbindDevice":
                samples = Samples(run, material)


def _attempts(run: Run, key: str, operations: int) -> int:
    """How many keys to try with each of these operations: with much effort, all in both headers."""
    most = len(KEY_HEADERS) * len(near_misses(key))
    if run.writes_off:
        return 1
    return most if run.effort == AMPLE else min(most, max(1, _ATTEMPTS[run.effort] // operations))


def _headers(run: Run) -> Iterator[str]:
    """The headers to try: both, or the run's own if the budget is small."""
    return iter(KEY_HEADERS if run.effort != FRUGAL and not run.writes_off else (run.header,))


@check("getSession", "getSessionPassings")
def unknown_parameters_are_ignored(run: Run, material: Material) -> None:
    """Query parameters that the contract does not know are ignored (assumed)"""
    samples = Samples(run, material)
    for operation in chosen(run, ("getSession", "getSessionPassings")):
        sample = samples.of(operation)
        plain = run.ask(operation.id, **sample).status
        run.ask(operation.id, query={"contract_test": 1}, **sample).against(_LENIENT_INPUT).status_is(plain)


@check(*_ON_SOMETHING, writes=True, only=("companies-apart",))
def companies_do_not_see_each_other(run: Run, material: Material) -> None:
    """A company gets a 404 for what another company owns (assumed)"""
    if not run.keys.other_key:
        raise NotExercised("no --other-key was given")
    samples = Samples(run, material)
    for operation in chosen(run, _ON_SOMETHING):
        exchange = run.ask(operation.id, key=run.keys.other_key, **samples.of(operation))
        exchange.against(_COMPANIES_APART).status_is(404, "as for what nobody owns")
