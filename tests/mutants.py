"""The mock, spoilt: each mutant is the faultless mock with one defect that a real server could have.

`operation` is where the kit must find it, `kind` how it must call it, `rests_on` the statement that it must name.
"""

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from flask import Flask, Response, request

from rufus_mock.app import Config, create_app
from rufus_mock.contract.checks import Check, all_checks
from rufus_mock.dialects import OPENAPI, PAGES
from rufus_mock.errors import DeviceAlreadyBound, PassingsNotFound, SessionNotFoundOrClosed, SessionsNotFound
from rufus_mock.http import access
from rufus_mock.world import Company, Key
from rufus_mock.world.passings import Page, PassingsArray, passing
from rufus_mock.world.sessions import Session

Wsgi = Callable[..., Iterable[bytes]]
Spoil = Callable[[Flask], "Wsgi | None"]

BREAKING, NOTE = "breaking", "note"


@dataclass(frozen=True)
class Mutant:
    """A defect: spoil() puts it into an application, and may wrap it."""

    name: str
    operation: str
    rests_on: str
    spoil: Spoil
    kind: str = BREAKING
    dialect: str = PAGES

    def application(self) -> Wsgi:
        app = create_app(Config(dialect=self.dialect))
        return self.spoil(app) or app

    def __str__(self) -> str:
        return self.name


MUTANTS: list[Mutant] = []


def mutant(
    operation: str, rests_on: str, kind: str = BREAKING, dialect: str = PAGES, name: str = ""
) -> Callable[[Spoil], Spoil]:
    """Registers a function that spoils an application; its name says the defect."""

    def register(spoil: Spoil) -> Spoil:
        MUTANTS.append(Mutant(name or spoil.__name__, operation, rests_on, spoil, kind, dialect))
        return spoil

    return register


def _asked() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def answers(operation: str, change: Callable[[dict[str, Any]], Any], status: int | None = None) -> Spoil:
    """Changes the bodies of an operation, in place or for another one; without a status those of successes."""

    def spoil(app: Flask) -> None:
        @app.after_request
        def changed(response: Response) -> Response:
            wanted = response.status_code == status if status else response.status_code < 300
            if _asked() == operation and wanted:
                whole = orjson.loads(response.get_data())
                enveloped = whole.keys() == {"body"}
                body = whole["body"] if enveloped else whole
                other = change(body)
                body = body if other is None else other
                response.set_data(orjson.dumps({"body": body} if enveloped else body))
            return response

    return spoil


def raw(
    operation: str, change: Callable[[Response], object], statuses: Callable[[int], bool] = lambda _: True
) -> Spoil:
    """Changes the whole responses of an operation."""

    def spoil(app: Flask) -> None:
        @app.after_request
        def changed(response: Response) -> Response:
            if _asked() == operation and statuses(response.status_code):
                change(response)
            return response

    return spoil


def queries(path: str, change: Callable[[dict[str, str]], object]) -> Spoil:
    """Changes the query of requests to paths that match."""

    def spoil(app: Flask) -> Wsgi:
        def changed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "GET" and re.fullmatch("/v0" + path, environ["PATH_INFO"]):
                query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
                change(query)
                environ["QUERY_STRING"] = urlencode(query)
            return app(environ, start_response)

        return changed

    return spoil


def sent(operation: str, change: Callable[[dict[str, Any]], Any]) -> Spoil:
    """Changes the bodies that an operation gets, before they are checked."""

    def spoil(app: Flask) -> None:
        @app.before_request
        def changed() -> None:
            if _asked() == operation:
                try:
                    body = orjson.loads(request.get_data())
                    change(body)
                except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                    return
                request._cached_data = orjson.dumps(body)

    return spoil


def companies(app: Flask) -> list[Company]:
    return list(app.extensions["rufus_mock"].world.companies.values())


def rows(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[dict[str, Any]], None]:
    """Changes the passings in an answer, whichever name they have."""

    def changed(body: dict[str, Any]) -> None:
        name = "passings" if "passings" in body else "result"
        other = change(body[name])
        if other is not None:
            body[name] = other

    return changed


def each(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    """Changes each passing in an answer."""

    def changed(found: list[dict[str, Any]]) -> None:
        for entry in found:
            change(entry)

    return rows(changed)


def add(name: str, operation: str, rests_on: str, spoil: Spoil, kind: str = BREAKING, dialect: str = PAGES) -> None:
    MUTANTS.append(Mutant(name, operation, rests_on, spoil, kind, dialect))


def put(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.update(values)


# bindDevice

add("bind_has_another_text", "bindDevice", "201 DeviceBound", answers("bindDevice", put(description="Device bound")))


def _status(status: int) -> Callable[[Response], None]:
    def change(response: Response) -> None:
        response.status_code = status

    return change


add("bind_is_a_200", "bindDevice", "201 DeviceBound", raw("bindDevice", _status(200), lambda status: status == 201))
add(
    "bind_gives_lower_case",
    "bindDevice",
    "201 DeviceBound",
    answers("bindDevice", lambda body: body.update(deviceid=body["deviceid"].lower())),
)
add("bind_gives_no_deviceid", "bindDevice", "201 DeviceBound", answers("bindDevice", lambda b: b.pop("deviceid") and b))
add(
    "bind_needs_no_serial_number",
    "bindDevice",
    "400 BadRequest",
    sent("bindDevice", lambda body: body.setdefault("serial_number", body["model"] + body["alias"])),
)
add("bind_loses_the_alias", "bindDevice", "bound-as-sent", sent("bindDevice", lambda body: body.pop("alias")))
add("bind_swaps_the_model", "bindDevice", "bound-as-sent", sent("bindDevice", put(model="One4All")))


class _Forgetful(dict[Any, Any]):
    """Takes all and holds nothing."""

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __delitem__(self, key: Any) -> None: ...


@mutant("bindDevice", "bind-once")
def bind_takes_a_device_twice(app: Flask) -> None:
    for company in companies(app):
        company.devices._hardware = _Forgetful()


@mutant("bindDevice", "bind-once")
def bind_again_names_another_device(app: Flask) -> None:
    answers("bindDevice", put(deviceid="A" * 64), 409)(app)


@mutant("bindDevice", "409 DeviceAlreadyBound")
def bind_again_names_none(app: Flask) -> None:
    answers("bindDevice", lambda body: body.pop("deviceid") and body, 409)(app)


def _admits(app: Flask, operation: str, admits: Callable[[Key], bool]) -> None:
    """Lets more keys, or fewer, into one operation."""
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        company, key = original(environ)
        if _asked() == operation and admits(key):
            key = replace(key, access="READ_WRITE", unbind=True)
        return company, key

    guard.identify = identify


def _read_key_may(operation: str) -> Spoil:
    return lambda app: _admits(app, operation, lambda key: key.access == "READ")


for _operation in ("bindDevice", "insertSession", "closeSession", "insertPassings", "unbindDevice"):
    add(f"a_read_key_may_{_operation}", _operation, "403 WrongAccessType", _read_key_may(_operation))
for _operation, _kind in (("listDevices", BREAKING), ("listEvents", NOTE), ("getSessionPassings", BREAKING)):
    add(
        f"a_write_key_may_{_operation}",
        _operation,
        "403 WrongAccessType",
        lambda app, operation=_operation: _admits(app, operation, lambda key: key.access == "WRITE"),  # type: ignore[misc]
        _kind,
    )
add(
    "unbind_needs_no_permission",
    "unbindDevice",
    "403 WrongAccessType",
    lambda app: _admits(app, "unbindDevice", lambda key: key.access == "WRITE"),
)

# unbindDevice

add("unbind_has_another_text", "unbindDevice", "200 DeviceUnbound", answers("unbindDevice", put(description="Gone")))
add(
    "unbind_404_has_no_echo",
    "unbindDevice",
    "404 DeviceNotFound",
    answers("unbindDevice", lambda body: body.pop("deviceid") and body, 404),
)


@mutant("unbindDevice", "unbind-removes-everything")
def unbind_leaves_sessions_and_passings(app: Flask) -> None:
    for company in companies(app):
        company.sessions.forget = lambda device: None  # type: ignore[method-assign]  # noqa: ARG005


@mutant("unbindDevice", "unbind-removes-everything")
def unbind_unbinds_nothing(app: Flask) -> None:
    for company in companies(app):
        company.unbind = lambda deviceid, company=company: company.devices.get(deviceid) and None  # type: ignore[misc, method-assign]


# listDevices


@mutant("listDevices", "devices-of-company")
def the_list_shows_another_companys_devices(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.devices = first.devices


add(
    "limit_is_ignored",
    "listDevices",
    "device-pages",
    queries("/devices", lambda query: query.pop("limit", None)),
)
add(
    "page_of_devices_is_ignored",
    "listDevices",
    "device-pages",
    queries("/devices", lambda query: query.pop("page", None)),
)
add(
    "the_list_lacks_the_newest_device",
    "listDevices",
    "devices-of-company",
    answers("listDevices", lambda body: body.update(result=body["result"][:-1])),
)
add(
    "the_list_has_other_times",
    "listDevices",
    "200 Devices",
    answers(
        "listDevices",
        lambda body: [d.update(creation_date=d["creation_date"][:19] + "Z") for d in body["result"]] and None,
    ),
)
add(
    "total_is_off_by_one",
    "listDevices",
    "device-pagination",
    answers("listDevices", lambda body: body["pagination"].update(total=body["pagination"]["total"] + 1)),
    dialect=OPENAPI,
)
add(
    "has_more_is_always_false",
    "listDevices",
    "device-pagination",
    answers("listDevices", lambda body: body["pagination"].update(has_more=False)),
    dialect=OPENAPI,
)
add(
    "the_list_calls_its_result_devices",
    "listDevices",
    "200 Devices",
    answers("listDevices", lambda body: {"description": "Success", "devices": body["result"]}),
    NOTE,
)

add(
    "the_list_lacks_its_pagination",
    "listDevices",
    "200 Devices",
    answers("listDevices", lambda body: body.pop("pagination") and None),
    dialect=OPENAPI,
)


def _each_device(change: Callable[[dict[str, Any]], object]) -> Spoil:
    def changed(body: dict[str, Any]) -> None:
        for device in body["result"]:
            change(device)

    return answers("listDevices", changed)


add(
    "the_last_login_is_a_number",
    "listDevices",
    "200 Devices",
    _each_device(put(last_login=1)),
    dialect=OPENAPI,
)
add(
    "a_battery_is_fuller_than_full",
    "listDevices",
    "200 Devices",
    _each_device(put(battery_percentage=101)),
    dialect=OPENAPI,
)
add(
    "an_entry_of_the_list_lacks_its_last_login",
    "listDevices",
    "200 Devices",
    _each_device(lambda device: device.pop("last_login")),
    NOTE,
    dialect=OPENAPI,
)

# listEvents: its path is assumed, so each departure is a note.


@mutant("listEvents", "events-of-company", NOTE)
def the_list_shows_another_companys_events(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.events = first.events


@mutant("listEvents", "events-order", NOTE)
def events_come_in_another_order_each_time(app: Flask) -> None:
    backwards = itertools.cycle([True, False])
    answers("listEvents", lambda body: body["result"].reverse() if next(backwards) else None)(app)


def _of_each_event(change: Callable[[dict[str, Any]], Any]) -> Spoil:
    def changed(body: dict[str, Any]) -> None:
        for event in body["result"]:
            change(event)

    return answers("listEvents", changed)


def _events_note(name: str, rests_on: str, spoil: Spoil, dialect: str = PAGES) -> None:
    add(name, "listEvents", rests_on, spoil, NOTE, dialect)


_events_note("limit_of_events_is_ignored", "event-pages", queries("/events", lambda query: query.pop("limit", None)))
_events_note("page_of_events_is_ignored", "event-pages", queries("/events", lambda query: query.pop("page", None)))
_events_note(
    "each_page_of_events_lacks_its_last",
    "event-pages",
    answers("listEvents", lambda body: body["result"].pop() and None if "limit" in request.args else None),
)
_events_note(
    "events_come_twice",
    "event-pages",
    answers("listEvents", lambda body: body.update(result=[e for e in body["result"] for _ in range(2)])),
)
_events_note("events_have_other_times", "200 Events", _of_each_event(put(start_date="3 February 2024")))
_events_note("events_have_no_token", "200 Events", _of_each_event(lambda event: event.pop("event_token")))
_events_note("event_tokens_are_numbers", "200 Events", _of_each_event(put(event_token=1)))
_events_note("event_names_are_objects", "200 Events", _of_each_event(put(name={"en": "10K"})))
_events_note("events_are_cancelled", "event-status", _of_each_event(put(status="CANCELLED")))
_events_note(
    "the_list_calls_its_result_events",
    "200 Events",
    answers("listEvents", lambda body: {"description": "Success", "events": body["result"]}),
)
_events_note("the_list_of_events_has_another_text", "200 Events", answers("listEvents", put(description="Events")))
_events_note(
    "the_total_of_events_is_off_by_one",
    "event-pagination",
    answers("listEvents", lambda body: body["pagination"].update(total=body["pagination"]["total"] + 1)),
    OPENAPI,
)
_events_note(
    "there_are_never_more_events",
    "event-pagination",
    answers("listEvents", lambda body: body["pagination"].update(has_more=False)),
    OPENAPI,
)
_events_note(
    "the_list_of_events_has_no_pagination",
    "200 Events",
    answers("listEvents", lambda body: body.pop("pagination") and None),
    OPENAPI,
)
_events_note(
    "no_events_past_the_end_is_a_404",
    "events-past-the-end",
    raw("listEvents", lambda response: b'"result":[]' in response.get_data() and _status(404)(response)),
)
_events_note("the_limit_of_events_has_no_maximum", "wrong-parameter", queries("/events", lambda q: _at_most(q, 1000)))
_events_note("events_need_no_key", "key-required", lambda app: _lets_in(app, lambda key: key is None, "listEvents"))
_events_note("events_lie_at_another_path", "events-path", raw("listEvents", _status(404)))


def _at_most(query: dict[str, str], limit: int) -> None:
    if query.get("limit", "").isdigit():
        query["limit"] = str(min(int(query["limit"]), limit))


# getDevice

add(
    "device_info_is_a_list",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda b: b.update(result=[b["result"]])),
)
add(
    "device_info_lacks_firmware",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].pop("firmware") and None),
)


def _rename(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(thing: dict[str, Any]) -> None:
        thing[new] = thing.pop(old)

    return change


add(
    "last_seen_is_renamed",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: _rename("last_seen", "lastSeen")(body["result"])),
)
add(
    "sessions_are_counted_in_a_string",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].update(sessions=str(body["result"]["sessions"]))),
)
add(
    "passings_of_a_device_are_off_by_one",
    "getDevice",
    "device-counts",
    answers("getDevice", lambda body: body["result"].update(passings=body["result"]["passings"] + 1)),
)
add(
    "creation_date_lacks_milliseconds",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].update(creation_date=body["result"]["creation_date"][:19] + "Z")),
)


def _html(response: Response) -> None:
    response.set_data(b"<html><body><h1>404 Not Found</h1></body></html>")
    response.content_type = "text/html"


add("device_404_is_html", "getDevice", "404 DeviceNotFound", raw("getDevice", _html, lambda status: status == 404))


@mutant("getDevice", "companies-apart", NOTE)
def another_companys_device_is_visible(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.devices.describe = first.devices.describe  # type: ignore[method-assign]


# insertSession


@mutant("insertSession", "one-active-session")
def two_sessions_are_active(app: Flask) -> None:
    for company in companies(app):
        opening = company.sessions.open

        def keep(
            deviceid: str, alias: str | None = None, company: Company = company, opening: Any = opening
        ) -> Session:
            active = [s for s in company.devices.get(deviceid).sessions if s.active]
            session: Session = opening(deviceid, alias)
            for other in active:
                other.active = True
            return session

        company.sessions.open = keep  # type: ignore[method-assign]


@mutant("insertSession", "session-active")
def a_new_session_is_not_active(app: Flask) -> None:
    for company in companies(app):
        opening = company.sessions.open

        def shut(deviceid: str, alias: str | None = None, opening: Any = opening) -> Session:
            session: Session = opening(deviceid, alias)
            session.active = False
            return session

        company.sessions.open = shut  # type: ignore[method-assign]


@mutant("insertSession", "404 DeviceNotFound")
def a_session_opens_on_any_device(app: Flask) -> None:
    def change(response: Response) -> None:
        response.status_code = 201
        response.set_data(orjson.dumps({"description": "Session inserted succesfully", "token_session": "A" * 64}))

    raw("insertSession", change, lambda status: status == 404)(app)


add("session_alias_is_lost", "insertSession", "session-as-sent", sent("insertSession", lambda body: body.pop("alias")))
add(
    "session_alias_is_ascii",
    "insertSession",
    "session-as-sent",
    sent("insertSession", lambda body: body.update(alias=body["alias"].encode("ascii", "replace").decode())),
)


def _spaced(response: Response) -> None:
    response.set_data(response.get_data().replace(b'":"', b'": "'))


add("json_has_spaces", "insertSession", "compact-json", raw("insertSession", _spaced))
add(
    "insert_session_needs_no_deviceid",
    "insertSession",
    "400 BadRequest",
    raw("insertSession", _status(404), lambda status: status == 400),
)

# closeSession


@mutant("closeSession", "closed-inactive")
def close_closes_nothing(app: Flask) -> None:
    for company in companies(app):
        company.sessions.close = lambda token_session, company=company: company.sessions.get(token_session) and None  # type: ignore[misc, method-assign]


@mutant("closeSession", "closed-readable")
def close_forgets_the_session(app: Flask) -> None:
    for company in companies(app):
        closing = company.sessions.close

        def forget(token_session: str, company: Company = company, closing: Any = closing) -> None:
            closing(token_session)
            del company.sessions._sessions[token_session]

        company.sessions.close = forget  # type: ignore[method-assign]
        company.sessions.forget = lambda device: None  # type: ignore[method-assign]  # noqa: ARG005


add(
    "close_404_is_plural",
    "closeSession",
    "404 SessionNotFound",
    answers("closeSession", put(description="Sessions not found"), 404),
)
add(
    "close_404_has_no_echo",
    "closeSession",
    "404 SessionNotFound",
    answers("closeSession", lambda body: body.pop("token_session") and body, 404),
)
add(
    "close_is_a_204",
    "closeSession",
    "200 SessionClosed",
    raw("closeSession", _status(204), lambda status: status == 200),
)
add(
    "close_again_is_a_409",
    "closeSession",
    "close-again",
    lambda app: _close_once(app),
    NOTE,
)


def _close_once(app: Flask) -> None:
    for company in companies(app):
        closing = company.sessions.close

        def once(token_session: str, company: Company = company, closing: Any = closing) -> None:
            if not company.sessions.get(token_session).active:
                raise DeviceAlreadyBound(deviceid=token_session)
            closing(token_session)

        company.sessions.close = once  # type: ignore[method-assign]

    @app.errorhandler(DeviceAlreadyBound)
    def conflict(_: DeviceAlreadyBound) -> Response:
        return Response(b'{"description":"Session closed already"}', 409, content_type="application/json")

    mock = app.extensions["rufus_mock"]
    render = mock.renderer.error
    mock.renderer.error = lambda error, operation=None: (
        conflict(error)
        if isinstance(error, DeviceAlreadyBound) and _asked() == "closeSession"
        else render(error, operation)
    )


# getDeviceSessions

add(
    "summaries_lack_passings",
    "getDeviceSessions",
    "200 Sessions",
    answers("getDeviceSessions", lambda body: [s.pop("passings") for s in body["result"]] and None),
)
add(
    "closed_sessions_are_not_listed",
    "getDeviceSessions",
    "all-sessions",
    answers("getDeviceSessions", lambda body: body.update(result=[s for s in body["result"] if s["active"]])),
)
add(
    "summaries_count_one_too_few",
    "getDeviceSessions",
    "all-sessions",
    answers(
        "getDeviceSessions",
        lambda body: [s.update(passings=max(s["passings"] - 1, 0)) for s in body["result"]] and None,
    ),
)
add(
    "sessions_are_listed_newest_first",
    "getDeviceSessions",
    "sessions-order",
    answers("getDeviceSessions", lambda body: body["result"].reverse()),
    NOTE,
)
add(
    "sessions_404_is_singular",
    "getDeviceSessions",
    "404 SessionsNotFound",
    answers("getDeviceSessions", put(description="Session not found"), 404),
)

# getActiveSession

add(
    "the_active_session_is_an_object",
    "getActiveSession",
    "200 SessionInfo",
    answers("getActiveSession", lambda body: body.update(result=body["result"][0])),
)


@mutant("getActiveSession", "active-only")
def the_oldest_session_is_called_active(app: Flask) -> None:
    for company in companies(app):

        def oldest(deviceid: str, company: Company = company) -> dict[str, Any]:
            device = company.devices.find(deviceid)
            if device is None or not device.sessions:
                raise SessionsNotFound(deviceid=deviceid)
            return device.sessions[0].as_dict()

        company.sessions.describe_active = oldest  # type: ignore[method-assign]


add(
    "active_404_is_singular",
    "getActiveSession",
    "404 SessionsNotFound",
    answers("getActiveSession", put(description="Session not found"), 404),
)
add(
    "active_404_is_a_200_without_any",
    "getActiveSession",
    "404 SessionsNotFound",
    raw("getActiveSession", lambda response: _no_active(response), lambda status: status == 404),
)


def _no_active(response: Response) -> None:
    response.status_code = 200
    response.set_data(b'{"description":"Success","result":[]}')


# getSession

add(
    "duration_is_a_number",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda body: body["result"][0].update(duration=7200)),
)
add(
    "passings_of_a_session_are_off_by_one",
    "getSession",
    "session-counts",
    answers("getSession", lambda body: body["result"][0].update(passings=body["result"][0]["passings"] + 1)),
)
add(
    "first_and_last_are_swapped",
    "getSession",
    "session-first-last",
    answers("getSession", lambda b: b["result"][0].update(first=b["result"][0]["last"], last=b["result"][0]["first"])),
    NOTE,
)
add(
    "session_404_echoes_lower_case",
    "getSession",
    "404 SessionNotFound",
    answers("getSession", lambda body: body.update(token_session=body["token_session"].lower()), 404),
)
add(
    "session_lacks_first",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda b: b["result"][0].pop("first") and None),
)

# insertPassings


@mutant("insertPassings", "closed-takes-none")
def a_closed_session_takes_passings(app: Flask) -> None:
    for company in companies(app):

        def insert(token_session: str, passings: Any, company: Company = company) -> int:
            session = company.sessions.find(token_session)
            if session is not None:
                return session.add(passings)
            raise SessionNotFoundOrClosed(token_session=token_session)

        company.passings.insert = insert  # type: ignore[method-assign]


add(
    "fresh_passings_are_counted_one_too_few",
    "insertPassings",
    "fresh-count",
    answers("insertPassings", lambda body: body.update(inserted_count=body["inserted_count"] - 1)),
)
add(
    "duplicates_are_counted_in_a_string",
    "insertPassings",
    "201 PassingsInserted",
    answers("insertPassings", lambda body: body.update(duplicate_count=str(body["duplicate_count"]))),
    dialect=OPENAPI,
)


@mutant("insertPassings", "passing-identity", NOTE)
def a_repeat_overwrites_the_first_write(app: Flask) -> None:
    for company in companies(app):
        inserting = company.passings.insert

        def insert(token_session: str, passings: Any, company: Company = company, inserting: Any = inserting) -> int:
            passings = list(passings)
            session = company.sessions.find(token_session)
            inserted: int = inserting(token_session, passings)
            if session is not None and len(session.by_number) < 100:
                for late_number, _, late_fragment in passings:
                    for block in session.by_number._blocks:
                        for index, fragment in enumerate(block.rows):
                            if orjson.loads(b"{" + fragment + b"}")["num_passing"] == late_number:
                                block.rows[index] = late_fragment
            return inserted

        company.passings.insert = insert  # type: ignore[method-assign]


@mutant("insertPassings", "passing-identity", NOTE)
def a_repeat_is_stored_twice(app: Flask) -> None:
    seen: dict[str, list[dict[str, Any]]] = {}

    @app.before_request
    def remember() -> None:
        if _asked() == "insertPassings":
            try:
                body = orjson.loads(request.get_data())
                seen.setdefault(body["token_session"], []).extend(body["passings_list"])
            except (ValueError, KeyError, TypeError):
                return

    def doubled(body: dict[str, Any]) -> None:
        token_session = request.path.rpartition("/")[2]
        counts: dict[int, int] = {}
        for entry in seen.get(token_session, []):
            counts[entry["num_passing"]] = counts.get(entry["num_passing"], 0) + 1
        body["result"] = [p for p in body["result"] for _ in range(counts.get(p["num_passing"], 1))]

    answers("getSessionPassings", doubled)(app)


@mutant("insertPassings", "all-or-nothing", NOTE)
def half_of_a_bad_list_is_stored(app: Flask) -> None:
    @app.before_request
    def keep_the_body() -> None:
        request.get_data()

    def store(_: Response) -> None:
        try:
            body = orjson.loads(request.get_data())
            for company in companies(app):
                session = company.sessions.find(body["token_session"])
                if session is not None:
                    session.add([passing(body["passings_list"][0])])
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return

    raw("insertPassings", store, lambda status: status == 400)(app)


add(
    "passings_need_no_timestamp",
    "insertPassings",
    "400 BadRequest",
    sent(
        "insertPassings", lambda b: [p.setdefault("timestamp", "2024-05-01T08:00:00.000Z") for p in b["passings_list"]]
    ),
)
add(
    "passings_need_no_bib",
    "insertPassings",
    "400 BadRequest",
    sent("insertPassings", lambda body: [p.setdefault("bib", "0") for p in body["passings_list"]]),
)
add(
    "numbers_are_taken_for_bibs",
    "insertPassings",
    "wrong-parameter",
    sent("insertPassings", lambda b: [p.update(bib=str(p["bib"])) for p in b["passings_list"] if "bib" in p]),
    NOTE,
)


def _of_each(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda body: [change(passing) for passing in body["passings_list"]]


add(
    "bibs_are_stored_as_latin_1",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", _of_each(lambda p: p.update(bib=p["bib"].encode("latin-1", "replace").decode("latin-1")))),
)
add(
    "coordinates_are_rounded",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", _of_each(lambda p: p.update(latitude=str(round(float(p["latitude"]), 2))))),
)
add(
    "coordinates_get_zeros",
    "insertPassings",
    "coordinate-text",
    sent(
        "insertPassings",
        _of_each(lambda p: p.update(latitude=f"{float(p['latitude']):.7f}") if "." in str(p.get("latitude")) else None),
    ),
    NOTE,
)
add(
    "unknown_fields_are_taken",
    "insertPassings",
    "unknown-fields-refused",
    sent("insertPassings", _of_each(lambda p: p.pop("contract_test", None))),
    NOTE,
    dialect=OPENAPI,
)


def _refuses_unknown_fields(app: Flask) -> None:
    @app.before_request
    def refused() -> Response | None:
        if _asked() == "insertSession" and b"contract_test" in request.get_data():
            return Response(b'{"message":"Bad Request"}', 400, content_type="application/json")
        return None


add("unknown_fields_are_refused", "insertSession", "unknown-fields-ignored", _refuses_unknown_fields, NOTE)


def _time_sent(form: str, timestamp: str) -> Spoil:
    """Changes the timestamps of a form (a regular expression) to another one."""

    def change(passing: dict[str, Any]) -> None:
        passing["timestamp"] = re.sub(f"^{form}$", timestamp, passing["timestamp"])

    return sent("insertPassings", _of_each(change))


add(
    "times_without_an_offset_are_refused",
    "insertPassings",
    "time-without-offset",
    _time_sent("[^Z+]*", "refused"),
)
add(
    "times_without_an_offset_are_local",
    "insertPassings",
    "time-without-offset-as-utc",
    _time_sent("([^Z+]*)[ T]([^Z+]*)", r"\1T\2+01:00"),
    NOTE,
)
add(
    "times_without_an_offset_need_a_space_and_milliseconds",
    "insertPassings",
    "time-without-offset-as-utc",
    _time_sent(r"([^Z+]*T[^Z+]*|[^Z+]*\.\d{9})", "refused"),
    NOTE,
)
add("offsets_are_ignored", "insertPassings", "other-times", _time_sent(r"(.*)\+\d\d:\d\d", r"\1Z"), NOTE)
add("chips_are_dropped", "insertPassings", "chips", sent("insertPassings", _of_each(lambda p: p.pop("chips", None))))
add(
    "the_last_of_a_list_is_dropped",
    "insertPassings",
    "passing-as-sent",
    sent("insertPassings", lambda b: len(b["passings_list"]) > 1 and b["passings_list"].pop()),
)
add(
    "insert_to_a_closed_session_has_another_text",
    "insertPassings",
    "404 SessionNotFoundOrClosed",
    answers("insertPassings", put(description="Session not found"), 404),
)

# getSessionPassings

_SESSION = "/passings/session/[^/]+"
add("first_is_ignored", "getSessionPassings", "range", queries(_SESSION, lambda q: q.pop("first", None)))
add("last_is_ignored", "getSessionPassings", "range", queries(_SESSION, lambda q: q.pop("last", None)))
add("page_is_ignored", "getSessionPassings", "pages-joined", queries(_SESSION, lambda q: q.pop("page", None)))


def _less_one(query: dict[str, str]) -> None:
    if query.get("last", "").isdigit() and int(query["last"]) > 0:
        query["last"] = str(int(query["last"]) - 1)


add("the_last_bound_is_exclusive", "getSessionPassings", "range-inclusive", queries(_SESSION, _less_one), NOTE)


def _pages_of(size: int, step: int) -> Spoil:
    """Pages of a session hold `size` passings and begin `step` apart."""

    def spoil(app: Flask) -> None:
        for company in companies(app):
            by_number = company.passings.by_number

            def sized(
                token_session: str,
                first: int | None,
                last: int | None,
                page: int,
                company: Company = company,
                by_number: Any = by_number,
            ) -> Page:
                session = company.sessions.find(token_session)
                if session is None or len(session.by_number) <= 4999:
                    found: Page = by_number(token_session, first, last, page)
                    return found
                start = (page - 1) * step
                fragments = session.by_number.rows(start, min(start + size, len(session.by_number)))
                if not fragments:
                    raise PassingsNotFound(token_session=token_session)
                return Page(PassingsArray([(*session.members, fragments)]), page, size, len(session.by_number))

            company.passings.by_number = sized  # type: ignore[method-assign]

    return spoil


add("a_page_holds_5001", "getSessionPassings", "200 Passings", _pages_of(5001, 5001))
add("a_page_holds_4999", "getSessionPassings", "full-pages", _pages_of(4999, 4999), NOTE)
add("pages_overlap_by_one", "getSessionPassings", "pages-joined", _pages_of(5000, 4999))
add("pages_lose_one", "getSessionPassings", "pages-joined", _pages_of(4999, 5000))
add(
    "passings_come_in_reverse",
    "getSessionPassings",
    "passings-order",
    answers("getSessionPassings", rows(lambda found: found.reverse())),
)
add(
    "milliseconds_are_lost",
    "getSessionPassings",
    "passing-as-sent",
    answers("getSessionPassings", each(lambda p: p.update(timestamp=p["timestamp"][:19] + ".000Z"))),
)
add(
    "times_have_an_offset",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(timestamp=p["timestamp"][:-1] + "+00:00"))),
)
add(
    "coordinates_are_numbers",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(latitude=float(p["latitude"])))),
)
add(
    "bibs_are_numbers",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.update(bib=1))),
)
add(
    "chip_is_missing",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(lambda p: p.pop("chip"))),
)
add(
    "chip_is_called_chips",
    "getSessionPassings",
    "200 Passings",
    answers("getSessionPassings", each(_rename("chip", "chips"))),
)


def _empty_200(response: Response) -> None:
    if b"Passings not found" in response.get_data():
        response.status_code = 200
        response.set_data(b'{"description":"Success","result":[]}')


add("no_passings_is_a_200", "getSessionPassings", "404 PassingsNotFound", raw("getSessionPassings", _empty_200))
add(
    "passings_404_has_another_text",
    "getSessionPassings",
    "404 SessionNotFound",
    answers("getSessionPassings", lambda b: b.update(description="Not found"), 404),
)

# getDevicePassings

_DEVICE = "/passings/device/[^/]+"
add("from_is_ignored", "getDevicePassings", "time-range", queries(_DEVICE, lambda q: q.pop("from", None)))
add("to_is_ignored", "getDevicePassings", "time-range", queries(_DEVICE, lambda q: q.pop("to", None)))
add(
    "page_of_a_device_is_ignored",
    "getDevicePassings",
    "time-pages-joined",
    queries(_DEVICE, lambda q: q.pop("page", None)),
)


@mutant("getDevicePassings", "time-range")
def only_the_newest_session_is_read(app: Flask) -> None:
    def newest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [p for p in found if p["token_session"] == found[-1]["token_session"]]

    answers("getDevicePassings", rows(newest))(app)


add(
    "passings_name_the_device_in_lower_case",
    "getDevicePassings",
    "200 Passings",
    answers("getDevicePassings", each(lambda p: p.update(deviceid=p["deviceid"].lower()))),
)
add(
    "passings_of_a_device_come_twice",
    "getDevicePassings",
    "time-pages-joined",
    answers("getDevicePassings", rows(lambda found: [*found, found[0]] if len(found) < 5000 else None)),
)
add(
    "passings_of_a_device_come_by_number",
    "getDevicePassings",
    "time-order",
    answers("getDevicePassings", rows(lambda found: found.sort(key=lambda p: p["num_passing"]))),
    NOTE,
)

# continueDevicePassings

_NEXT = "/passings/device2/[^/]+"


@mutant("continueDevicePassings", "jump")
def it_does_not_jump(app: Flask) -> None:
    def stay(body: dict[str, Any]) -> None:
        asked = request.args.get("token_session")
        if asked and body["session_used"] != asked:
            body.update(session_used=asked, passings=[])

    answers("continueDevicePassings", stay)(app)


def _resume_early(query: dict[str, str]) -> None:
    if query.get("last", "").isdigit() and int(query["last"]) > 0:
        query["last"] = str(int(query["last"]) - 1)


add("it_repeats_the_last_passing", "continueDevicePassings", "resume", queries(_NEXT, _resume_early))
add(
    "it_ignores_the_session",
    "continueDevicePassings",
    "resume",
    queries(_NEXT, lambda q: [q.pop(name, None) for name in ("token_session", "last")]),
)
add(
    "resumed_from_is_always_0",
    "continueDevicePassings",
    "session-used",
    answers("continueDevicePassings", put(resumed_from=0)),
)
add(
    "session_label_is_missing",
    "continueDevicePassings",
    "200 PassingsContinued",
    answers("continueDevicePassings", lambda body: body.pop("session_label") and body),
)
add(
    "session_used_is_the_alias",
    "continueDevicePassings",
    "session-used",
    answers("continueDevicePassings", lambda body: body.update(session_used=body["session_label"])),
)
add(
    "continued_passings_are_called_result",
    "continueDevicePassings",
    "200 PassingsContinued",
    answers("continueDevicePassings", _rename("passings", "result")),
)

# All of them


@mutant("getSession", "both-key-headers")
def x_api_key_is_not_read(app: Flask) -> None:
    _without_header(app, "x-api-key")


@mutant("getSession", "both-key-headers")
def api_key_is_dropped_on_the_way(app: Flask) -> None:
    _without_header(app, "api_key")


def _without_header(app: Flask, name: str) -> None:
    guard: access.Guard = app.extensions["rufus_mock"].guard
    variable = "HTTP_" + name.upper().replace("-", "_")
    guard._variables = [other for other in guard._variables if other != variable]


@mutant("getDeviceSessions", "key-required")
def a_missing_key_is_the_first_companys(app: Flask) -> None:
    _lets_in(app, lambda key: key is None)


@mutant("getDevice", "key-required")
def an_unknown_key_is_the_first_companys(app: Flask) -> None:
    _lets_in(app, lambda key: key is not None and key.startswith("ror-0000"))


def _lets_in(app: Flask, anyone: Callable[[str | None], bool], operation: str | None = None) -> None:
    guard = app.extensions["rufus_mock"].guard
    original = guard.identify

    def identify(environ: Any) -> tuple[Company, Key]:
        if operation in (None, _asked()) and anyone(guard.api_key(environ)):
            company = companies(app)[0]
            return company, next(key for key in company.keys.values() if key.unbind)
        found: tuple[Company, Key] = original(environ)
        return found

    guard.identify = identify


add(
    "json_is_called_text",
    "getSession",
    "200 SessionInfo",
    raw("getSession", lambda r: setattr(r, "content_type", "text/plain")),
)


def _unwrapped(response: Response) -> None:
    response.set_data(orjson.dumps(orjson.loads(response.get_data())["body"]))


add(
    "one_answer_has_no_envelope",
    "getSession",
    "200 SessionInfo",
    raw("getSession", _unwrapped, lambda s: s == 200),
    dialect=OPENAPI,
)


def _broken(response: Response) -> None:
    if len(request.args) and response.status_code == 200:
        response.status_code = 500
        response.set_data(b'{"description":"Internal server error"}')


add("any_range_is_a_500", "getSessionPassings", "200 Passings", raw("getSessionPassings", _broken))


def mutant_named(name: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.name == name)


def checks_without_pages(*operations: str) -> list[Check]:
    """All checks, or those of some operations, but for the one that takes 5001 passings."""
    return [check for check in all_checks(operations) if check.name != "pages_joined_are_the_whole"]
