"""How requests are read: unknown fields and parameters, other content types, malformed identifiers, unknown paths."""
