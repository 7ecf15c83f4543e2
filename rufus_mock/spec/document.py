"""An OpenAPI document of `schemas/` together with the schema files that it refers to."""

import json
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ..base.resources import folder
from .bundle import bundle, join
from .dialects import PAGES, Schema, without_other_dialects
from .parts import PARTS, combined
from .variants import Changes


class Document:
    """The OpenAPI document `name` in the folder `root`, by default `schemas/`. Each file is read once.

    Raises OSError or json.JSONDecodeError if a file cannot be read.
    """

    def __init__(self, name: str, root: Path | None = None) -> None:
        self.root = root or folder("schemas")
        self._files: dict[str, Schema] = {}
        self._resolved_files: dict[str, Schema] = {}
        self._fields: dict[tuple[str, str], tuple[str, ...]] = {}
        self.content = self._file(name)

    @property
    def base_path(self) -> str:
        """The path that all base URLs have in common: /v0."""
        urls: list[str] = [server["url"] for server in self.content["servers"]]
        (path,) = {urlsplit(url).path for url in urls}
        return path

    def schema(self, name: str) -> Schema:
        """A schema file by its name without ".json" ("passing", "answers/passings"), with all references resolved."""
        resolved: Schema = self.resolve({"$ref": f"{name}.json"})
        return resolved

    def fields(self, name: str, dialect: str = PAGES) -> tuple[str, ...]:
        """The names of the fields that a schema has in a dialect, in order."""
        if (name, dialect) not in self._fields:
            schema = without_other_dialects(self.schema(name), dialect)
            self._fields[name, dialect] = tuple(schema["properties"])
        return self._fields[name, dialect]

    def bundled(self, dialect: str = PAGES, server: str | None = None, changes: Changes | None = None) -> Schema:
        """One OpenAPI 3.1 document that refers to no other file, with the bodies of a dialect.

        server: the base URL that clients call by default; None is that of a mock on its default port. changes: those of
        chosen variants.
        """
        if changes is None:
            document = bundle(self.content, self._file, dialect)
        else:
            document = bundle(changes.document(self.content), changes.reading(self._file), dialect)
        if server is not None:
            document["servers"][0]["url"] = server
        return document

    def resolve(self, node: Any, base: str = "") -> Any:
        """`node` with each reference replaced by its target. Keywords beside a reference override those of the target.

        base is the folder of the file that contains the node.
        """
        if isinstance(node, list):
            return [self.resolve(item, base) for item in node]
        if not isinstance(node, dict):
            return node
        resolved = {key: self.resolve(value, base) for key, value in node.items() if key != "$ref"}
        if "$ref" not in node:
            return resolved
        reference: str = node["$ref"]
        if reference.startswith("#/"):
            return {**self.resolve(self.target(reference)), **resolved}
        return {**self._resolved_file(join(base, reference)), **resolved}

    def target(self, reference: str) -> Any:
        """What a reference within this document ("#/components/…") refers to, with its own references unresolved."""
        node: Any = self.content
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        return node

    def _file(self, name: str) -> Schema:
        if name not in self._files:
            schema = self._read(self.root / name)
            if PARTS in schema:
                parts = sorted((self.root / join(str(PurePosixPath(name).parent), schema[PARTS])).glob("*.json"))
                schema = combined(schema, map(self._read, parts))
            self._files[name] = schema
        return self._files[name]

    @staticmethod
    def _read(path: Path) -> Schema:
        schema: Schema = json.loads(path.read_text(encoding="utf-8"))
        return schema

    def _resolved_file(self, name: str) -> Schema:
        if name not in self._resolved_files:
            self._resolved_files[name] = self.resolve(self._file(name), str(PurePosixPath(name).parent))
        return self._resolved_files[name]
