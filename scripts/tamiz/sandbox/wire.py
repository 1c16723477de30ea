"""A request as it came over the wire, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

LARGEST_REQUEST = 16 << 20  # bytes
NO_JSON = ""  # what cannot be read as JSON; no operation takes a text
DIGEST = re.compile(rb'(?<=[",])[0-9a-f]{64}(?=[",])')
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Wire:
    """A request; header names are in lower case, `path` is as it was sent, `url` without query."""

    method: str
    url: str
    path: str
    query_text: str
    query: Mapping[str, str]
    repeats_query: bool
    headers: Mapping[str, str]
    content: bytes
    media_type: str
    body: Any
    files: Mapping[str, bytes] = field(default_factory=dict)

    def digests(self) -> list[str]:
        """Every SHA-256 in the body, in order."""
        return [digest.decode() for digest in DIGEST.findall(self.content)]


async def read_wire(request: Request) -> Wire:
    """Read all of a request."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    content = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    names = [name for name, _ in request.query_params.multi_items()]
    body: Any
    files: dict[str, bytes] = {}
    if media_type == MULTIPART:
        body, files = await _form(request)
    else:
        body = _json(content)
    return Wire(
        method=request.method,
        url=f"{request.url.scheme}://{request.url.netloc}{path}",
        path=path,
        query_text=request.url.query,
        query=dict(request.query_params),
        repeats_query=len(names) != len(set(names)),
        headers=headers,
        content=content,
        media_type=media_type,
        body=body,
        files=files,
    )


def unquoted(parts: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a path as they are meant."""
    return {name: unquote(text) for name, text in parts.items()}


def _json(content: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    if not content:
        return None
    try:
        return orjson.loads(content) if len(content) <= LARGEST_REQUEST else NO_JSON
    except orjson.JSONDecodeError:
        return NO_JSON


async def _form(request: Request) -> tuple[Any, dict[str, bytes]]:
    """Return the fields of a form, files as texts of as many characters as they have bytes."""
    body: dict[str, str] = {}
    files: dict[str, bytes] = {}
    try:
        async with request.form() as form:
            for name, value in form.multi_items():
                if name in body:
                    return NO_JSON, {}
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                    body[name] = files[name].decode("latin-1")
                else:
                    body[name] = value
    except Exception:  # noqa: BLE001 - whatever the parser says, it is no form
        return NO_JSON, {}
    return body, files
