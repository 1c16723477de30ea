"""Read the OpenAPI contracts and compile each operation once."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import yaml

from tamiz.sandbox.contract import Answer, Body, Contract, Gate, Json, Operation, Parameter

METHODS = ("get", "post", "put", "patch", "delete")


def read_contract(name: str) -> Json:
    """Return the contract of a platform as it is written."""
    text = files("tamiz.sandbox").joinpath("contracts", f"{name}.openapi.yaml").read_text("utf-8")
    document: Json = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


@cache
def load_contract(name: str) -> Contract:
    """Read and compile the contract of a platform, once in the life of a process."""
    document = read_contract(name)
    # An address without parameters is meant where one with a parameter would fit it too.
    operations = sorted(_operations(document), key=lambda entry: entry.path.pattern.count("(?P"))
    return Contract(name, tuple(operations), _access_header(document))


def base_path(document: Json) -> str:
    """Return the path below which the operations of a contract stand."""
    return urlsplit(str(document["servers"][0]["url"])).path.rstrip("/")


def _access_header(document: Json) -> str:
    (requirement,) = document["security"]
    (name,) = requirement
    scheme = document["components"]["securitySchemes"][name]
    return str(scheme.get("name", "Authorization")).lower()


def _operations(document: Json) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            operation = item[method]
            parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
            answers = {
                0 if status == "default" else int(status): _answer(document, answer)
                for status, answer in operation["responses"].items()
            }
            yield Operation(
                operation["operationId"],
                method.upper(),
                re.compile(_pattern(path)),
                tuple(_parameter(document, _resolved(document, entry)) for entry in parameters),
                _body(document, operation.get("requestBody")),
                answers,
            )


def _pattern(path: str) -> str:
    parts = re.split(r"\{(\w+)\}", path)
    return "".join(
        f"(?P<{part}>[^/:]+)" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )


def _parameter(document: Json, entry: Json) -> Parameter:
    schema = _resolved(document, entry["schema"])
    return Parameter(
        entry["name"],
        entry["in"],
        entry.get("required", False),
        str(schema.get("type", "string")),
        _gate(document, schema),
    )


def _body(document: Json, entry: Json | None) -> Body | None:
    if entry is None:
        return None
    resolved = _resolved(document, entry)
    ((media_type, content),) = resolved["content"].items()
    return Body(media_type, _gate(document, content["schema"]), resolved.get("required", False))


def _answer(document: Json, entry: Json) -> Answer:
    resolved = _resolved(document, entry)
    headers = {}
    for name, reference in resolved.get("headers", {}).items():
        header = _resolved(document, reference)
        schema = _resolved(document, header["schema"])
        kind = str(schema.get("type", "string"))
        headers[name.lower()] = (header.get("required", False), kind, _gate(document, schema))
    content = resolved.get("content", {}).get("application/json")
    return Answer(_gate(document, content["schema"]) if content else None, headers)


def _resolved(document: Json, entry: Json) -> Json:
    while "$ref" in entry:
        target: Any = document
        for step in entry["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        entry = target
    return entry


def _gate(document: Json, schema: Json) -> Gate:
    whole = {**schema, "components": {"schemas": document["components"]["schemas"]}}
    return Gate(jsonschema_rs.Draft202012Validator(whole))
