"""Push: plan, guard, send, and believe the platform's answer only."""

from tamiz.push.accounts import accounts
from tamiz.push.delivery import BatchReceipt
from tamiz.push.planning import AudiencePlan, plan, render
from tamiz.push.sending import PushResult, push

__all__ = ["AudiencePlan", "BatchReceipt", "PushResult", "accounts", "plan", "push", "render"]
