"""rufus-mock serve from start to signal."""

import subprocess
import sys

import pytest

INTERRUPTED_ELSEWHERE = """if True:
    import signal, sys, threading
    from rufus_mock.__main__ import main
    from rufus_mock.serving import serve

    def interrupt():
        signal.pthread_kill(threading.get_ident(), signal.{name})

    def stopped(stop, seconds, wait=serve._stopped):
        threading.Timer(0.1, interrupt).start()
        return wait(stop, seconds)

    serve._stopped = stopped
    sys.argv[1:] = ["serve", "--port", "0", "--fixture", "empty"]
    main()
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_that_another_thread_receives_stops_the_server(name: str) -> None:
    code = INTERRUPTED_ELSEWHERE.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rufus-mock serves empty at http://127.0.0.1:")
