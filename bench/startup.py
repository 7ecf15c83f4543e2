"""Breaks down the time from the start of a command to its first response."""

import subprocess
import sys
import time
from collections import Counter
from statistics import median

_OWNERS = {
    "flask": ("flask", "werkzeug", "jinja2", "markupsafe", "blinker", "itsdangerous"),
    "click": ("click",),
    "granian": ("granian",),
    "jsonschema-rs": ("jsonschema_rs",),
    "orjson": ("orjson",),
    "rufus_mock": ("rufus_mock",),
}

_MODULES = "rufus_mock.cli, rufus_mock.commands.serve, rufus_mock.serving.serve"

_APPLICATION = """
import time
import rufus_mock.serving.serve
from rufus_mock.web.app import create_app
started = time.perf_counter()
create_app()
print((time.perf_counter() - started) * 1000)
"""


def breakdown(first_response: float) -> str:
    """A paragraph on where the milliseconds to the first response are spent.

    The shares of the imports come from python -X importtime, scaled down because it slows them.
    """
    interpreter = median(_milliseconds("pass") for _ in range(5))
    imported = median(_milliseconds(f"import {_MODULES}") for _ in range(5)) - interpreter
    imports = _imports()
    slower = sum(imports.values()) / imported
    application = median(float(_run("-c", _APPLICATION).stdout) for _ in range(3))
    rest = first_response - interpreter - imported - application
    modules = ", ".join(f"{owner} {time / slower:.0f}" for owner, time in imports.most_common())
    return (
        f"The {first_response:.0f} ms to the first response: interpreter {interpreter:.0f}; imports {imported:.0f} "
        f"({modules}); fixture and application {application:.0f}; socket and first request {max(rest, 0):.0f}."
    )


def _imports() -> Counter[str]:
    times: Counter[str] = Counter()
    for line in _run("-X", "importtime", "-c", f"import {_MODULES}").stderr.splitlines():
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            times[_owner(name.strip())] += int(own)
    for line in _run("-X", "importtime", "-c", "pass").stderr.splitlines():
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            times[_owner(name.strip())] -= int(own)
    return Counter({owner: time / 1000 for owner, time in times.items()})


def _owner(module: str) -> str:
    top = module.split(".")[0]
    return next((owner for owner, names in _OWNERS.items() if top in names), "standard library")


def _milliseconds(code: str) -> float:
    started = time.perf_counter()
    _run("-c", code)
    return (time.perf_counter() - started) * 1000


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
