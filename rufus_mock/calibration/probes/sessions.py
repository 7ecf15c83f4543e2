"""How sessions are listed and described, and what opening and closing them gets."""

from email.utils import parsedate_to_datetime

from ...contract.session.errors import CannotGoOn
from ...spec.dialects import OPENAPI
from ..laboratory.answer import Answer, Row, milliseconds, text_of
from ..laboratory.lab import Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.own import open_session
from ..laboratory.probe import probe
from ..laboratory.subject import SessionFacts, ordered, text

TWO_HOURS = 2 * 60 * 60 * 1000
_MINUTE = 60 * 1000


@probe("sessions.unknown-device", "sessions.active-unknown-device")
def sessions_of_nobody(lab: Lab, _: Material) -> None:
    for id, operation_id in (
        ("sessions.unknown-device", "getDeviceSessions"),
        ("sessions.active-unknown-device", "getActiveSession"),
    ):
        answer = lab.named(id.replace(".", "-"), lab.ask(operation_id, lab.nobody))
        if answer.status == 404:
            lab.saw(id, _with_text(answer), answer)
        else:
            lab.saw(id, ["200"] if answer.rows() == [] else [], answer)


def _with_text(answer: Answer) -> list[str]:
    texts = {
        text_of("getDeviceSessions", "SessionsNotFound"): "sessions-not-found",
        text_of("getDevice", "DeviceNotFound"): "device-not-found",
    }
    return [texts[answer.description]] if answer.description in texts else []


@probe("sessions.none")
def no_sessions(lab: Lab, material: Material) -> None:
    answer = lab.named("sessions-none", lab.ask("getDeviceSessions", material.without_sessions))
    lab.saw("sessions.none", ["200"] if answer.rows() == [] else ["404"] if answer.status == 404 else [], answer)


@probe("sessions.order", "sessions.pagination")
def session_order(lab: Lab, material: Material) -> None:
    seen = 0
    for subject in material.subjects:
        if len(subject.sessions) >= 2 and subject.complete:
            listed = subject.listed or lab.ask("getDeviceSessions", subject.deviceid)
            ranks = [subject.ranks.get(text(row, "token_session") or "", -1) for row in listed.rows() or []]
            orders = {"oldest-first": ranks, "newest-first": ranks[::-1]}
            if lab.dialect == OPENAPI and ranks:
                lab.saw("sessions.pagination", ["present" if "pagination" in listed.fields else "absent"], listed)
            complete = len(ranks) == len(subject.sessions) and -1 not in ranks
            lab.saw("sessions.order", [name for name, each in orders.items() if complete and ordered(each)], listed)
            seen += 1
    if not seen:
        raise CannotGoOn(NEEDS["two-sessions"])


@probe("sessions.first-last")
def first_and_last(lab: Lab, material: Material) -> None:
    seen = 0
    for subject in material.subjects:
        for session in subject.sessions:
            if session.steady and len(session.numbers) >= 2 and session.times and not _sorted(session):
                _first_last(lab, session, lab.ask("getSession", session.token))
                seen += 1
    if not seen:
        raise CannotGoOn(NEEDS["disordered-session"])


def _sorted(session: SessionFacts) -> bool:
    """Whether both variants show the same times, or the same in the opposite order."""
    by_number = [session.times[number] for number in session.numbers]
    return {min(by_number), max(by_number)} == {by_number[0], by_number[-1]}


def _first_last(lab: Lab, session: SessionFacts, answer: Answer) -> None:
    row = answer.only_row() or {}
    found = (milliseconds(row.get("first")), milliseconds(row.get("last")))
    times = [session.times[number] for number in session.numbers]
    expected = {"by-time": (min(times), max(times)), "by-number": (times[0], times[-1])}
    shows = [name for name, both in expected.items() if both == found]
    lab.saw("sessions.first-last", shows, answer, shows="first and last of a session that is not in order of time")


@probe("sessions.first-last-empty", "sessions.no-alias")
def empty_session(lab: Lab, material: Material) -> None:
    if material.writes:
        _empty(lab, material.main.empty)
        row = material.main.empty.only_row() or {}
        aliases = {None: "null", "": "empty-text"}
        alias = row.get("alias", 0)
        known = isinstance(alias, str | None) and alias in aliases
        lab.saw("sessions.no-alias", [aliases[alias]] if known else [], material.main.empty)
        return
    lab.evidence.lack(["sessions.no-alias"], NEEDS["session-without-alias"])
    empty = [each for subject in material.account for each in subject.sessions if each.count == 0 and each.steady]
    if not empty:
        raise CannotGoOn(NEEDS["empty-session"])
    _empty(lab, lab.ask("getSession", empty[0].token))


def _empty(lab: Lab, answer: Answer) -> None:
    row = answer.only_row()
    if row is None:
        raise CannotGoOn("a target that describes a session without passings")
    values = [row.get(name, "absent") for name in ("first", "last")]
    fits = ["null"] if values == [None, None] else ["absent"] if values == ["absent"] * 2 else []
    lab.saw("sessions.first-last-empty", fits, answer)


@probe("sessions.duration")
def duration(lab: Lab, material: Material) -> None:
    if not material.writes:
        raise CannotGoOn(NEEDS["closed-session"])
    active, closed = material.main.while_active, material.main.after_closing
    for answer, whole_length, other in (
        (active, ["two-hours", "closing-time"], []),
        (closed, ["two-hours"], ["closing-time", "null-while-active"]),
    ):
        row = answer.only_row()
        if row is None or row.get("active") is not (answer is active):
            raise CannotGoOn("a target that describes a session while it is active and after it is closed")
        lab.saw("sessions.duration", _duration(row, whole_length, other), answer, shows=_after_creation(row))


def _duration(row: Row, whole_length: list[str], earlier: list[str]) -> list[str]:
    created, end = milliseconds(row.get("creation_date")), milliseconds(row.get("duration"))
    if "duration" in row and row["duration"] is None and not earlier:
        return ["null-while-active"]
    if created is None or end is None:
        return []
    if end - created == TWO_HOURS:
        return whole_length
    return earlier if 0 <= end - created < TWO_HOURS / 2 else []


def _after_creation(row: Row) -> str:
    created, end = milliseconds(row.get("creation_date")), milliseconds(row.get("duration"))
    if created is None or end is None:
        return "duration is not a time"
    hours = (end - created) / (TWO_HOURS / 2)
    return "duration is two hours after creation_date" if hours == 2 else "duration is another time"


@probe("sessions.closes-itself")
def closes_itself(lab: Lab, material: Material) -> None:
    """Only a session that is still active proves something: one that is not may have been closed by a request."""
    seen = 0
    for subject in material.account:
        if subject.listed is not None:
            for row in subject.listed.rows() or []:
                if row.get("active") is True and _is_old(row, _now(lab, material)):
                    lab.saw("sessions.closes-itself", ["no"], subject.listed, shows="an old session is active")
                    seen += 1
    if not seen:
        raise CannotGoOn(NEEDS["old-session"])


def _is_old(row: Row, now: int | None) -> bool:
    """Whether a session was created more than two hours ago."""
    created = milliseconds(row.get("creation_date"))
    return created is not None and now is not None and now - created > TWO_HOURS + _MINUTE


def _now(lab: Lab, material: Material) -> int | None:
    """The time of the target: when the run bound its device or, without writes, the header Date."""
    if material.writes:
        return milliseconds((material.bare.looked_at.only_row() or {}).get("creation_date"))
    try:
        return round(parsedate_to_datetime(lab.devices.reply.headers.get("Date", "")).timestamp() * 1000)
    except ValueError:
        return None


@probe("sessions.insert-status", "sessions.close-again", "sessions.insert-unknown-device")
def opening_and_closing(lab: Lab, material: Material) -> None:
    answer = lab.write("insertSession", {"deviceid": lab.nobody, "alias": lab.target.label})
    lab.named("insert-session-unknown-device", answer)
    lab.saw_status("sessions.insert-unknown-device", answer, {404: "404", 400: "400"})
    main = material.main
    lab.saw_status("sessions.insert-status", main.opened, {201: "201", 200: "200"})
    again = lab.named("close-again", main.closed_again)
    lab.saw_status("sessions.close-again", again, {200: "200", 404: "404", 409: "409"})


@probe("requests.unknown-fields", "requests.content-type")
def unusual_bodies(lab: Lab, material: Material) -> None:
    body = {"deviceid": material.bare.deviceid, "alias": lab.target.label}
    open_session(lab, **body)
    answer = lab.named("unknown-field", lab.write("insertSession", {**body, "rufus_mock": 1}))
    if answer.ok:
        lab.saw("requests.unknown-fields", ["ignored"], answer)
    else:
        lab.saw_status("requests.unknown-fields", answer, {400: "refused"})
    answer = lab.named("content-type", lab.write("insertSession", body, content_type="text/plain"))
    if answer.ok:
        lab.saw("requests.content-type", ["ignored"], answer)
    else:
        lab.saw_status("requests.content-type", answer, {415: "415", 400: "400"})
