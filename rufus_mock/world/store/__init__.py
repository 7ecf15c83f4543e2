"""The passings of a company in memory, in two indexes: by session and number, and by device and time.

Store and Window are the only classes that know the indexes, so another way to store passings changes only this folder.
It may import only the standard library. It must not know companies, the Device and Session objects or the fields of a
passing: it sees identifiers, numbers, times and bytes.
"""

from .indexes import Fragment, Passing
from .ordered import Rows
from .store import Inserted, Repeated, SessionTotals, Store
from .window import Listed, Run, Selection, Window

__all__ = [
    "Fragment",
    "Inserted",
    "Listed",
    "Passing",
    "Repeated",
    "Rows",
    "Run",
    "Selection",
    "SessionTotals",
    "Store",
    "Window",
]
