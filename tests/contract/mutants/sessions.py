"""Defects in opening, closing, listing and describing sessions."""

from typing import Any

import orjson
from flask import Flask, Response

from rufus_mock.base.errors import DeviceAlreadyBound
from rufus_mock.world import Company
from rufus_mock.world.sessions import Session
from tests.contract.mutants.mutant import NOTE, add, mutant
from tests.contract.mutants.spoiling import answers, asked, companies, put, raw, sent, status_is


@mutant("insertSession", "one-active-session")
def two_sessions_are_active(app: Flask) -> None:
    for company in companies(app):
        opening = company.sessions.open

        def keep(
            deviceid: str, alias: str | None = None, company: Company = company, opening: Any = opening
        ) -> Session:
            active = [s for s in company.sessions.of_device(deviceid) if s.active]
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


add(
    "an_alias_that_was_not_sent_is_empty",
    "insertSession",
    "session-without-alias",
    sent("insertSession", lambda body: body.setdefault("alias", "")),
    NOTE,
)
add(
    "insert_session_needs_no_deviceid",
    "insertSession",
    "400 BadRequest",
    raw("insertSession", status_is(404), lambda status: status == 400),
)


@mutant("closeSession", "closed-inactive")
def close_closes_nothing(app: Flask) -> None:
    for company in companies(app):
        company.sessions.close = lambda token_session, company=company: company.sessions.get(token_session) and None  # type: ignore[misc, method-assign]


@mutant("closeSession", "closed-readable")
def close_forgets_the_session(app: Flask) -> None:
    for company in companies(app):
        closing, finding = company.sessions.close, company.sessions.find
        forgotten: set[str] = set()

        def forget(token_session: str, closing: Any = closing, forgotten: set[str] = forgotten) -> None:
            closing(token_session)
            forgotten.add(token_session)

        def find(token_session: str, finding: Any = finding, forgotten: set[str] = forgotten) -> Session | None:
            session: Session | None = finding(token_session)
            return None if token_session in forgotten else session

        company.sessions.close = forget  # type: ignore[method-assign]
        company.sessions.find = find  # type: ignore[method-assign]


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
    raw("closeSession", status_is(204), lambda status: status == 200),
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
    mock.renderer.error = lambda error, *given, **named: (
        conflict(error)
        if isinstance(error, DeviceAlreadyBound) and asked() == "closeSession"
        else render(error, *given, **named)
    )


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


add(
    "the_active_session_is_an_object",
    "getActiveSession",
    "200 SessionInfo",
    answers("getActiveSession", lambda body: body.update(result=body["result"][0])),
)


@mutant("getActiveSession", "active-only")
def the_oldest_session_is_called_active(app: Flask) -> None:
    for company in companies(app):

        def oldest(deviceid: str, company: Company = company) -> list[dict[str, Any]]:
            listed = company.sessions.describe_all(deviceid)
            return [company.sessions.describe(listed[0]["token_session"])]

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
