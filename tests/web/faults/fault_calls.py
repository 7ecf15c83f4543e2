"""How tests add faults, call the mock with curl, and wait until a fault has applied."""

import shutil
import subprocess
import time
from typing import Any

from rufus_mock.web.faults.effect import Effect
from rufus_mock.world.faults import Fault, Faults
from tests.admin import Tenant

CURL_CUT = 18
CURL_TIMED_OUT = 28


def curl(tenant: Tenant, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("curl")
    assert program
    line = [program, "-sS", "--noproxy", "*", "-H", f"api_key: {tenant.keys['read_write']}", *arguments]
    return subprocess.run([*line, f"{tenant.admin.url}/v0/devices"], capture_output=True, check=False)


def wait_until(condition: Any) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def struck(tenant: Tenant, number: int = 1) -> Any:
    return lambda: sum(fault["struck"] for fault in tenant("GET", "/faults")["faults"]) >= number


def add(tenant: Tenant, **fault: Any) -> str:
    id: str = tenant("POST", "/faults", fault, 201)["id"]
    return id


def added(faults: Faults, **fault: Any) -> Fault:
    return faults.add(fault, Effect(fault))
