"""docs/admin.md: what it shows runs, and what it lists is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rufus_mock.serving.server import Server
from rufus_mock.spec.admin_contract import AdminContract
from rufus_mock.web.app import Config, create_app

PAGE = (Path(__file__).parent.parent / "docs" / "admin.md").read_text()


def test_the_commands_run_and_show_what_the_page_says(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    script = "set -eu\n" + "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    with Server(create_app(Config())) as server:
        environment = {"MOCK": server.url, "PATH": "/usr/local/bin:/usr/bin:/bin", "no_proxy": "*"}
        done = subprocess.run(
            [bash, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in (
        '"name":"my test"',
        '{"companies":["00000001","00000002"]}',
        '{"now":"2026-05-01T11:00:00.000Z","frozen":true,',
        '"message":"expected exactly 1, found 0"',
        "curl ends with 18: transfer closed",
        "curl ends with 28: timed out",
        "retry-after: 2\n",
        "retry-after: 60\n",
        '{"description":"Device already',
    ):
        assert shown in done.stdout.replace("\r", ""), shown


@pytest.mark.parametrize("path", sorted({path for path in AdminContract().document()["paths"]}))
def test_each_path_stands_in_the_page(path: str) -> None:
    shortened = path.removeprefix("/companies/{id}") if path != "/companies/{id}" else path
    assert shortened in PAGE
