"""The shapes of a quote: what is asked, what it costs, and why it is refused."""

from datetime import date
from typing import Any, Mapping, Optional, Tuple

from pydantic import BaseModel, Field, root_validator, validator

from bot.errors import Invalid


class QuoteRequest(BaseModel):
    """What the price depends on. `sum_insured` and `annual_premium` in yuan, `age` in full years on `effective_on`."""

    product: str = Field(max_length=10)
    age: Optional[int] = Field(None, ge=0, le=150)
    birth_date: Optional[date] = None
    gender: Optional[str] = Field(None, regex="^(male|female)$")
    social_security: Optional[bool] = None
    occupation_class: Optional[int] = Field(None, ge=1, le=6)
    plan: Optional[str] = Field(None, max_length=10)
    sum_insured: Optional[int] = Field(None, ge=1, le=10**9)
    annual_premium: Optional[int] = Field(None, ge=1, le=10**9)
    term: Optional[str] = Field(None, max_length=20)
    payment_period: Optional[str] = Field(None, max_length=10)
    frequency: str = Field("yearly", regex="^(yearly|monthly)$")
    effective_on: Optional[date] = None

    class Config:
        """Frozen: a quote keeps the request that it answers."""

        frozen = True
        extra = "forbid"

    @validator("age", "occupation_class", "sum_insured", "annual_premium", pre=True)
    def _whole_number(cls, value: Any) -> Any:
        """Numbers must be whole: 30.5 or true is refused rather than cut."""
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError("a whole number is expected")
        return value

    @validator("payment_period", pre=True)
    def _as_text(cls, value: Any) -> Any:
        """20 and "20" are the same payment period."""
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @validator("frequency", pre=True)
    def _yearly_unless_said(cls, value: Any) -> Any:
        """An absent frequency is yearly."""
        return "yearly" if value is None else value

    @root_validator(skip_on_failure=True)
    def _age_once(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """A birth date needs the day it is reckoned on; the caller fills `effective_on` in."""
        if values.get("birth_date") and not values.get("effective_on"):
            raise ValueError("birth_date needs effective_on")
        return values


class Premium(BaseModel):
    """A premium in fen for each payment; `breakdown` in words for people; `total_fen` over the whole payment period."""

    premium_fen: int
    frequency: str
    payments: int
    total_fen: int
    breakdown: Tuple[Tuple[str, str], ...]

    class Config:
        """Frozen: the same request has the same premium."""

        frozen = True


class QuoteRefused(Invalid):
    """The product is not offered like this; `nearest` holds the fields to change so that it is, if any help."""

    def __init__(self, code: str, *, fields: Mapping[str, str], nearest: Mapping[str, Any], **values: Any) -> None:
        super().__init__(code, fields=fields, **values)
        self.nearest = dict(nearest)
