"""The contract-test kit: compares any RUFUS Cloud Public API v0 with the contract in schemas/.

It works over HTTP. It may import the client and the reader of the contract; only embedded.py imports the mock, which it
starts if no URL is given. The rest must not know how the mock works. Each folder may import those before it, and the
last three also run.py: session/, judge/, explore/, subject/, reads/, checks/. report/ needs only session/ and judge/.

It is also a library: check_answer() compares an answer that you have, and the strategies make values for your tests.
"""

from .explore.strategies import coordinates, identifiers, passing_inputs, passing_lists, timestamps, values
from .judge.answers import check_answer
from .judge.findings import ADDITION, BREAKING, NOTE, Evidence, Finding
from .report.report import Report
from .runner import run_contract
from .session.errors import CouldNotRun, Refused
from .session.options import Keys, Options
from .session.ownership import Owned
from .session.transport import Transport

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
