from collections.abc import Iterator

import pytest

from rufus_mock.spec.dialects import DIALECTS
from tools.calibration import Bench


@pytest.fixture(scope="package", params=DIALECTS)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A mock that speaks each dialect, whose variants a test may choose."""
    bench = Bench(request.param)
    yield bench
    bench.stop()
