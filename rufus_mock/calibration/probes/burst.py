"""Whether the API limits how many requests a company may send."""

import time
from concurrent.futures import ThreadPoolExecutor

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer
from ..laboratory.lab import Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.target import Throttled

REQUESTS = 52
LIMIT = 50
LEAST_RATE = 60
_THREADS = 10
_QUIET = 1.2
_INTO_THE_SECOND = 0.1
"""Seconds: the burst begins after a quiet second, early in a second of the clock, so that no limit counts it in two."""


@probe("access.rate-limit", once=True)
def rate_limit(lab: Lab, _: Material) -> None:
    """Comes last: more than 50 requests within one second."""
    transport = lab.target.transport
    rate = lab.target.rate
    if rate is not None and rate < LEAST_RATE:
        raise CannotGoOn(NEEDS["rate"])
    if lab.target.requests_left < REQUESTS:
        raise CannotGoOn(f"{REQUESTS} more requests within the budget")
    transport.pause(_QUIET + (1 - time.time() % 1 + _INTO_THE_SECOND) % 1)
    began = time.monotonic()
    outcomes = _burst(lab)
    seconds = time.monotonic() - began
    refused = [each for each in outcomes if isinstance(each, Throttled)]
    answers = [each for each in outcomes if isinstance(each, Answer)]
    if len(outcomes) < REQUESTS or seconds >= 1 or any(each.status >= 500 for each in answers):
        raise CannotGoOn(f"a target that answers {REQUESTS} requests within one second")
    shows = f"{len(answers)} of {REQUESTS} requests within one second are answered"
    if len(answers) < LIMIT or (not refused and transport.throttled):
        # Other clients may have used up the limit, in this second or before.
        raise CannotGoOn("a company for which nobody else sends requests at that time")
    fits = ["none"] if not refused else ["50-per-second"] if len(answers) == LIMIT else []
    if any(each.retry_after is None for each in refused):
        fits = []
    lab.saw("access.rate-limit", fits, answers[0], shows=shows, alone=True)


def _burst(lab: Lab) -> list[Answer | Throttled]:
    """The answers to many requests at once, and the refusals."""
    nobody = lab.nobody

    def ask(_: int) -> Answer | Throttled | None:
        try:
            return lab.ask("getDevice", nobody)
        except Throttled as throttled:
            return throttled
        except CannotGoOn:
            return None

    lab.target.transport.bursting = True
    try:
        with ThreadPoolExecutor(_THREADS) as threads:
            outcomes = list(threads.map(ask, range(REQUESTS)))
    finally:
        lab.target.transport.bursting = False
    return [each for each in outcomes if each is not None]
