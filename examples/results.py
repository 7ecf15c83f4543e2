"""Serves a page of live results from RUFUS Cloud: the latest passings of each device. Needs only Python.

    RUFUS_API_KEY=ror-… python results.py

The base URL is a constant, as in many such programs. compose.yaml runs this program unchanged against the mock.
"""

import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

BASE_URL = "https://api.runonrufus.com/v0"
TIMEOUT = 8
ROWS = 20


class Device:
    """The latest passings of a device. position: the query parameters with which device2 continues after them."""

    def __init__(self) -> None:
        self.position: dict[str, str | int] = {}
        self.passings: deque[dict[str, Any]] = deque(maxlen=ROWS)


class Results:
    """Follows all devices of a company."""

    def __init__(self, api_key: str, base_url: str = BASE_URL) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._devices: dict[str, Device] = {}
        self._lock = threading.Lock()

    def page(self) -> str:
        """An HTML page of all devices with their latest passings, newest first."""
        parts = ["<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=5><title>Live results</title>"]
        with self._lock:
            for device in self._get("/devices")["result"]:
                parts.append(f"<h2>{escape(device['alias'] or device['serial_number'])}</h2>")
                parts.append("<table><tr><th>Bib<th>Time<th>Chip")
                for passing in reversed(self._follow(device["deviceid"]).passings):
                    cells = (passing["bib"], passing["timestamp"], passing["chip"] or "by hand")
                    parts.append("<tr>" + "".join(f"<td>{escape(cell)}" for cell in cells))
                parts.append("</table>")
        return "\n".join(parts)

    def _follow(self, deviceid: str) -> Device:
        """Read new passings until a response has none."""
        device = self._devices.setdefault(deviceid, Device())
        while True:
            answer = self._get(f"/passings/device2/{deviceid}?{urlencode(device.position)}")
            if not answer["passings"]:
                return device
            device.passings.extend(answer["passings"])
            last = answer["passings"][-1]["num_passing"]
            device.position = {"token_session": answer["session_used"], "last": last}

    def _get(self, path: str) -> dict[str, Any]:
        """The body of a response, in either of the two forms that the vendor documents."""
        request = urllib.request.Request(self._base_url + path, headers={"api_key": self._api_key})
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            whole = json.load(answer)
        body: dict[str, Any] = whole.get("body", whole)
        return body


class Handler(BaseHTTPRequestHandler):
    results: Results

    def do_GET(self) -> None:
        try:
            status, text = 200, self.results.page()
        except OSError as error:  # urllib's errors are OSErrors: no response, no trust, or an error status
            status, text = 502, f"<!doctype html><title>No results</title><p>RUFUS Cloud: {escape(str(error))}"
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def server(results: Results, host: str = "0.0.0.0", port: int = 8000) -> ThreadingHTTPServer:
    """The server of the page. It is bound to its socket but not started."""
    return ThreadingHTTPServer((host, port), type("Handler", (Handler,), {"results": results}))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # in a container, process 1 ignores SIGTERM otherwise
    server(Results(os.environ["RUFUS_API_KEY"])).serve_forever()
