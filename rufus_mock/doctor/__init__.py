"""rufus-mock doctor: why is my key refused? Asks one question after the other, by GET requests only.

It needs requests: pip install "rufus-mock[contract]".
"""

from .examination import Doctor
from .findings import NOT_ASKED, NOTE, OK, WRONG, Finding
from .replies import CLOCK_TOLERANCE

__all__ = ["CLOCK_TOLERANCE", "NOTE", "NOT_ASKED", "OK", "WRONG", "Doctor", "Finding"]
