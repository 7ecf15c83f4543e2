"""Requests to the API of a company, as the software under test makes them."""

from typing import Any

import requests

from rufus_mock import MockCompany

SPACE = {"model": "M", "serial_number": "S-1"}


def get(company: MockCompany, path: str, key: str | None = None) -> requests.Response:
    return requests.get(company.base_url + path, headers={"api_key": key or company.keys.read}, timeout=10)


def post(company: MockCompany, path: str, body: Any) -> requests.Response:
    return requests.post(company.base_url + path, json=body, headers={"api_key": company.keys.write}, timeout=10)


def bind(company: MockCompany, **fields: str) -> requests.Response:
    return post(company, "/devices", {**SPACE, **fields})
