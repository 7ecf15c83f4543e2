"""What happens to passings that are inserted, and what an insert gets."""

from collections.abc import Mapping
from typing import Any

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer, Row, whole
from ..laboratory.lab import Lab, entry
from ..laboratory.material import Material
from ..laboratory.own import open_session, send_passings
from ..laboratory.probe import probe
from ..laboratory.subject import SessionFacts

_NO_TIME = "not a time"


@probe("insert.closed-token", "insert.closed-session", "insert.status")
def refused_sessions(lab: Lab, material: Material) -> None:
    answer = lab.named("insert-unknown-session", send_passings(lab, lab.nobody, [entry(lab, 1)]))
    if answer.status == 404 and answer.description is not None:
        echoed = answer.fields.get("token_session") == lab.nobody
        absent = set(answer.fields) == {"description"}
        lab.saw("insert.closed-token", ["echoed"] if echoed else ["absent"] if absent else [], answer)
    else:
        lab.saw("insert.closed-token", [], answer)
    main = material.main
    lab.saw_status("insert.status", main.inserted, {201: "201", 200: "200"})
    answer = lab.named("insert-closed-session", send_passings(lab, main.closed.token, [entry(lab, 9)]))
    lab.saw_status("insert.closed-session", answer, {404: "404", 400: "400", 409: "409"})


@probe("insert.duplicates", "insert.inserted-count", "insert.bad-entry", "insert.empty-list")
def repeated_and_invalid(lab: Lab, material: Material) -> None:
    session = _session(lab, material)
    if not send_passings(lab, session.token, [entry(lab, 1, bib="A1")]).ok:
        raise CannotGoOn("a target that stores a passing")
    again = lab.named("duplicate", send_passings(lab, session.token, [entry(lab, 1, bib="B1")]))
    invalid = [entry(lab, 10), entry(lab, 11, timestamp=_NO_TIME), entry(lab, 12)]
    bad = lab.named("bad-entry", send_passings(lab, session.token, invalid))
    empty = lab.named("empty-insert", send_passings(lab, session.token, []))
    read = lab.ask("getSessionPassings", session.token)
    rows = read.rows()
    if rows is None:
        raise CannotGoOn("a target on which the passings of the run can be read")
    bibs = [row.get("bib") for row in rows if row.get("num_passing") == 1]
    stored = {whole(row.get("num_passing")) for row in rows}
    _duplicates(lab, again, bibs, read)
    refused = bad.status == 400 and not stored & {10, 11, 12}
    others = bad.ok and stored & {10, 11, 12} == {10, 12}
    lab.saw("insert.bad-entry", ["all-refused"] if refused else ["others-stored"] if others else [], bad, read)
    lab.saw("insert.empty-list", ["stored"] if empty.ok else ["400"] if empty.status == 400 else [], empty)
    _counts(lab, again, bibs, bad if others else None)


def _duplicates(lab: Lab, again: Answer, bibs: list[Any], read: Answer) -> None:
    fits = []
    if again.status == 409 and bibs == ["A1"]:
        fits = ["409"]
    elif again.ok:
        found = {("A1",): "first-stays", ("B1",): "last-wins", ("A1", "B1"): "both-kept", ("B1", "A1"): "both-kept"}
        variant = found.get(tuple(map(str, bibs)))
        fits = [variant] if variant else []
    lab.saw("insert.duplicates", fits, again, read, shows=f"{len(bibs)} passings of this num_passing, {_which(bibs)}")


def _which(bibs: list[Any]) -> str:
    return " and ".join({"A1": "the first", "B1": "the second"}.get(str(bib), "another") for bib in bibs) or "none"


def _counts(lab: Lab, again: Answer, bibs: list[Any], others_stored: Answer | None) -> None:
    """Compare inserted_count where what was stored is less than what was sent."""
    seen = 0
    for answer, differs in ((again, again.ok and bibs == ["A1"]), (others_stored, others_stored is not None)):
        if answer is not None and differs and "inserted_count" in answer.fields:
            stored, sent = (0, 1) if answer is again else (2, 3)
            found = whole(answer.fields["inserted_count"])
            lab.saw(
                "insert.inserted-count", ["stored"] if found == stored else ["sent"] if found == sent else [], answer
            )
            seen += 1
    if not seen:
        raise CannotGoOn("a target that accepts an insert and does not store all of it")


@probe(
    "insert.no-coordinates",
    "insert.coordinate-text",
    "insert.coordinate-number",
    "insert.other-times",
    "insert.time-without-offset",
    "insert.below-millisecond",
    "insert.chips",
)
def forms(lab: Lab, material: Material) -> None:
    """Passings in unusual forms, each in a request of its own, and how they are read."""
    session = _session(lab, material)
    sent = {number: send_passings(lab, session.token, [each]) for number, each in _forms(lab).items()}
    read = lab.ask("getSessionPassings", session.token)
    rows = {number: row for row in read.rows() or [] if (number := whole(row.get("num_passing"))) is not None}

    def saw(id: str, number: int, expected: dict[str, bool], refused: str | None = None) -> None:
        answer, row = sent[number], rows.get(number)
        fits = [name for name, is_so in expected.items() if is_so] if row is not None and answer.ok else []
        if refused and answer.status == 400 and row is None:
            fits = [refused]
        lab.saw(id, fits, answer, read, shows=_as_read(id, row))

    point = [rows.get(1, {}).get(name, "absent") for name in ("latitude", "longitude")]
    saw("insert.no-coordinates", 1, {"zero": point == ["0.0", "0.0"], "null": point == [None, None]})
    numbers = [rows.get(2, {}).get(name) for name in ("latitude", "longitude")]
    exact, whole_number = str(_EXACT), str(_WHOLE)
    saw(
        "insert.coordinate-number",
        2,
        {
            "text": numbers == [exact, whole_number],
            "float-text": numbers == [exact, f"{whole_number}.0"],
            "number": numbers == [_EXACT, _WHOLE],
        },
    )
    time = rows.get(3, {}).get("timestamp")
    saw("insert.other-times", 3, {"documented-form": time == _OTHER_READ, "as-sent": time == _OTHER})
    time = rows.get(4, {}).get("timestamp")
    local = {"utc": time == _LOCAL_AS_UTC, "passing-timezone": time == _LOCAL_IN_ZONE, "as-sent": time == _LOCAL}
    saw("insert.time-without-offset", 4, local, refused="400")
    _below_millisecond(lab, sent, rows, read)
    if lab.dialect == "pages":
        latitude, chip = rows.get(6, {}).get("latitude"), rows.get(7, {}).get("chip", "absent")
        saw("insert.coordinate-text", 6, {"as-sent": latitude == _ZEROS, "normalised": latitude == str(_EXACT)})
        saw("insert.chips", 7, {"as-chip": chip == _CHIP, "ignored": chip is None}, refused="400")


_EXACT, _ZEROS, _WHOLE = 12.345675, "12.34567500", 2
"""Coordinates. So many decimals show a target that rounds them, which is none of the variants."""

_OTHER, _OTHER_READ = "2024-05-01T10:00:00.000+02:00", "2024-05-01T08:00:00.000Z"
_LOCAL, _LOCAL_AS_UTC = "2024-05-01 09:00:00.000", "2024-05-01T09:00:00.000Z"
_LOCAL_IN_ZONE = "2024-05-01T13:00:00.000Z"
_FINE, _CUT, _ROUNDED = "2024-05-01T20:00:00.0006Z", "2024-05-01T20:00:00.000Z", "2024-05-01T20:00:00.001Z"
_FINE_LOCAL = "2024-05-01 20:00:00.0006"
_CHIP = "404040"


def _forms(lab: Lab) -> dict[int, dict[str, Any]]:
    """The passings by num_passing."""
    passings = {
        1: entry(lab, 1, latitude=None, longitude=None),
        2: entry(lab, 2, latitude=_EXACT, longitude=_WHOLE),
        3: entry(lab, 3, timestamp=_OTHER),
        4: entry(lab, 4, timestamp=_LOCAL, timezone="America/New_York"),
        5: entry(lab, 5, timestamp=_FINE),
        8: entry(lab, 8, timestamp=_FINE_LOCAL, timezone="UTC"),
    }
    if lab.dialect == "pages":
        passings[6] = entry(lab, 6, latitude=_ZEROS)
        passings[7] = entry(lab, 7, chip=None, chips=_CHIP)
    return passings


def _as_read(id: str, row: Row | None) -> str:
    if row is None:
        return "the passing is not stored"
    field = "timestamp" if "time" in id or "milli" in id else "latitude"
    name = {"insert.chips": "chip", "insert.coordinate-number": "longitude"}.get(id, field)
    value = row.get(name, "absent")
    return f"{name} is read as {value!r}" if isinstance(value, str | int | float | None) else f"{name} is read"


def _below_millisecond(lab: Lab, answers: Mapping[int, Answer], rows: Mapping[int, Row], read: Answer) -> None:
    """A timestamp that is read as it was sent shows nothing, so there is one with an offset and one without."""
    id, known = "insert.below-millisecond", {_CUT: "truncated", _ROUNDED: "rounded"}
    seen = 0
    for number, sent in ((5, _FINE), (8, _FINE_LOCAL)):
        row = rows.get(number)
        time = (row or {}).get("timestamp")
        if isinstance(time, str) and time in known:
            lab.saw(id, [known[time]], answers[number], read, shows=_as_read(id, row))
            seen += 1
        elif number == 5 and time != sent:
            lab.saw(id, [], answers[number], read, shows=_as_read(id, row))
            seen += 1
    if not seen:
        lab.evidence.lack([id], "a target that reads a timestamp with more digits in the documented form")


def _session(lab: Lab, material: Material) -> SessionFacts:
    _, session = open_session(lab, material.bare.deviceid, alias=lab.target.label)
    return session
