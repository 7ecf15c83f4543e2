"""A mock of the RUFUS Cloud Public API v0, and a contract-test kit for it."""


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib import metadata  # slow to import, and the health check does without

        return metadata.version("rufus-mock")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
