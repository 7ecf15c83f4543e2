"""No input causes a 5xx, and every answer is one that the documents describe."""

import pytest

from tests.fuzzing.run import DOCUMENTS, fuzz, served

QUICK = """
[[operations]]
include-operation-id = ["putState", "putCompany", "putCompanyState"]
phases.coverage.enabled = false
"""
"""Four operations take a fixture. Schemathesis makes 540 requests for each; here, createCompany is enough."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_schemathesis_finds_no_difference(document: str) -> None:
    with served(document) as server:
        run = fuzz(document, server.url, "--max-examples", "3", "--generation-deterministic", config=QUICK)
    assert run.returncode == 0, run.stdout + run.stderr
