"""Defects in the fields of a session."""

from rufus_mock.contract import NOTE
from tests.contract.mutants.mutant import add
from tests.contract.mutants.spoiling import answers

add(
    "duration_is_a_number",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda body: body["result"][0].update(duration=7200)),
)
add(
    "passings_of_a_session_are_off_by_one",
    "getSession",
    "session-counts",
    answers("getSession", lambda body: body["result"][0].update(passings=body["result"][0]["passings"] + 1)),
)
add(
    "first_and_last_are_swapped",
    "getSession",
    "session-first-last",
    answers("getSession", lambda b: b["result"][0].update(first=b["result"][0]["last"], last=b["result"][0]["first"])),
    NOTE,
)
add(
    "session_404_echoes_lower_case",
    "getSession",
    "404 SessionNotFound",
    answers("getSession", lambda body: body.update(token_session=body["token_session"].lower()), 404),
)
add(
    "session_lacks_first",
    "getSession",
    "200 SessionInfo",
    answers("getSession", lambda b: b["result"][0].pop("first") and None),
)
