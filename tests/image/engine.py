"""A container engine: docker or podman, by their common command line."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "128m"]


class Engine:
    """docker or podman, whichever this machine has.

    Where that needs more, the environment says it: CONTAINER_ENGINE is a command with its options,
    CONTAINER_RUN_OPTIONS go to each run, and CONTAINER_NETWORK (host, say) to each that names no network.
    """

    def __init__(self) -> None:
        configured = os.environ.get("CONTAINER_ENGINE")
        self._command = shlex.split(configured) if configured else [_found()]
        self._options = shlex.split(os.environ.get("CONTAINER_RUN_OPTIONS", ""))
        self._network = os.environ.get("CONTAINER_NETWORK")

    def __call__(self, *arguments: str, check: bool = True, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, timeout=timeout)
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done

    def inspect(self, what: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(what, "inspect", name).stdout)[0]
        return found

    def size(self, image: str) -> int:
        """Bytes. An image that is not here is pulled."""
        if self("image", "inspect", image, check=False).returncode != 0:
            self("pull", image, timeout=600)
        return int(self.inspect("image", image)["Size"])

    def start(self, image: str, *options: str, network: str | None = None, command: Sequence[str] = ()) -> "Container":
        done = self("run", "--detach", *self._run(network), *options, image, *command)
        return Container(self, done.stdout.split()[-1])

    def run(
        self, image: str, *options: str, network: str | None = None, command: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """A container from its start to its end."""
        return self("run", "--rm", "--no-healthcheck", *self._run(network), *options, image, *command, check=False)

    def _run(self, network: str | None) -> list[str]:
        network = network or self._network
        return [*self._options, *([f"--network={network}"] if network else [])]


class Container:
    """A container that runs until remove()."""

    def __init__(self, engine: Engine, id: str) -> None:
        self._engine = engine
        self.id = id

    def exec(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        options = [f"--env={name}={value}" for name, value in environment.items()]
        return self._engine("exec", *options, self.id, *command, check=False)

    def healthy(self) -> bool:
        """What the check of the image says. Asked by hand: an engine asks in intervals, podman where systemd runs."""
        check = self.state()["Config"]["Healthcheck"]["Test"]
        assert check[0] == "CMD"
        return self.exec(*check[1:]).returncode == 0

    def await_health(self) -> None:
        deadline = time.monotonic() + 20
        while not self.healthy():
            assert self.state()["State"]["Running"], self.log()
            assert time.monotonic() < deadline, self.log()

    def state(self) -> dict[str, Any]:
        return self._engine.inspect("container", self.id)

    def log(self) -> str:
        done = self._engine("logs", self.id, check=False)
        return done.stdout + done.stderr

    def started(self) -> float:
        """When its process began, in seconds since the epoch."""
        return _seconds(self.state()["State"]["StartedAt"])

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit status, and the seconds until the process was over."""
        begin = time.time()
        self._engine("stop", "-t", "10", self.id)
        state = self.state()["State"]
        return int(state["ExitCode"]), _seconds(state["FinishedAt"]) - begin

    def remove(self) -> None:
        self._engine("rm", "--force", "--volumes", self.id, check=False)


def _seconds(timestamp: str) -> float:
    """Engines write nanoseconds, which Python does not read."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", timestamp)).timestamp()


def _found() -> str:
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True).returncode == 0:
        return "docker"
    if shutil.which("podman"):
        return "podman"
    raise LookupError("neither docker with a running engine nor podman is here")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
