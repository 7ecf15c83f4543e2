"""A bare Flask application on the same server with the same number of threads, to compare rufus-mock with.

Run it with `python bare.py PORT`. /page returns the contents of the file that BENCH_PAGE names.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
PAGE = Path(os.environ.get("BENCH_PAGE", os.devnull)).read_bytes()


@app.get("/")
def hello() -> str:
    return "Hello"


@app.get("/page")
def page() -> Response:
    return Response(PAGE, content_type="application/json")


def main() -> None:
    from rufus_mock.serving.server import Server

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with Server(app, port=int(sys.argv[1])):
        stop.wait()
    os._exit(0)


if __name__ == "__main__":
    main()
