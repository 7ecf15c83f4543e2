"""Schemathesis against a mock on a socket: every check, both dialects, and the admin API."""
