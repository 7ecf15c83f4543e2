"""Only times in the documented form are compared: what others mean is known to the target alone."""

import pytest

from rufus_mock.calibration.laboratory.subject import SessionFacts, Subject
from rufus_mock.calibration.probes.reading import place_of

DOCUMENTED = "2024-05-01T08:00:00.000Z"


@pytest.mark.parametrize(
    ("timestamp", "known"),
    [
        (DOCUMENTED, True),
        ("2024-05-01 08:00:00.0000", False),
        ("2024-05-01T08:00:00.0004Z", False),
        ("2024-05-01T10:00:00.000+02:00", False),
        (None, False),
    ],
)
def test_a_time_in_another_form_has_no_place_among_others(timestamp: str | None, known: bool) -> None:
    row = {"token_session": "T", "num_passing": 1, "timestamp": timestamp}
    session = SessionFacts("T", rows=[row, {"num_passing": 2, "timestamp": DOCUMENTED}])
    assert bool(session.times) is known
    assert (place_of(Subject("D", [session]), row) is not None) is known
