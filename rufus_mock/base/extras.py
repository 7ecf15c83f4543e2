"""The optional dependencies, and what to say if one is not installed."""

EXTRAS = {
    "simulator": ("faker", "requests", "rich", "urllib3"),
    "contract": (
        "hypothesis",
        "jinja2",
        "jsonschema",
        "pytest",
        "requests",
        "rfc3339_validator",
        "rich",
        "urllib3",
        "yaml",
    ),
    "plot": ("matplotlib",),
    "tls": ("trustme",),
}
"""The modules that each extra installs. The first extra with a module is the one to suggest for it."""


def install(extra: str) -> str:
    """The command that installs an extra."""
    return f'pip install "rufus-mock[{extra}]"'


def missing(error: ModuleNotFoundError, extra: str | None = None) -> str:
    """What to say about a failed import. Raises the error again if no extra installs the module.

    extra: the one that the failed command needs, if the module alone does not tell.
    """
    if extra is None:
        extra = next((name for name, modules in EXTRAS.items() if error.name in modules), None)
    if extra is None or (error.name or "").startswith("rufus_mock"):
        raise error
    return f"this needs {error.name}: {install(extra)}"
