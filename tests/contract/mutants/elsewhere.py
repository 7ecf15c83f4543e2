"""Writes that also change something that they do not name, or that are refused and change something anyway."""

from typing import Any

import orjson
from flask import Flask, Response, request

from rufus_mock.world import Company
from rufus_mock.world.entries import passing
from rufus_mock.world.sessions import Session
from tests.contract.mutants.mutant import add, mutant
from tests.contract.mutants.spoiling import after, companies, raw


def _sessions(company: Company) -> list[Session]:
    return list(company.sessions._sessions.values())


def _own_sessions(app: Flask) -> list[Session]:
    """The sessions that were opened since the application was made."""
    return [session for company in companies(app) for session in _sessions(company) if session.alias != "START-21K"]


@mutant("closeSession", "close-changes-nothing-else")
def close_also_closes_the_newest_session(app: Flask) -> None:
    def close(_: Response) -> None:
        _own_sessions(app)[-1].active = False

    raw("closeSession", close, lambda status: status == 200)(app)


@mutant("closeSession", "close-changes-nothing-else")
def close_opens_the_session_before(app: Flask) -> None:
    def reopen(_: Response) -> None:
        for company in companies(app):
            session = company.sessions.find(request.path.rpartition("/")[2])
            if session is not None:
                before = [other for other in company.sessions.of_device(session.deviceid) if other is not session]
                for other in before[:1]:
                    other.active = True

    raw("closeSession", reopen, lambda status: status == 200)(app)


@mutant("insertSession", "open-changes-nothing-else")
def open_closes_the_sessions_of_all_devices(app: Flask) -> None:
    def close(response: Response) -> None:
        token_session = orjson.loads(response.get_data())["token_session"]
        for session in _own_sessions(app):
            if session.token_session != token_session:
                session.active = False

    raw("insertSession", close, lambda status: status == 201)(app)


@mutant("insertSession", "open-changes-nothing-else", examples=12)
def a_new_session_takes_the_alias_of_its_device_over(app: Flask) -> None:
    def rename(response: Response) -> None:
        token_session = orjson.loads(response.get_data())["token_session"]
        for company in companies(app):
            session = company.sessions.find(token_session)
            if session is not None:
                for other in company.sessions.of_device(session.deviceid)[:-1]:
                    other.alias = session.alias

    raw("insertSession", rename, lambda status: status == 201)(app)


@mutant("unbindDevice", "unbind-changes-nothing-else")
def unbind_removes_devices_with_a_similar_serial_number(app: Flask) -> None:
    for company in companies(app):
        unbinding = company.unbind

        def unbind(deviceid: str, company: Company = company, unbinding: Any = unbinding) -> None:
            serial = company.devices.get(deviceid).serial_number
            unbinding(deviceid)
            for other in [d for d in list(company.devices) if d.serial_number[:-1] == serial[:-1]]:
                unbinding(other.deviceid)

        company.unbind = unbind  # type: ignore[method-assign]


@mutant("unbindDevice", "unbind-changes-nothing-else")
def unbind_removes_the_sessions_of_a_similar_device(app: Flask) -> None:
    for company in companies(app):
        unbinding = company.unbind

        def unbind(deviceid: str, company: Company = company, unbinding: Any = unbinding) -> None:
            model = company.devices.get(deviceid).model
            unbinding(deviceid)
            for other in [d for d in list(company.devices) if d.model == model][:1]:
                company.sessions.remove_of_device(other.deviceid)

        company.unbind = unbind  # type: ignore[method-assign]


def _take_the_firmware_over(company: Company, body: Any) -> None:
    for device in company.devices:
        if device.serial_number == body.get("serial_number"):
            device.firmware = body.get("firmware")


add(
    "a_refused_binding_changes_the_firmware",
    "bindDevice",
    "bind-changes-nothing-else",
    after("bindDevice", 409, _take_the_firmware_over),
)


def _store(company: Company, body: Any) -> None:
    if company.sessions.find(body["token_session"]) is not None:
        company.passings.load(body["token_session"], [passing(p) for p in body["passings_list"]])


for _name, _rests_on, _status in (
    ("a_closed_session_stores_what_it_refuses", "closed-takes-none", 404),
    ("passings_of_a_read_key_are_stored", "access", 403),
):
    add(_name, "insertPassings", _rests_on, after("insertPassings", _status, _store))


def _store_before(company: Company, body: Any) -> None:
    session = company.sessions.find(body["token_session"])
    if session is not None:
        for other in company.sessions.of_device(session.deviceid)[:-1]:
            company.passings.load(other.token_session, [passing(p) for p in body["passings_list"]])


add(
    "passings_are_also_stored_in_the_session_before",
    "insertPassings",
    "insert-changes-nothing-else",
    after("insertPassings", 201, _store_before),
)


def _open(company: Company, body: Any) -> None:
    if company.devices.find(str(body.get("deviceid"))) is not None:
        company.sessions.open(body["deviceid"], body.get("alias"))


add("a_read_key_opens_a_session_in_secret", "insertSession", "access", after("insertSession", 403, _open))


@mutant("unbindDevice", "unbind-removes-everything")
def a_device_that_is_bound_again_has_its_sessions_again(app: Flask) -> None:
    for company in companies(app):
        unbinding, binding = company.unbind, company.devices.bind
        kept: dict[tuple[str, str], list[Session]] = {}

        def unbind(deviceid: str, company: Company = company, unbinding: Any = unbinding, kept: Any = kept) -> None:
            device = company.devices.get(deviceid)
            kept[device.model, device.serial_number] = company.sessions.of_device(deviceid)
            unbinding(deviceid)

        def bind(
            model: str,
            serial_number: str,
            *given: Any,
            company: Company = company,
            binding: Any = binding,
            kept: Any = kept,
            **named: Any,
        ) -> Any:
            device = binding(model, serial_number, *given, **named)
            for session in kept.get((model, serial_number), []):
                company.sessions.add(device, session.token_session, session.alias, session.creation_date, 0)
            return device

        company.unbind = unbind  # type: ignore[method-assign]
        company.devices.bind = bind  # type: ignore[method-assign]
