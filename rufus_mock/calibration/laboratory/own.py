"""Devices of the run's own, made so that the variants lead to different answers.

Every request is valid whatever the target assumes: a device has a type, and a passing has coordinates and a timestamp
in the documented form.
"""

from dataclasses import dataclass
from typing import Any

from ...contract.session.connection import MODEL
from ...contract.session.errors import CannotGoOn
from .answer import Answer
from .lab import Lab, entry
from .subject import SessionFacts, Subject, text

TYPE = "calibration"

SECOND = 1000

CLOSED = ((1, 10), (2, 0), (4, 0), (6, 30), (8, 20))
NEXT = ((3, 0),)
NEWEST = ((7, 40), (9, 50))
"""The num_passing and the second of the passings: out of order, and with the same time in two sessions."""


@dataclass
class Main:
    """A device with four sessions: a closed one, one without passings and alias, one with a passing, and the newest."""

    device: dict[str, Any]
    subject: Subject
    opened: Answer
    inserted: Answer
    while_active: Answer
    closed_again: Answer
    after_closing: Answer
    empty: Answer
    seen: Answer

    @property
    def closed(self) -> SessionFacts:
        return self.subject.sessions[0]


@dataclass
class Bare:
    """A device that has no sessions yet. looked_at: its description then."""

    device: dict[str, Any]
    deviceid: str
    looked_at: Answer


def new_device(lab: Lab, **fields: Any) -> dict[str, Any]:
    """What it takes to bind a device that can be recognised as the run's own."""
    serial_number = lab.target.fresh_serial_number()
    lab.mask.hide(serial_number, "<serial_number>")
    lab.mask.hide(lab.target.label, "<alias>")
    return {"type": TYPE, "model": MODEL, "serial_number": serial_number, "alias": lab.target.label, **fields}


def bind(lab: Lab, device: dict[str, Any]) -> str:
    """Bind a device. Raises CannotGoOn if the answer does not name it."""
    answer = lab.write("bindDevice", device)
    deviceid = answer.fields.get("deviceid")
    if not answer.ok or not isinstance(deviceid, str):
        raise CannotGoOn(f"a target on which a device can be bound; bindDevice answers {answer.status}")
    return deviceid


def bind_bare(lab: Lab) -> Bare:
    """A new device without sessions."""
    device = new_device(lab)
    deviceid = bind(lab, device)
    return Bare(device, deviceid, _recognised(lab, deviceid))


def build_main(lab: Lab) -> Main:
    """A new device with four sessions."""
    device = new_device(lab)
    deviceid = bind(lab, device)
    _recognised(lab, deviceid)
    opened, closed = open_session(lab, deviceid, alias=lab.target.label)
    inserted = insert(lab, closed, CLOSED)
    while_active = lab.ask("getSession", closed.token)
    if not lab.write("closeSession", identifier=closed.token).ok:
        raise CannotGoOn("a target on which a session can be closed")
    closed_again = lab.write("closeSession", identifier=closed.token)
    after_closing = lab.ask("getSession", closed.token)
    _, empty = open_session(lab, deviceid)
    looked_at = lab.ask("getSession", empty.token)
    _, following = open_session(lab, deviceid, alias=lab.target.label)
    insert(lab, following, NEXT)
    _, newest = open_session(lab, deviceid, alias=lab.target.label)
    insert(lab, newest, NEWEST)
    newest.active = True
    subject = Subject(deviceid, [closed, empty, following, newest], own=True)
    seen = lab.ask("getDevice", deviceid)
    return Main(device, subject, opened, inserted, while_active, closed_again, after_closing, looked_at, seen)


def open_session(lab: Lab, deviceid: str, **fields: Any) -> tuple[Answer, SessionFacts]:
    """Open a session. Raises CannotGoOn if the answer does not name it."""
    answer = lab.write("insertSession", {"deviceid": deviceid, **fields})
    token = text(dict(answer.fields), "token_session")
    if not answer.ok or token is None:
        raise CannotGoOn(f"a target on which a session can be opened; insertSession answers {answer.status}")
    return answer, SessionFacts(token, active=False, count=0, rows=[])


def insert(lab: Lab, session: SessionFacts, passings: tuple[tuple[int, int], ...]) -> Answer:
    """Insert passings of these numbers and seconds. Raises CannotGoOn if they are not stored."""
    entries = [entry(lab, number, second * SECOND) for number, second in passings]
    answer = send_passings(lab, session.token, entries)
    if not answer.ok:
        raise CannotGoOn(f"a target that stores passings; insertPassings answers {answer.status}")
    session.rows, session.count = entries, len(entries)
    return answer


def send_passings(lab: Lab, token_session: str, entries: list[dict[str, Any]]) -> Answer:
    """Insert any passings."""
    return lab.write("insertPassings", {"token_session": token_session, "passings_list": entries})


def _recognised(lab: Lab, deviceid: str) -> Answer:
    """The description of a device. Raises CannotGoOn, and the run writes no more, if it is not the run's own."""
    lab.target.claims.confirm(deviceid)
    return lab.ask("getDevice", deviceid)
