"""From HTTP to the world and back: access, validation, a blueprint per resource, answers."""
