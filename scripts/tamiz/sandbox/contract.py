"""The OpenAPI contracts as gates: every request and every answer is held to its schema."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import jsonschema_rs
import yaml

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """Where a request breaks its schema, and by which keyword; never the value itself."""

    where: tuple[str | int, ...]
    keyword: str
    missing: str = ""  # the field that is required

    def said(self) -> str:
        """Say it in one phrase."""
        place = ".".join(str(step) for step in self.where) or "the request"
        return f"{place} breaks '{self.keyword}' {self.missing}".rstrip()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path, the query or a header, with the gate for its value."""

    name: str
    place: str
    is_required: bool
    type: str
    gate: Any

    def check(self, text: str | None) -> Violation | None:
        """Return what is wrong with the text of the parameter, or None."""
        if text is None:
            return Violation((self.name,), "required") if self.is_required else None
        value: Any = text
        if self.type == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text):
            value = int(text)
        if self.type == "boolean" and text in ("true", "false"):
            value = text == "true"
        return None if self.gate.is_valid(value) else Violation((self.name,), "schema")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a contract, compiled."""

    operation_id: str
    method: str
    path: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: Any
    answers: Mapping[int, Any]

    def violation(self, texts: Mapping[str, Mapping[str, str]], body: object) -> Violation | None:
        """Return the first thing wrong with a request; `texts` are path, query and header."""
        known = {entry.name for entry in self.parameters if entry.place == "query"}
        for name in texts["query"]:
            if name not in known:
                return Violation((name,), "additionalProperties")
        for entry in self.parameters:
            found = entry.check(texts[entry.place].get(entry.name))
            if found is not None:
                return found
        if self.body is None:
            return None if body is None else Violation((), "no body is taken")
        return _first(self.body, body)


@dataclass(frozen=True, slots=True)
class Contract:
    """All operations of one platform; `error` is the gate of its error answers."""

    name: str
    operations: tuple[Operation, ...]
    error: Any

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation a request asks for and the parameters of its path, or None."""
        for operation in self.operations:
            found = operation.path.fullmatch(path)
            if found is not None and operation.method == method:
                return operation, found.groupdict()
        return None

    def answer_violation(self, operation: Operation, status: int, body: Json) -> str | None:
        """Return what is wrong with an answer of ours; an undeclared error is held to `error`."""
        gate = operation.answers.get(status, self.error if status >= 400 else None)  # noqa: PLR2004
        if gate is None:
            return f"{operation.operation_id} declares no answer {status}"
        found = _first(gate, body)
        return f"{operation.operation_id} {status}: {found.said()}" if found else None


def load_contract(name: str) -> Contract:
    """Read and compile the contract of a platform."""
    text = files("tamiz.sandbox").joinpath("contracts", f"{name}.openapi.yaml").read_text("utf-8")
    document = yaml.load(text, Loader=yaml.CSafeLoader)
    (error,) = document["components"]["responses"].values()
    operations = sorted(_operations(document), key=lambda entry: entry.path.pattern.count("(?P"))
    return Contract(name, tuple(operations), _gate(document, _schema(error)))


def _operations(document: Json) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method not in item:
                continue
            operation = item[method]
            parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
            body = _resolved(document, operation.get("requestBody", {}))
            answers = {
                int(status): _gate(document, _schema(_resolved(document, answer)))
                for status, answer in operation["responses"].items()
            }
            yield Operation(
                operation["operationId"],
                method.upper(),
                re.compile(_pattern(path)),
                tuple(_parameter(document, _resolved(document, entry)) for entry in parameters),
                _gate(document, _schema(body)) if body else None,
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
    required, kind = entry.get("required", False), schema.get("type", "string")
    return Parameter(entry["name"], entry["in"], required, kind, _gate(document, schema))


def _schema(answer: Json) -> Json:
    schema: Json = answer["content"]["application/json"]["schema"]
    return schema


def _resolved(document: Json, entry: Json) -> Json:
    while "$ref" in entry:
        target: Any = document
        for step in entry["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        entry = target
    return entry


def _gate(document: Json, schema: Json) -> Any:  # noqa: ANN401 - a compiled validator
    return jsonschema_rs.Draft202012Validator(
        {**schema, "components": {"schemas": document["components"]["schemas"]}}
    )


def _first(gate: Any, value: object) -> Violation | None:  # noqa: ANN401 - as above
    try:
        found = next(gate.iter_errors(value), None)
    except ValueError:  # a number or a text that no JSON Schema can be held against
        return Violation((), "JSON")
    if found is None:
        return None
    missing = str(found.kind.property) if found.kind.name == "required" else ""
    return Violation(tuple(found.instance_path), found.kind.name, missing)
