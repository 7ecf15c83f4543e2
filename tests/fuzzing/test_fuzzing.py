"""No input causes a 5xx, and every answer is one that the documents describe."""

import pytest

from tests.fuzzing.run import DOCUMENTS, fuzz, served


@pytest.mark.parametrize("document", DOCUMENTS)
def test_schemathesis_finds_no_difference(document: str) -> None:
    with served(document) as server:
        run = fuzz(document, server.url, "--max-examples", "5", "--generation-deterministic")
    assert run.returncode == 0, run.stdout + run.stderr
