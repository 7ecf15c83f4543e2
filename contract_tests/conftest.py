"""The contract kit as plain pytest: pytest contract_tests [--base-url URL].

Each worker of xdist has a device of its own. The same checks, the same transport and the same safety as in
`rufus-mock contract`.
"""

from rufus_mock.contract.pytest_support import *  # noqa: F403 - hooks and fixtures
