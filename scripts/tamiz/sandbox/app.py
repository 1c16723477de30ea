"""The sandbox as a web application: one port serves every platform under its own path."""

import asyncio
import time
from collections.abc import Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from tamiz.sandbox.answering import Asked, Served, reply_to
from tamiz.sandbox.faults import check_operations, failing, garbage, is_before, striking
from tamiz.sandbox.inspection import Inspection
from tamiz.sandbox.loading import load_contract
from tamiz.sandbox.page import Page
from tamiz.sandbox.rules import RULES
from tamiz.sandbox.rules.common import Reply
from tamiz.sandbox.script import Fault, Garbage, Reset, Slow, Status
from tamiz.sandbox.state import load
from tamiz.sandbox.wire import Wire, read_wire
from tamiz.sandbox.world import Json, World

Disconnect = Callable[[Request], None]


def create_app(world: World, disconnect: Disconnect = lambda _request: None) -> Router:
    """Return the application over a world; it answers 500 loudly if it breaks a contract itself.

    `disconnect` resets the connection of a request. Raises ConfigError if the state file or the
    script cannot be used.
    """
    contracts = {name: load_contract(name) for name in RULES}
    check_operations(world.script, contracts)
    load(world)
    served = {name: Served(rules, contracts[name]) for name, rules in RULES.items()}
    inspection, page = Inspection(world, contracts), Page(world)
    # Not a route: those refuse paths with a line break, which a platform answers like any other.
    sandbox = _Sandbox(world, served, disconnect)
    return Router([*inspection.routes(), *page.routes()], default=sandbox)


class _Sandbox:
    def __init__(self, world: World, served: Mapping[str, Served], disconnect: Disconnect) -> None:
        self.world = world
        self.served = served
        self.disconnect = disconnect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application."""
        if scope["type"] == "http":
            response = await self.answer(Request(scope, receive))
            await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Hold a request to its contract, carry it out, and hold the answer to it too."""
        started = time.perf_counter()
        wire = await read_wire(request)
        served = self.served.get(wire.path.split("/")[1])
        if served is None:
            return JSONResponse({"error": "no such platform"}, 404)
        asked = served.asked(wire)
        if self.world.script.latency:
            await asyncio.sleep(self.world.script.latency / 1000)
        told, fault = self._told(asked), None
        if told is not None:
            response = self._as_told(asked, wire, told)
        else:
            if asked.label is not None:
                fault = striking(self.world, asked.name, asked.label, wire.method, asked.inside)
            response = await self._response(asked, wire, fault)
        self._remember(asked, wire, response, fault, time.perf_counter() - started)
        if isinstance(fault, Reset):
            self.disconnect(request)
            await asyncio.sleep(0)
        return response

    async def _response(self, asked: Asked, wire: Wire, fault: Fault | None) -> Response:
        if isinstance(fault, Slow) and fault.applied == "after":
            await asyncio.sleep(fault.seconds)
        if is_before(fault):
            response = Response()
        else:
            response = _checked(asked, reply_to(self.world, asked, wire, fault))
        if isinstance(fault, Slow) and fault.applied == "before":
            self.world.save()
            await asyncio.sleep(fault.seconds)
        if isinstance(fault, Status):
            response = _written(failing(asked.served.rules, fault, self.world.seconds()))
        if isinstance(fault, Garbage):
            response = garbage(fault, response)
        return response

    def _told(self, asked: Asked) -> Json | None:
        for told in self.world.canned:
            if (told["platform"], told["operation"]) == (asked.name, asked.label):
                told["times"] -= 1
                if not told["times"]:
                    self.world.canned.remove(told)
                return told
        return None

    def _as_told(self, asked: Asked, wire: Wire, told: Json) -> Response:
        if told["applied"]:
            reply_to(self.world, asked, wire, None)
        text = told["body"]
        content = text if isinstance(text, str) else orjson.dumps(text)
        return Response(content, told["status"], told["headers"])

    def _remember(
        self, asked: Asked, wire: Wire, response: Response, fault: Fault | None, seconds: float
    ) -> None:
        digests = wire.digests()
        self.world.log.add(
            {
                "at": self.world.clock().isoformat(timespec="seconds"),
                "platform": asked.name,
                "method": wire.method,
                "operation": asked.label,
                "status": response.status_code,
                "fault": fault.kind if fault is not None else None,
                "milliseconds": round(seconds * 1000, 1),
                "member_count": len(digests),
                "hashes": digests,
            }
        )
        self.world.save()


def _checked(asked: Asked, reply: Reply) -> Response:
    if asked.operation is not None:
        wrong = asked.operation.answer_violation(reply.status, reply.body, reply.headers)
        if wrong is not None:
            return JSONResponse({"the sandbox breaks its own contract": wrong}, 500)
    return _written(reply)


def _written(reply: Reply) -> Response:
    if reply.body is None:
        return Response(status_code=reply.status, headers=dict(reply.headers))
    content = orjson.dumps(reply.body)
    return Response(content, reply.status, dict(reply.headers), media_type="application/json")
