"""The contract kit as plain pytest tests: pytest contract_tests [--base-url URL].

One file per subject: `pytest contract_tests/test_sessions.py --base-url http://…/v0` tests sessions only. The checks,
the transport and the safety rules are those of `rufus-mock contract`: without --allow-writes, only GET requests are
sent. With pytest-xdist, each worker has its own device.
"""

from rufus_mock.contract.pytest_support import *  # noqa: F403 - hooks and fixtures
