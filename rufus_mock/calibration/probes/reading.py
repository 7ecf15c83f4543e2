"""Which passings a read selects, in which order, and what it answers if there are none."""

from itertools import groupby

from ...contract.session.errors import CannotGoOn
from ...spec.dialects import OPENAPI
from ..laboratory.answer import Answer, Row, documented_time, milliseconds, text_of, whole
from ..laboratory.lab import FAR_PAGE, Lab, entry
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.own import open_session, send_passings
from ..laboratory.probe import probe
from ..laboratory.subject import SessionFacts, Subject, ordered, text

PAGE_SIZE = 5000
NEVER = "2099-01-01T00:00:00.000Z"
"""A time at which nothing happened."""

_PAGES = {"always": PAGE_SIZE, "not-always": PAGE_SIZE - 1}


@probe("reads.first", "reads.last", "reads.upside-down", "reads.pagination")
def ranges(lab: Lab, material: Material) -> None:
    session = _readable(material)
    numbers = session.numbers
    low, high = numbers[1], numbers[-2]
    for id, query, expected in (
        ("reads.first", {"first": low}, {"inclusive": numbers[1:], "exclusive": numbers[2:]}),
        ("reads.last", {"last": high}, {"inclusive": numbers[:-1], "exclusive": numbers[:-2]}),
    ):
        answer = lab.ask("getSessionPassings", session.token, **query)
        found = sorted(number for row in answer.rows() or [] if (number := whole(row.get("num_passing"))) is not None)
        lab.saw(id, [name for name, each in expected.items() if each == found], answer, shows=_bound(found, numbers))
        if lab.dialect == OPENAPI and found:
            lab.saw("reads.pagination", ["present" if "pagination" in answer.fields else "absent"], answer)
    answer = lab.ask("getSessionPassings", session.token, first=numbers[-1], last=numbers[0])
    lab.saw_status("reads.upside-down", lab.named("upside-down", answer), {404: "404", 400: "400"})


def _bound(found: list[int], numbers: list[int]) -> str:
    return f"{len(numbers) - len(found)} passings of the session are missing"


@probe("reads.unknown-device")
def passings_of_nobody(lab: Lab, _: Material) -> None:
    texts = {
        text_of("getDevice", "DeviceNotFound"): "device-not-found",
        text_of("getSessionPassings", "PassingsNotFound"): "passings-not-found",
    }
    for operation_id in ("getDevicePassings", "continueDevicePassings"):
        answer = lab.named(f"unknown-device-{operation_id}", lab.ask(operation_id, lab.nobody))
        known = answer.status == 404 and answer.description in texts
        lab.saw("reads.unknown-device", [texts[answer.description or ""]] if known else [], answer)


@probe("reads.from", "reads.to")
def periods(lab: Lab, material: Material) -> None:
    session = _readable(material)
    times = sorted(set(session.times.values()))
    subject = next(each for each in material.subjects if session in each.sessions)
    every = [time for each in subject.sessions if each.times for time in each.times.values()]
    if subject.own:
        times = sorted(set(every))
    if len(times) < 3:
        raise CannotGoOn("a session with passings at three different times, or --allow-writes")
    rows = [row for each in subject.sessions for row in each.rows or []]
    texts = {milliseconds(row.get("timestamp")): row.get("timestamp") for row in rows}
    for id, name, time, witness in (
        ("reads.from", "from", times[-2], times[-1]),
        ("reads.to", "to", times[1], times[0]),
    ):
        answer = lab.ask("getDevicePassings", subject.deviceid, **{name: texts[time]})
        found = [milliseconds(row.get("timestamp")) for row in answer.rows() or []]
        outside = [each for each in found if each is None or (each < time if name == "from" else each > time)]
        if witness in found and not outside:
            lab.saw(id, ["inclusive" if time in found else "exclusive"], answer)
        elif subject.own:
            lab.saw(id, [], answer)
        else:
            lab.evidence.lack([id], NEEDS["passings"])


@probe("reads.past-the-end")
def past_the_end(lab: Lab, material: Material) -> None:
    session = _readable(material)
    subject = next(each for each in material.subjects if session in each.sessions)
    for operation_id, identifier in (("getSessionPassings", session.token), ("getDevicePassings", subject.deviceid)):
        answer = lab.named(f"past-the-end-{operation_id}", lab.ask(operation_id, identifier, page=FAR_PAGE))
        _nothing(lab, "reads.past-the-end", answer)


@probe("reads.nothing-on-device")
def nothing_on_device(lab: Lab, material: Material) -> None:
    answer = lab.ask("getDevicePassings", material.any_device, **{"from": NEVER})
    _nothing(lab, "reads.nothing-on-device", lab.named("nothing-on-device", answer))


def _nothing(lab: Lab, id: str, answer: Answer) -> None:
    lab.saw(id, ["200"] if answer.rows() == [] else ["404"] if answer.status == 404 else [], answer)


@probe("reads.time-order", "reads.equal-times")
def device_order(lab: Lab, material: Material) -> None:
    subjects = [subject for subject in material.subjects if subject.complete and any(s.count for s in subject.sessions)]
    if not subjects:
        raise CannotGoOn(NEEDS["disordered-session"])
    for subject in subjects:
        answer = lab.ask("getDevicePassings", subject.deviceid)
        places = [place_of(subject, row) for row in answer.rows() or []]
        known = [place for place in places if place is not None]
        if not known or len(known) < len(places):
            raise CannotGoOn(NEEDS["disordered-session"])
        _time_order(lab, answer, known)


def place_of(subject: Subject, row: Row) -> tuple[int, int, int] | None:
    """The time, the session's rank and the num_passing of a row."""
    rank = subject.ranks.get(text(row, "token_session") or "")
    time, number = documented_time(row.get("timestamp")), whole(row.get("num_passing"))
    return None if rank is None or time is None or number is None else (time, rank, number)


def _time_order(lab: Lab, answer: Answer, places: list[tuple[int, int, int]]) -> None:
    by_time = ordered([time for time, _, _ in places])
    by_session = ordered([(rank, number) for _, rank, number in places])
    fits = [name for name, is_so in (("by-time", by_time), ("by-session", by_session)) if is_so]
    lab.saw("reads.time-order", fits, answer)
    if fits != ["by-time"]:
        lab.evidence.lack(["reads.equal-times"], "a target that lists the passings of a device by time")
        return
    groups = [list(group) for _, group in groupby(places, key=lambda place: place[0])]
    shared = [group for group in groups if len({rank for _, rank, _ in group}) > 1]
    orders = {
        "older-session-first": lambda place: (place[1], place[2]),
        "newer-session-first": lambda place: (-place[1], place[2]),
        "by-number": lambda place: (place[2], place[1]),
    }
    for group in shared[:20]:
        lab.saw("reads.equal-times", [name for name, key in orders.items() if ordered(list(map(key, group)))], answer)


@probe("reads.full-pages", "insert.max-entries", once=True)
def many_passings(lab: Lab, material: Material) -> None:
    """The pages of a large session: one of the account or, with writes, one that the run fills."""
    session = _large(lab, material)
    pages = [lab.ask("getSessionPassings", session.token, page=page) for page in (1, 2)]
    lengths = [len(answer.rows() or []) for answer in pages]
    rest = (session.count or 0) - lengths[0]
    consistent = lengths[1] == min(rest, PAGE_SIZE) or not session.steady
    fits = [name for name, size in _PAGES.items() if size == lengths[0] and consistent]
    lab.saw("reads.full-pages", fits, *pages, shows=f"the first page has {lengths[0]} passings", alone=True)


def _large(lab: Lab, material: Material) -> SessionFacts:
    if not material.writes:
        lab.evidence.lack(["insert.max-entries"], NEEDS["writes"])
        large = [each for subject in material.account for each in subject.sessions if (each.count or 0) > PAGE_SIZE]
        if not large:
            raise CannotGoOn(NEEDS["more-than-a-page"])
        return large[0]
    _, session = open_session(lab, material.bare.deviceid, alias=lab.target.label)
    entries = [entry(lab, number, number) for number in range(PAGE_SIZE + 1)]
    answer = lab.named("too-many-entries", send_passings(lab, session.token, entries))
    if answer.ok:
        fits = ["none"] if answer.fields.get("inserted_count", len(entries)) == len(entries) else []
    else:
        again = send_passings(lab, session.token, entries)
        half = len(entries) // 2
        halves = [send_passings(lab, session.token, part) for part in (entries[:half], entries[half:])]
        if not all(each.ok for each in halves) or not again.is_like(answer):
            raise CannotGoOn("a target that stores 5001 passings in two requests")
        fits = ["5000"] if answer.status == 400 else []
    lab.saw("insert.max-entries", fits, answer, shows="an insert of 5001 passings", alone=True)
    session.count = len(entries)
    return session


def _readable(material: Material) -> SessionFacts:
    """A session of at least three passings. Raises CannotGoOn."""
    for subject in material.subjects:
        session = subject.with_passings(3)
        if session is not None:
            return session
    raise CannotGoOn(NEEDS["passings"])
