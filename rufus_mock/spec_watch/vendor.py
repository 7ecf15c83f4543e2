"""Reads a copy of the vendor's OpenAPI document from a file or a URL."""

import json
from pathlib import Path
from typing import Any

LARGEST = 16 * 1024 * 1024
"""Bytes. A larger document is not read."""
SECONDS = 60.0
"""How long the server may take to send it."""


class UnusableDocument(Exception):
    """The document cannot be read or compared. The text says why, and what to do."""


def read(source: str, seconds: float = SECONDS) -> dict[str, Any]:
    """The document in a file or at a URL, as JSON or YAML. Raises UnusableDocument. seconds: for the server."""
    text = _fetched(source, seconds) if source.startswith(("http://", "https://")) else _from_file(source)
    document = _parsed(text)
    if not isinstance(document, dict):
        raise UnusableDocument(f"expected an OpenAPI document, found {type(document).__name__}")
    if "swagger" in document:
        raise UnusableDocument(f"expected OpenAPI 3, found Swagger {document['swagger']}: convert it first")
    if not isinstance(document.get("openapi"), str) or not document["openapi"].startswith("3."):
        raise UnusableDocument('expected an OpenAPI 3 document, with a member "openapi" such as "3.0.3"')
    if not isinstance(document.get("paths"), dict):
        raise UnusableDocument('expected a member "paths" with the operations')
    return document


def _from_file(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            text = file.read(LARGEST + 1)
    except OSError as error:
        raise UnusableDocument(error.strerror or str(error)) from None
    if len(text) > LARGEST:
        raise UnusableDocument(f"the document has more than {LARGEST // 1024 // 1024} MiB")
    return text


def _fetched(url: str, seconds: float) -> bytes:
    import requests

    from ..client import BoundedSession, Limits

    try:
        with BoundedSession(Limits(seconds, LARGEST)) as session:
            response = session.get(url, headers={"Accept": "application/json, */*"})
    except (requests.RequestException, OSError, ValueError) as error:
        raise UnusableDocument(f"the document cannot be fetched: {error}") from None
    if response.status_code != 200:
        raise UnusableDocument(f"the server answered with status {response.status_code}")
    return response.content


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _parsed_as_yaml(text)


def _parsed_as_yaml(text: bytes) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as error:
        problem = getattr(error, "problem", None) or "it is neither JSON nor YAML"
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise UnusableDocument(f"neither JSON nor YAML: {problem}{where}") from None
