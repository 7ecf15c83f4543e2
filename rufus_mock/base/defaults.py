"""Defaults that several parts use. The health check imports this module, so it imports nothing."""

HOST = "127.0.0.1"
PORT = 8080
BASE_URL = f"http://{HOST}:{PORT}/v0"
"""Where `rufus-mock serve` listens, and which server the other commands call."""

RATE = 5.0
BUDGET = 500
CALIBRATION_READS = 150
CALIBRATION_WRITES = 400
EXAMPLES = 6
EXAMPLES_EMBEDDED = 100
EXAMPLES_IN_TESTS = 25
TIMEOUT = 60.0
DEADLINE = 1800.0
"""Requests per second, requests in total, and examples per property of the contract kit. rufus-mock calibrate sends at
most so many requests, without and with writes.
TIMEOUT is for one exchange, from the first byte of the request to the last byte of the answer, DEADLINE for a whole
run, both in seconds.

On the mock in its own process, the kit has neither a rate nor a budget nor a deadline, and the command tries more
examples. In pytest on that mock, and as a library, it tries fewer.
"""
