"""The row of bench/server.py that measures the validation of a body, in this process."""

import time
from collections.abc import Callable, Iterator
from statistics import median

import orjson
from passings import PAGE, passings
from subjects import Effort, Row
from wrk import ratios, spread, take_turns


def validation(effort: Effort) -> Iterator[Row]:
    """Validating the body of an insert of 5000 passings, compared with parsing it."""
    del effort
    from rufus_mock.spec.contract import Contract
    from rufus_mock.spec.validation import BodyValidator

    operation = Contract().operations["insertPassings"]
    validator = BodyValidator(operation.body or {})
    body = orjson.dumps({"token_session": "0" * 64, "passings_list": passings(0, PAGE)})
    parsed = orjson.loads(body)

    def milliseconds(work: Callable[[], object]) -> float:
        started = time.perf_counter()
        work()
        return (time.perf_counter() - started) * 1000

    checking, parsing = take_turns(
        50, lambda: milliseconds(lambda: validator.check(parsed)), lambda: milliseconds(lambda: orjson.loads(body))
    )
    shares = ratios(checking, parsing)
    yield Row(
        "Validation of 5000 passings",
        f"{median(checking):.1f} ms",
        f"parsing: {median(parsing):.1f} ms",
        f"{median(shares):.2f} times",
        "≤ 1",
        median(shares) <= 1,
        f"± {spread(shares):.0%}",
    )
