"""What a platform answers to a request: access, contract, rules, and its own trouble."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tamiz.platforms import PLATFORMS, Account
from tamiz.sandbox.access import end_token, refusal, renew
from tamiz.sandbox.contract import Contract, Operation, Violation
from tamiz.sandbox.faults import RENEWAL
from tamiz.sandbox.rules.common import Call, Reply, Rules, Trouble, carry_out
from tamiz.sandbox.script import Access, Audience, Fault, Partial
from tamiz.sandbox.wire import Wire, unquoted
from tamiz.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Served:
    """A platform that is served."""

    rules: Rules
    contract: Contract

    @property
    def account(self) -> Account:
        """The one account that this sandbox knows."""
        return PLATFORMS[self.rules.name].sandbox

    def asked(self, wire: Wire) -> "Asked":
        """Return what a request asks for."""
        path = wire.path.removeprefix(f"/{self.rules.name}")
        renewal = PLATFORMS[self.rules.name].renewal
        token_paths = ("/oauth/token", urlsplit(renewal.token_url).path if renewal else "")
        if renewal is not None and wire.method == "POST" and path in token_paths:
            return Asked(self, path, None, {}, is_renewal=True)
        base = urlsplit(PLATFORMS[self.rules.name].base_url).path
        inside = path.removeprefix(base) if path.startswith(f"{base}/") else ""
        found = self.contract.match(wire.method, inside)
        if found is None:
            return Asked(self, inside, None, {})
        return Asked(self, inside, found[0], unquoted(found[1]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: `operation` is None where no operation has the address."""

    served: Served
    inside: str
    operation: Operation | None
    path: Mapping[str, str]
    is_renewal: bool = False

    @property
    def name(self) -> str:
        """The platform's name."""
        return self.served.rules.name

    @property
    def label(self) -> str | None:
        """The operation's name."""
        if self.is_renewal:
            return RENEWAL
        return None if self.operation is None else self.operation.operation_id


def reply_to(world: World, asked: Asked, wire: Wire, fault: Fault | None) -> Reply:
    """Carry a request out, if it may be, and return the answer."""
    served = asked.served
    rules, contract, account = served.rules, served.contract, served.account
    if asked.is_renewal:
        return renew(world, account, wire)
    if asked.operation is None:
        methods = contract.methods(asked.inside)
        if not methods:
            return rules.trouble(Trouble.NOWHERE, None)
        reply = rules.trouble(Trouble.NO_METHOD, None)
        return Reply(reply.status, reply.body, {"Allow": ", ".join(methods)})
    trouble = refusal(world, rules, contract, account, wire)
    if isinstance(fault, Access):
        trouble = Trouble.FORBIDDEN if fault.kind == "permission_revoked" else Trouble.EXPIRED
        if trouble is Trouble.EXPIRED:
            end_token(world, contract, account, wire)
    if trouble is not None:
        return rules.trouble(trouble, None)
    texts = {"path": asked.path, "query": wire.query, "header": wire.headers}
    violation = asked.operation.violation(texts, wire.body, wire.media_type)
    if violation is None and wire.repeats_query:
        violation = Violation(("query",), "uniqueItems")
    if violation is not None:
        return rules.violated(violation, wire.body)
    return carry_out(rules, world, _call(asked, asked.operation, wire, fault))


def _call(asked: Asked, operation: Operation, wire: Wire, fault: Fault | None) -> Call:
    kind = fault.kind if isinstance(fault, Audience) else None
    return Call(
        operation=operation.operation_id,
        account=asked.served.account,
        path=asked.path,
        query=wire.query,
        headers=wire.headers,
        body=wire.body,
        size=len(wire.content),
        files=wire.files,
        bad_share=fault.share if isinstance(fault, Partial) else 0.0,
        flags=kind == "audience_flagged",
        refuses_removal=kind == "small_audience",
    )
