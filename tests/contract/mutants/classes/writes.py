"""Writes that touch something else.

What a read shows after such a write is wrong because of the write, so the finding must be at the write. Which statement
is broken depends on the read that shows it first: each of those about the thing that was touched is right.
"""

from typing import Any

from rufus_mock.world import Company, Session
from tests.contract.mutants.classes.changing import instead
from tests.contract.mutants.classes.defect import write_defect

ACTIVITY = (
    "session-active",
    "one-active-session",
    "closed-inactive",
    "closed-readable",
    "active-only",
    "all-sessions",
)
"""The statements that say whether a session is active."""

STORED = (
    "passing-as-sent",
    "closed-takes-none",
    "fresh-count",
    "session-counts",
    "device-counts",
    "all-sessions",
    " range",
    "time-range",
)
"""The statements that say which passings a session has."""

REMOVED = ("unbind-removes-everything", "devices-of-company", "200 DeviceUnbound")


def _reopen(session: Session) -> None:
    session.active, session.closed = True, None


def sessions_of_others(company: Company, deviceid: str) -> list[Session]:
    """The sessions of the company's other devices."""
    return [s for d in company.devices if d.deviceid != deviceid for s in company.sessions.of_device(d.deviceid)]


def _close_reopens(company: Company, close: Any, token_session: str) -> None:
    close(token_session)
    siblings = company.sessions.of_device(company.sessions.get(token_session).deviceid)
    place = [session.token_session for session in siblings].index(token_session)
    if place:
        _reopen(siblings[place - 1])


write_defect(
    "closing_reopens_the_session_before", "closeSession", ACTIVITY, instead("sessions", "close", _close_reopens)
)


def _close_all_of_company(company: Company, close: Any, token_session: str) -> None:
    close(token_session)
    for session in sessions_of_others(company, company.sessions.get(token_session).deviceid):
        session.close(company.clock.now())


write_defect(
    "closing_closes_the_sessions_of_other_devices",
    "closeSession",
    ACTIVITY,
    instead("sessions", "close", _close_all_of_company),
)


def _close_closes_the_newest(company: Company, close: Any, token_session: str) -> None:
    session = company.sessions.get(token_session)
    close(token_session if session.active else company.sessions.of_device(session.deviceid)[-1].token_session)


write_defect(
    "closing_again_closes_the_newest_session",
    "closeSession",
    ACTIVITY,
    instead("sessions", "close", _close_closes_the_newest),
)


def _close_drops_a_passing(company: Company, close: Any, token_session: str) -> None:
    close(token_session)
    index = company.state.store._sessions[token_session]
    number, time = index.highest
    fragments = index.with_number(number)
    if len(index.by_number) > 1 and fragments:
        index.remove(number, time, fragments[0])


write_defect(
    "closing_drops_the_last_passing",
    "closeSession",
    (*STORED, "closed-readable"),
    instead("sessions", "close", _close_drops_a_passing),
)


def _open_closes_all_of_company(company: Company, opening: Any, deviceid: str, alias: str | None) -> Session:
    session: Session = opening(deviceid, alias)
    for other in sessions_of_others(company, deviceid):
        other.close(company.clock.now())
    return session


write_defect(
    "opening_closes_the_sessions_of_other_devices",
    "insertSession",
    ACTIVITY,
    instead("sessions", "open", _open_closes_all_of_company),
)


def _open_renames(company: Company, opening: Any, deviceid: str, alias: str | None) -> Session:
    session: Session = opening(deviceid, alias)
    for other in company.sessions.of_device(deviceid)[-2:-1]:
        other.alias = alias
    return session


write_defect(
    "opening_renames_the_session_before",
    "insertSession",
    ("session-as-sent", "session-used"),
    instead("sessions", "open", _open_renames),
    "alias",
    "session_label",
)


def _open_reopens_the_oldest(company: Company, opening: Any, deviceid: str, alias: str | None) -> Session:
    session: Session = opening(deviceid, alias)
    siblings = company.sessions.of_device(deviceid)
    if len(siblings) > 2:
        _reopen(siblings[0])
    return session


write_defect(
    "opening_a_third_session_reopens_the_first",
    "insertSession",
    ACTIVITY,
    instead("sessions", "open", _open_reopens_the_oldest),
)
