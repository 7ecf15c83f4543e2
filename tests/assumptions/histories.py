"""What has happened in a company before the first request: devices, sessions, passings and events."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from rufus_mock.base.errors import ApiError
from rufus_mock.world import Event
from tests.assumptions.twin import Subject

TIMES = ("2023-11-14T22:13:20.000Z", "2023-11-14T22:13:21.000Z", "2023-11-14T22:13:22.000Z")
DATES = (None, 1_700_000_000_000, 1_800_000_000_000)

pauses = st.sampled_from([0, 1000, 2 * 60 * 60 * 1000, 3 * 60 * 60 * 1000])
hardware = st.tuples(st.sampled_from("AB"), st.sampled_from("12"), st.sampled_from(["x", None]))
event_dates = st.lists(st.sampled_from(DATES), max_size=3)
lists = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(TIMES)), min_size=1, max_size=3)


def live(subject: Subject, data: Any) -> None:
    """Let a company bind, unbind, open, close and insert at random, without requests."""
    company = subject.company
    for number, date in enumerate(data.draw(event_dates)):
        company.events.add(Event(f"E-{number}", start_date=date))

    def bind() -> None:
        company.devices.bind(*data.draw(hardware))

    def device() -> str:
        return data.draw(st.sampled_from([each.deviceid for each in company.devices]))  # type: ignore[no-any-return]

    def session() -> str:
        tokens = [each.token_session for each in company.sessions.of_device(device())]
        return data.draw(st.sampled_from(tokens)) if tokens else ""

    def insert() -> None:
        sent = [
            company.passings.read({"bib": "7", "num_passing": number, "timestamp": time})
            for number, time in data.draw(lists)
        ]
        company.passings.insert(session(), sent)

    steps: dict[str, Callable[[], Any]] = {
        "bind": bind,
        "unbind": lambda: company.unbind(device()),
        "open": lambda: company.sessions.open(device(), data.draw(st.sampled_from(["a", None]))),
        "close": lambda: company.sessions.close(session()),
        "insert": insert,
    }
    names = st.lists(st.sampled_from(["bind", *steps, "open", "open", "insert", "insert"]), max_size=10)
    for name in ["bind", *data.draw(names)]:
        subject.clock.time += data.draw(pauses)
        if not len(company.devices):
            bind()
        try:
            steps[name]()
        except ApiError:
            continue
