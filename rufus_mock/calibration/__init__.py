"""Measures how a live API behaves where nothing is published, and writes what it found into a profile.

`laboratory/` sends requests, keeps what was seen and decides the verdicts; `probes/` has one function for each
assumption or group of assumptions. The folder may import the client, the contract kit's session and what is below them.
It must never know the mock: it sees only answers.
"""
