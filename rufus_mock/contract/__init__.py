"""The contract-test kit: holds any RUFUS Cloud Public API v0 against the contract. It speaks HTTP and schemas only.

Also a library: check_answer() validates an answer that you have, the strategies make values for your own tests.
"""

from .explore.strategies import coordinates, identifiers, passing_inputs, passing_lists, timestamps, values
from .judge.answers import check_answer
from .judge.findings import ADDITION, BREAKING, NOTE, Evidence, Finding
from .runner import Report, run_contract
from .session.options import Keys, Options
from .session.target import CouldNotRun
from .session.transport import Owned, Refused, Transport

__all__ = [
    "ADDITION",
    "BREAKING",
    "NOTE",
    "CouldNotRun",
    "Evidence",
    "Finding",
    "Keys",
    "Options",
    "Owned",
    "Refused",
    "Report",
    "Transport",
    "check_answer",
    "coordinates",
    "identifiers",
    "passing_inputs",
    "passing_lists",
    "run_contract",
    "timestamps",
    "values",
]
