"""Push: plan, guard, send, and believe the platform's answer only."""

from tamiz.push.accounts import accounts
from tamiz.push.planning import AudiencePlan, plan
from tamiz.push.rendering import render
from tamiz.push.sending import PushResult, push
from tamiz.push.task import BatchReceipt

__all__ = ["AudiencePlan", "BatchReceipt", "PushResult", "accounts", "plan", "push", "render"]
