"""For test suites in Python: a mock in this process, handles to control it, and intercept() for the live API's URL.

All handles talk to the mock over HTTP only, so the same suite can also run against a mock in another process.

It may import serving/ and what is below it. The handles must not touch the world of a mock in the same process.
"""
