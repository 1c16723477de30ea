"""The sandbox as a web application: one port serves every platform under its own path."""

import json
import re
from collections.abc import Mapping
from types import ModuleType
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tamiz.platforms import PLATFORMS
from tamiz.sandbox import google, meta
from tamiz.sandbox.contract import Contract, Operation, load_contract
from tamiz.sandbox.world import Call, Json, Reply, World

RULES: Mapping[str, ModuleType] = {"google": google, "meta": meta}
LARGEST_REQUEST = 16 << 20  # bytes
DIGEST = re.compile("[0-9a-f]{64}")
NO_JSON = ""  # what cannot be read as JSON; no operation takes a text
KINDS = {
    "EMAIL": "email",
    "PHONE": "phone",
    "emailAddress": "email",
    "phoneNumber": "phone",
}


def create_app(world: World) -> Starlette:
    """Return the application over a world; it answers 500 loudly if it breaks a contract itself."""
    world.load()
    sandbox = _Sandbox(world, {name: load_contract(name) for name in RULES})
    routes = [
        Route("/_sandbox/lists", sandbox.lists),
        Route("/_sandbox/members", sandbox.members),
        Route("/_sandbox/requests", sandbox.requests),
        Route("/_sandbox/reset", sandbox.reset, methods=["POST"]),
        Route("/_sandbox/answers", sandbox.answers, methods=["POST"]),
        Route(
            "/{platform}/{rest:path}",
            sandbox.platform,
            methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        ),
    ]
    return Starlette(routes=routes)


def _plain(key: str) -> list[str]:
    kind, _, value = key.partition(":")
    return [KINDS.get(kind, kind), value]


def _body(content: bytes) -> object:
    if not content:
        return None
    try:
        return json.loads(content) if len(content) <= LARGEST_REQUEST else NO_JSON
    except (ValueError, RecursionError):
        return NO_JSON


def _members(body: object) -> list[str]:
    """Every digest in a request, whatever its shape."""
    if isinstance(body, str):
        return [body] if DIGEST.fullmatch(body) else []
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return [digest for part in parts for digest in _members(part)]


class _Sandbox:
    def __init__(self, world: World, contracts: Mapping[str, Contract]) -> None:
        self.world = world
        self.contracts = contracts

    async def lists(self, _request: Request) -> Response:
        """Every list: id, name, platform, account, number of members."""
        return JSONResponse(
            [
                {
                    "id": entry.list_id,
                    "name": entry.name,
                    "platform": entry.platform,
                    "account_id": entry.account_id,
                    "member_count": len(entry.members),
                }
                for entry in self.world.lists.values()
            ]
        )

    async def members(self, request: Request) -> Response:
        """The members of a list by its name: pairs of kind and hash, in order."""
        wanted = (request.query_params.get("platform"), request.query_params.get("list"))
        for entry in self.world.lists.values():
            if (entry.platform, entry.name) == wanted:
                members = sorted(_plain(key) for key in entry.members)
                return JSONResponse({"id": entry.list_id, "members": members})
        return JSONResponse({"error": "no such list"}, 404)

    async def requests(self, _request: Request) -> Response:
        """The requests seen, oldest first."""
        return JSONResponse(list(self.world.requests))

    async def reset(self, _request: Request) -> Response:
        """Forget everything."""
        self.world.reset()
        return JSONResponse({})

    async def answers(self, request: Request) -> Response:
        """Answer the next requests to an operation as told: a fault to be survived.

        The body is {platform, operation, status, body, headers?, times?, applied?}; with `applied`
        the request is carried out all the same, and only its answer is lost.
        """
        told = {"times": 1, "applied": False, "headers": {}, **await request.json()}
        self.world.canned.append(told)
        return JSONResponse({})

    async def platform(self, request: Request) -> Response:
        """Hold a request to its contract, carry it out, and hold the answer to it too."""
        name = request.path_params["platform"]
        if name not in RULES:
            return JSONResponse({"error": "no such platform"}, 404)
        rules, contract = RULES[name], self.contracts[name]
        base = urlsplit(PLATFORMS[name].base_url).path
        path = f"/{request.path_params['rest']}"
        inside = path.removeprefix(base) if path.startswith(f"{base}/") else ""
        found = contract.match(request.method, inside)
        body = _body(await request.body())
        operation = found[0] if found else None
        canned = self._canned(name, operation)
        reply = Reply(0, {})
        if canned is None or canned["applied"]:
            reply = self._reply(rules, name, found, request, body)
        if canned is not None:
            text = canned["body"]
            content = text if isinstance(text, str) else json.dumps(text)
            response: Response = Response(content, canned["status"], canned["headers"])
        else:
            wrong = operation and contract.answer_violation(operation, reply.status, reply.body)
            if wrong:
                return JSONResponse({"the sandbox breaks its own contract": wrong}, 500)
            response = JSONResponse(reply.body, reply.status, dict(reply.headers))
        self._remember(name, request.method, operation, response.status_code, body)
        return response

    def _reply(
        self,
        rules: ModuleType,
        name: str,
        found: tuple[Operation, dict[str, str]] | None,
        request: Request,
        body: object,
    ) -> Reply:
        account = PLATFORMS[name].sandbox
        token = f"Bearer {account.token.get_secret_value()}"
        reply: Reply
        if request.headers.get("authorization") != token:
            reply = rules.unauthorised()
        elif found is None:
            reply = rules.unknown_path()
        else:
            operation, path = found
            query = dict(request.query_params)
            texts = {"path": path, "query": query, "header": dict(request.headers)}
            violation = operation.violation(texts, body)
            if violation is not None:
                reply = rules.violated(violation, body)
            else:
                content = body if isinstance(body, dict) else {}
                call = Call(operation.operation_id, path, query, content)
                reply = rules.handle(self.world, call, account.account_id)
        return reply

    def _canned(self, name: str, operation: Operation | None) -> Json | None:
        for told in self.world.canned:
            if operation and (told["platform"], told["operation"]) == (
                name,
                operation.operation_id,
            ):
                told["times"] -= 1
                if not told["times"]:
                    self.world.canned.remove(told)
                return told
        return None

    def _remember(
        self, name: str, method: str, operation: Operation | None, status: int, body: object
    ) -> None:
        members = _members(body)
        self.world.requests.append(
            {
                "platform": name,
                "method": method,
                "operation": operation.operation_id if operation else None,
                "status": status,
                "member_count": len(members),
                "hashes": members,
            }
        )
        if method != "GET":
            self.world.save()
