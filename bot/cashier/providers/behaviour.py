"""Pure rules of the sandbox bank: how it can be told to behave, and which notices that makes it send."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Behaviour(str, Enum):
    """What the sandbox bank does with a payment."""

    SUCCEED = "succeed"
    FAIL = "fail"
    DELAY = "delay"
    REPEAT = "repeat"
    NEVER = "never"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    FORGED = "forged"
    OUT_OF_ORDER = "out_of_order"


class Variant(str, Enum):
    """How a single notice comes out."""

    TRUE = "true"
    FAILED = "failed"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    FORGED = "forged"


@dataclass(frozen=True)
class Planned:
    """One notice: seconds after the payment is settled, and its variant."""

    after: int
    variant: Variant


def takes_money(behaviour: Behaviour) -> bool:
    """Whether the payment goes through in the bank's own books."""
    return behaviour is not Behaviour.FAIL


def plan(behaviour: Behaviour, delay_seconds: int) -> tuple[Planned, ...]:
    """The notices that a settled payment leads to."""
    plans = {
        Behaviour.SUCCEED: (Planned(0, Variant.TRUE),),
        Behaviour.FAIL: (Planned(0, Variant.TRUE),),
        Behaviour.DELAY: (Planned(delay_seconds, Variant.TRUE),),
        Behaviour.REPEAT: tuple(Planned(after, Variant.TRUE) for after in (0, 0, 2)),
        Behaviour.NEVER: (),
        Behaviour.WRONG_AMOUNT: (Planned(0, Variant.WRONG_AMOUNT),),
        Behaviour.WRONG_CURRENCY: (Planned(0, Variant.WRONG_CURRENCY),),
        Behaviour.FORGED: (Planned(0, Variant.FORGED),),
        Behaviour.OUT_OF_ORDER: (Planned(0, Variant.TRUE), Planned(1, Variant.FAILED)),
    }
    return plans[behaviour]
