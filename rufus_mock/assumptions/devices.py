"""What identifies a device, how devices are listed, and what they show."""

from ..spec.dialects import Schema
from .constraints import closed, opened, unchanged, with_type
from .statement import Statement

TYPE = Statement[[Schema], Schema]("devices.type", {"optional": unchanged, "required": with_type}, tried=True)
"""The schema of the request that binds a device."""

UNKNOWN_FIELDS = Statement[[Schema], Schema](
    "devices.unknown-fields", {"ignored": opened, "refused": closed}, tried=True
)
"""The schema of the request that binds a device."""
