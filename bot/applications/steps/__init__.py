"""The steps of a purchase, in order; docs/application.md draws them."""

from typing import Dict, Tuple

from bot.applications.steps.base import Step
from bot.applications.steps.consent import ConsentStep
from bot.applications.steps.document import DocumentStep
from bot.applications.steps.health import HealthStep
from bot.applications.steps.needs import NeedsStep
from bot.applications.steps.parties import PartiesStep
from bot.applications.steps.payment import PaymentStep
from bot.applications.steps.plan import PlanStep
from bot.applications.steps.quote import QuoteStep
from bot.applications.steps.suitability import SuitabilityStep
from bot.applications.steps.summary import SummaryStep
from bot.applications.steps.underwriting import UnderwritingStep
from bot.applications.steps.verification import VerificationStep

STEPS: Tuple[Step, ...] = (
    PlanStep(),
    NeedsStep(),
    VerificationStep(),
    DocumentStep(),
    ConsentStep(),
    HealthStep(),
    UnderwritingStep(),
    PartiesStep(),
    QuoteStep(),
    SuitabilityStep(),
    SummaryStep(),
    PaymentStep(),
)
BY_CODE: Dict[str, Step] = {step.code: step for step in STEPS}

__all__ = ["BY_CODE", "STEPS", "Step"]
