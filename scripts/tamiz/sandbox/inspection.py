"""What a test asks of the sandbox, under `/_sandbox`: no platform has these addresses."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tamiz.errors import ConfigError
from tamiz.sandbox.contract import Contract
from tamiz.sandbox.faults import check_operations
from tamiz.sandbox.script import parse_script
from tamiz.sandbox.world import World


class Inspection:
    """Looks at a world, and tells it what to do next."""

    def __init__(self, world: World, contracts: Mapping[str, Contract]) -> None:
        """Keep the world to look at."""
        self.world = world
        self.contracts = contracts

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/_sandbox/lists", self.lists),
            Route("/_sandbox/members", self.members),
            Route("/_sandbox/requests", self.requests),
            Route("/_sandbox/reset", self.reset, methods=["POST"]),
            Route("/_sandbox/answers", self.answers, methods=["POST"]),
            Route("/_sandbox/faults", self.faults, methods=["POST"]),
        ]

    async def lists(self, _request: Request) -> Response:
        """Every list: id, name, platform, account, number of members."""
        told = [
            {
                "id": entry.list_id,
                "name": entry.name,
                "platform": entry.platform,
                "account_id": entry.account_id,
                "member_count": len(entry),
            }
            for entry in self.world.shown()
        ]
        return JSONResponse(told)

    async def members(self, request: Request) -> Response:
        """The members of a list by its name: pairs of kind and hash, in order."""
        platform, name = (request.query_params.get(key) for key in ("platform", "list"))
        for entry in self.world.shown():
            # Behind the name may stand the mark by which its maker finds it again.
            if entry.platform == platform and name in (entry.name, entry.name.rpartition(" [")[0]):
                return JSONResponse({"id": entry.list_id, "members": sorted(entry.pairs())})
        return JSONResponse({"error": "no such list"}, 404)

    async def requests(self, _request: Request) -> Response:
        """The requests seen, oldest first."""
        return JSONResponse(list(self.world.log))

    async def reset(self, _request: Request) -> Response:
        """Forget everything but the script."""
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

    async def faults(self, request: Request) -> Response:
        """Take another script; lists and members stay, calls are counted anew."""
        try:
            script = parse_script(await request.json(), "the script")
            check_operations(script, self.contracts)
        except ConfigError as error:
            return JSONResponse({"error": str(error)}, 400)
        self.world.script = script
        self.world.struck.clear()
        return JSONResponse({})
