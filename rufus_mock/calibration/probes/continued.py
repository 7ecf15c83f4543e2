"""Where a continued read starts and continues, and what it answers if there is nothing new."""

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer, Row, whole
from ..laboratory.lab import Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.subject import SessionFacts, Subject, text

_OPERATION = "continueDevicePassings"
_OWN_FIELDS = ("token_session", "status", "participant_id", "timezone", "gender", "deviceid")
"""The fields that the vendor's example of a continued read lacks."""

_BEYOND = 2_000_000_000
"""A num_passing above all others, which fits in 32 bits."""


@probe("device2.start", "device2.resumed-from", "device2.fields", "device2.last-without-token")
def start(lab: Lab, material: Material) -> None:
    seen = 0
    for subject in [*material.subjects, *(material.account if material.writes else [])]:
        if _has_passings(subject) and subject.complete:
            seen += _start(lab, subject)
    if not seen:
        raise CannotGoOn(NEEDS["several-sessions"])
    lab.evidence.lack(
        ["device2.start"], "a device with passings in several sessions whose active one is not the newest"
    )


def _start(lab: Lab, subject: Subject) -> bool:
    """Observe a read without token_session. Returns whether it tells something."""
    answer = lab.ask(_OPERATION, subject.deviceid)
    rows = answer.rows("passings")
    used = answer.fields.get("session_used")
    if not rows or not isinstance(used, str):
        return False
    expected = _starts(subject)
    lab.saw("device2.start", [name for name, each in expected.items() if each and each.token == used], answer)
    resumed = answer.fields.get("resumed_from", "absent")
    is_zero = whole(resumed) == 0
    lab.saw("device2.resumed-from", ["0"] if is_zero else ["null"] if resumed is None else [], answer)
    present = [name for name in _OWN_FIELDS if name in rows[0]]
    fields = {len(_OWN_FIELDS): ["all"], 0: ["as-on-the-page"]}
    lab.saw("device2.fields", fields.get(len(present), []), answer)
    _last_without_token(lab, subject, used, rows)
    return True


def _starts(subject: Subject) -> dict[str, SessionFacts | None]:
    """The session in which the answer begins, by variant; None if that is not known."""
    newest = subject.sessions[-1]
    known = all(each.count is not None for each in subject.sessions)
    oldest = next((each for each in subject.sessions if each.count), newest)
    active = next((each for each in subject.sessions if each.active), newest)
    return {"oldest-with-passings": oldest if known else None, "newest": newest, "active": active}


def _last_without_token(lab: Lab, subject: Subject, used: str, rows: list[Row]) -> None:
    numbers = [number for row in rows if (number := whole(row.get("num_passing"))) is not None]
    if len(set(numbers)) < 2:
        lab.evidence.lack(["device2.last-without-token"], NEEDS["passings"])
        return
    first = min(numbers)
    answer = lab.named("last-without-token", lab.ask(_OPERATION, subject.deviceid, last=first))
    if answer.status == 400:
        lab.saw("device2.last-without-token", ["400"], answer)
        return
    found = [whole(row.get("num_passing")) for row in answer.rows("passings") or []]
    same_session = answer.fields.get("session_used") == used and bool(found)
    fits = [] if not same_session else ["ignored"] if found == numbers else ["applied"] if first not in found else []
    lab.saw("device2.last-without-token", fits, answer)


@probe("device2.no-sessions")
def no_sessions(lab: Lab, material: Material) -> None:
    answer = lab.named("device2-no-sessions", lab.ask(_OPERATION, material.without_sessions))
    empty = answer.rows("passings") == [] and answer.fields.get("session_used", "absent") is None
    lab.saw("device2.no-sessions", ["200"] if empty else ["404"] if answer.status == 404 else [], answer)


@probe("device2.nothing-new")
def nothing_new(lab: Lab, material: Material) -> None:
    subject = _with_sessions(material, 1)
    newest = subject.sessions[-1].token
    answer = lab.ask(_OPERATION, subject.deviceid, token_session=newest, last=_BEYOND)
    lab.named("device2-nothing-new", answer)
    empty = answer.rows("passings") == []
    lab.saw("device2.nothing-new", ["200"] if empty else ["404"] if answer.status == 404 else [], answer)


@probe("device2.jump")
def jump(lab: Lab, material: Material) -> None:
    subject = _with_sessions(material, 3)
    if any(each.count is None for each in subject.sessions):
        raise CannotGoOn(NEEDS["several-sessions"])
    seen = 0
    for rank, session in enumerate(subject.sessions[:-2]):
        newer = subject.sessions[rank + 1 :]
        expected = {
            "next-with-passings": next((each for each in newer if each.count), newer[-1]),
            "next": newer[0],
            "newest": newer[-1],
        }
        if len({each.token for each in expected.values()}) > 1 and seen < 2:
            answer = lab.ask(_OPERATION, subject.deviceid, token_session=session.token, last=_BEYOND)
            _jumped(lab, answer, expected)
            seen += 1
    if not seen:
        raise CannotGoOn(NEEDS["several-sessions"])


def _jumped(lab: Lab, answer: Answer, expected: dict[str, SessionFacts]) -> None:
    if answer.status == 404 and lab.variant("device2.nothing-new") == "404":
        lab.saw("device2.jump", [name for name, each in expected.items() if not each.count], answer)
        return
    used = text(dict(answer.fields), "session_used")
    ok = answer.rows("passings") is not None
    lab.saw("device2.jump", [name for name, each in expected.items() if ok and each.token == used], answer)


def _with_sessions(material: Material, least: int) -> Subject:
    for subject in material.subjects:
        if len(subject.sessions) >= least and subject.complete:
            return subject
    raise CannotGoOn(NEEDS["several-sessions" if least > 1 else "passings"])


def _has_passings(subject: Subject) -> bool:
    return any(each.count for each in subject.sessions)
