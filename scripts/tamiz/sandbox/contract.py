"""The OpenAPI contracts as gates: every request and every answer is held to its schema."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
FAILURE = 400  # HTTP statuses from here on are errors


@dataclass(frozen=True, slots=True)
class Violation:
    """Where a request breaks its schema, and by which keyword; never the value itself."""

    where: tuple[str | int, ...]
    keyword: str
    missing: str = ""  # the field that is required

    def said(self) -> str:
        """Say it in one phrase; names of fields nobody declared are somebody's text: not said."""
        place = ".".join(str(step) for step in self.where) or "the request"
        return f"{place} breaks '{self.keyword}' {self.missing}".rstrip()


@dataclass(frozen=True, slots=True)
class Gate:
    """A compiled schema."""

    validator: Any

    def violation(self, value: object) -> Violation | None:
        """Return the first thing wrong with a value, or None."""
        try:
            if self.validator.is_valid(value):
                return None
            found = next(self.validator.iter_errors(value))
        except ValueError:  # a number or a text that no JSON Schema can be held against
            return Violation((), "JSON")
        missing = str(found.kind.property) if found.kind.name == "required" else ""
        return Violation(tuple(found.instance_path), found.kind.name, missing)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path, the query or a header, with the gate for its value."""

    name: str
    place: str
    is_required: bool
    type: str
    gate: Gate

    def violation(self, text: str | None) -> Violation | None:
        """Return what is wrong with the text of the parameter, or None."""
        if text is None:
            return Violation((self.name,), "required") if self.is_required else None
        value: Any = text
        if self.type == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text):
            value = int(text)
        if self.type == "boolean" and text in ("true", "false"):
            value = text == "true"
        return Violation((self.name,), "schema") if self.gate.violation(value) else None


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: its media type and the gate for its content."""

    media_type: str
    gate: Gate
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """One declared answer; `gate` is None for one without a body, `headers` by lower-case name."""

    gate: Gate | None
    headers: Mapping[str, tuple[bool, str, Gate]] = field(default_factory=dict)

    def violation(self, body: object, headers: Mapping[str, str]) -> str | None:
        """Return what is wrong with an answer of ours, or None."""
        given = {name.lower(): text for name, text in headers.items()}
        for name, (is_required, kind, gate) in self.headers.items():
            parameter = Parameter(name, "header", is_required, kind, gate)
            found = parameter.violation(given.get(name))
            if found is not None:
                return found.said()
        if self.gate is None:
            return None if body is None else "a body nobody declared"
        wrong = self.gate.violation(body)
        return wrong.said() if wrong else None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a contract, compiled. Answers are by status; 0 is the `default`."""

    operation_id: str
    method: str
    path: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: Mapping[int, Answer]

    def violation(
        self, texts: Mapping[str, Mapping[str, str]], body: object, media_type: str
    ) -> Violation | None:
        """Return the first thing wrong with a request; `texts` are path, query and header."""
        known = {entry.name for entry in self.parameters if entry.place == "query"}
        for name in texts["query"]:
            if name not in known:
                return Violation(("query",), "additionalProperties")
        for entry in self.parameters:
            name = entry.name.lower() if entry.place == "header" else entry.name
            found = entry.violation(texts[entry.place].get(name))
            if found is not None:
                return found
        if self.body is None:
            return None if body is None else Violation((), "no body is taken")
        if body is None:
            return Violation((), "required", "body") if self.body.is_required else None
        if media_type != self.body.media_type:
            return Violation(("Content-Type",), "schema")
        return self.body.gate.violation(body)

    def answer_violation(self, status: int, body: object, headers: Mapping[str, str]) -> str | None:
        """Return what is wrong with an answer of ours, or None."""
        declared = self.answers.get(status, self.answers.get(0) if status >= FAILURE else None)
        if declared is None:
            return f"{self.operation_id} declares no answer {status}"
        wrong = declared.violation(body, headers)
        return f"{self.operation_id} {status}: {wrong}" if wrong else None


@dataclass(frozen=True, slots=True)
class Contract:
    """All operations of one platform; `access_header` is in lower case."""

    name: str
    operations: tuple[Operation, ...]
    access_header: str

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation a request asks for and the parameters of its path, or None."""
        for operation in self.operations:
            found = operation.path.fullmatch(path)
            if found is not None and operation.method == method:
                return operation, found.groupdict()
        return None

    def methods(self, path: str) -> list[str]:
        """Return the methods that an address takes; none if it leads nowhere."""
        return sorted(entry.method for entry in self.operations if entry.path.fullmatch(path))
