"""Texts, numbers and times that a server may change without meaning to, in every field that can hold them."""

from contextlib import suppress
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from ..judge.exchange import JudgedExchange
from ..judge.statements import rule
from ..reads import compare_everything, read_next, read_span
from ..reads.sessions import compare_active
from ..run import AMPLE, Run
from ..session.errors import CannotGoOn, NotExercised
from ..subject.cause import Cause
from ..subject.material import Material, entry
from ..subject.model import DeviceModel, SessionModel, World
from ..subject.samples import FEW, UNUSUAL, USUAL
from ..subject.writes import insert, open_session, try_to_bind, try_to_insert, try_to_open
from .check import check

_DEVICE_TEXTS = rule("device-texts")
_SESSION_TEXTS = rule("session-texts")
_PASSING_TEXTS = rule("passing-texts")

_TEXTS = ("bib", "chip", "participant_id", "status", "timezone", "gender")

_MANY = (len(FEW), 27, 52)
"""How many sessions a device gets, by the effort: more than a server shows that stops at 25 or 50."""


def _texts(run: Run) -> tuple[str, ...]:
    return (*USUAL, *UNUSUAL) if run.effort == AMPLE else FEW


@check("insertPassings", "getSessionPassings", "getDevicePassings", "continueDevicePassings", writes=True)
def texts_of_passings_are_kept(run: Run, material: Material) -> None:
    """Any text in any field of a passing is read as it was sent, by every read"""
    device = material.spare()
    session = open_session(run, device, "texts")
    for texts in ((*USUAL, *UNUSUAL), USUAL[1:]):
        if try_to_insert(run, _PASSING_TEXTS, device, session, _with_texts(texts)):
            break
    cause = Cause("insertPassings", "passings were inserted", frozenset({session.token_session}))
    compare_everything(run, World([device]), cause)


def _with_texts(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    """Passings in which each text stands once in each field."""
    passings = []
    for number in range(len(texts)):
        fields = {name: texts[(number + step) % len(texts)] for step, name in enumerate(_TEXTS)}
        passings.append(entry(number, number, **fields))
    return passings


@check("insertPassings", "getSessionPassings", "getDevicePassings", "continueDevicePassings", writes=True)
def numbers_and_times_are_kept(run: Run, material: Material) -> None:
    """Numbers beyond 32 bits, zero, leap days, ends of years and empty values are read as they were sent"""
    device = material.hard
    named = frozenset(session.token_session for session in device.sessions)
    compare_everything(run, World([device]), Cause("insertPassings", "passings were inserted", named))


@check("bindDevice", "listDevices", "getDevice", writes=True)
def texts_of_devices_are_kept(run: Run, material: Material) -> None:
    """Any text in any field of a device is read as it was sent, by every read"""
    material.require_writes()
    if not run.may_unbind:
        raise NotExercised("the key may not unbind, so no second device is bound")
    texts, devices = _texts(run), (3, len(FEW), len(USUAL) + len(UNUSUAL))[run.effort]
    world = World()
    for text in texts[:devices]:
        fields = {"type": text, "model": text or "x", "firmware": text, "alias": f"{run.label}{text}"}
        fields["serial_number"] = f"{run.fresh_serial_number()}{text}"
        device = try_to_bind(run, _DEVICE_TEXTS, **fields)
        if device is not None:
            world.devices.append(device)
    named = frozenset(device.deviceid for device in world.devices)
    compare_everything(run, world, Cause("bindDevice", "devices were bound", named), passings=False)


@check(
    "insertSession",
    "getSession",
    "getDeviceSessions",
    "getActiveSession",
    "getDevice",
    "getDevicePassings",
    "continueDevicePassings",
    writes=True,
)
def many_sessions_keep_their_aliases(run: Run, material: Material) -> None:
    """A device can have many sessions: all of them are listed and read, with any text as alias"""
    device = material.spare()
    texts = _texts(run)
    seen: list[tuple[SessionModel, JudgedExchange]] = []
    for number, alias in enumerate(islice(cycle(texts), _MANY[run.effort])):
        session = try_to_open(run, _SESSION_TEXTS, device, alias)
        if session is not None:
            insert(run, device, session, [entry(number, 1000 * number), entry(number + 1, 1000 * number)])
            if number < len(texts):
                seen.append((session, run.ask("getActiveSession", {"deviceid": device.deviceid})))
    named = frozenset(session.token_session for session in device.sessions) | {device.deviceid}
    cause = Cause("insertSession", "sessions were opened", named, also=("insertPassings",))
    compare_everything(run, World([device]), cause, passings=run.effort == AMPLE)
    for session, exchange in seen:
        then = DeviceModel(device.deviceid, {}, [replace(session, active=True, closed_by=None)])
        with suppress(CannotGoOn):
            compare_active(run, exchange, then, settled=True)
    read_span(run, device)
    for session in device.sessions[: len(texts)]:
        read_next(run, device, session)
    read_next(run, device)
