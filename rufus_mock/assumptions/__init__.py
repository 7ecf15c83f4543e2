"""What the mock does where nothing is published: for each assumed statement, one strategy for each of its variants.

All behaviours of a statement stand in one place, next to its id; their sentences and defaults are data in
`schemas/assumptions/`. The world and the pipeline ask the statement and never compare variants. The folder may import
base/ and spec/. It must not know the world, Flask or a request.
"""

from .chosen import Assumptions, InvalidAssumption
from .statement import Statement

__all__ = ["Assumptions", "InvalidAssumption", "Statement"]
"""What the rest of the package uses besides the statements themselves."""
