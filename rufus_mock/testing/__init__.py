"""For suites in Python: a mock in this process, handles on what it does, and the live host answered by it.

All of it talks to a mock over HTTP alone, so that the same suite runs against one in another process.
"""
