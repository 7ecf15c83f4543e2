"""Finds out why an API key is refused. Checks DNS, the connection, TLS, the headers and the key by GET requests only.

It may import client/, spec/ and base/. It must never write to a server, and it must not know the mock's code.

It is built on requests: pip install "rufus-mock[contract]".
"""

from .examination import Doctor
from .findings import NOT_ASKED, NOTE, OK, WRONG, Finding
from .replies import CLOCK_TOLERANCE

__all__ = ["CLOCK_TOLERANCE", "NOTE", "NOT_ASKED", "OK", "WRONG", "Doctor", "Finding"]
