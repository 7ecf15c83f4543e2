"""The text of what has changed since earlier runs, wherever it is shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from ...base.printable import printable
from .changes import BROKEN, HELD, NOT_EXERCISED

_WAS = {HELD: "held before", NOT_EXERCISED: "was not looked at before"}
_NOW = {BROKEN: "is there now", HELD: "is not there now", NOT_EXERCISED: "was not looked at now"}


def history_lines(history: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields a name and a text for each departure that has changed or may have, then what else there is to say."""
    yield "compared with", _compared(history)
    if history["other_dialect"]:
        yield (
            "dialect",
            f"the latest run found the dialect {history['other_dialect']}; the target speaks another one now",
        )
    for entry in history["new"]:
        yield "new", f"{departure(entry)} ({_WAS[entry['before']]})"
    for entry in history["gone"]:
        yield "gone", f"{departure(entry)} (exercised again, and holds)"
    for entry in history["comes_and_goes"]:
        yield "comes and goes", f"{departure(entry)} ({_how_often(entry)})"
    for entry in history["not_looked_at"]:
        yield "not looked at", f"{departure(entry)} ({printable(entry['reason'])})"
    if history["as_before"]:
        yield "as before", f"{history['as_before']} finding{'s' if history['as_before'] > 1 else ''}"
    if history["skipped"]:
        yield "skipped", f"{', '.join(map(printable, history['skipped']))}: not a report of a run"


def departure(entry: Mapping[str, Any]) -> str:
    """A departure in a few words: its kind, where it is, and the statement."""
    where = printable(f"{entry['operation']} {entry['pointer'].lstrip('#')}".strip())
    return f"{entry['kind']}: {where}, {printable(entry['rests_on'])}"


def _compared(history: Mapping[str, Any]) -> str:
    number = history["earlier_runs"]
    if not number:
        return "nothing: this is the first run of this target in this dialect"
    since = printable(history["runs"][0]["started"])
    nothing = "" if history["changed"] else "; nothing has changed"
    return f"{number} earlier run{'s' if number > 1 else ''}, since {since}{nothing}"


def _how_often(entry: Mapping[str, Any]) -> str:
    looked = [state for state in entry["runs"] if state != NOT_EXERCISED]
    return f"in {looked.count(BROKEN)} of {len(looked)} runs that looked at it; {_NOW[entry['now']]}"
