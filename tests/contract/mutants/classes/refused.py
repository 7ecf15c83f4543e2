"""Writes that touch something else: inserts that store what they refuse, or store it elsewhere; reads that write."""

from typing import Any

from rufus_mock.world import Company
from rufus_mock.world.store import Inserted
from tests.contract.mutants.classes.changing import instead
from tests.contract.mutants.classes.defect import write_defect
from tests.contract.mutants.classes.writes import ACTIVITY, STORED
from tests.contract.mutants.spoiling import after


def _stores_all_the_same(company: Company, insert: Any, token_session: str, passings: Any) -> Inserted:
    session = company.sessions.find(token_session)
    if session is not None and not session.active and len(passings) > 1:
        company.passings.load(token_session, passings)
    inserted: Inserted = insert(token_session, passings)
    return inserted


write_defect(
    "a_closed_session_stores_the_lists_that_it_refuses",
    "insertPassings",
    STORED,
    instead("passings", "insert", _stores_all_the_same),
)


def _stores_in_the_active(company: Company, insert: Any, token_session: str, passings: Any) -> Inserted:
    session = company.sessions.find(token_session)
    active = session and company.sessions.find_active(session.deviceid)
    if session is not None and not session.active and active:
        company.passings.load(active.token_session, passings)
    inserted: Inserted = insert(token_session, passings)
    return inserted


write_defect(
    "what_a_closed_session_refuses_goes_to_the_active_one",
    "insertPassings",
    STORED,
    instead("passings", "insert", _stores_in_the_active),
)


def _stores_on_all_devices(company: Company, insert: Any, token_session: str, passings: Any) -> Inserted:
    inserted: Inserted = insert(token_session, passings)
    own = company.sessions.get(token_session).deviceid
    for device in company.devices:
        active = company.sessions.find_active(device.deviceid)
        if active is not None and device.deviceid != own:
            company.passings.load(active.token_session, passings)
    return inserted


write_defect(
    "an_insert_is_stored_on_the_other_devices_too",
    "insertPassings",
    STORED,
    instead("passings", "insert", _stores_on_all_devices),
)


def _stores_in_the_first_session_too(company: Company, insert: Any, token_session: str, passings: Any) -> Inserted:
    inserted: Inserted = insert(token_session, passings)
    first = company.sessions.of_device(company.sessions.get(token_session).deviceid)[0]
    if first.token_session != token_session:
        company.passings.load(first.token_session, passings[-1:])
    return inserted


write_defect(
    "the_last_of_an_insert_is_stored_in_the_oldest_session_too",
    "insertPassings",
    STORED,
    instead("passings", "insert", _stores_in_the_first_session_too),
)


def _close(company: Company, body: Any) -> None:
    session = company.sessions.find(body["token_session"])
    if session is not None:
        session.close(company.clock.now())


write_defect(
    "an_insert_that_is_a_400_closes_the_session",
    "insertPassings",
    (*ACTIVITY, "closed-takes-none", "201 PassingsInserted"),
    after("insertPassings", 400, _close),
)


def _reading_closes(company: Company, read: Any, deviceid: str, *given: Any) -> Any:
    active = company.sessions.find_active(deviceid)
    found = read(deviceid, *given)
    if active is not None and given[2] == active.token_session:
        active.close(company.clock.now())
    return found


write_defect(
    "reading_on_in_the_active_session_closes_it",
    "continueDevicePassings",
    ACTIVITY,
    instead("passings", "continued", _reading_closes),
)
