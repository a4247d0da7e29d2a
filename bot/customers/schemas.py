"""Shapes of the customers' HTTP routes."""

from typing import List

from pydantic import BaseModel, Field


class CodeRequest(BaseModel):
    """Where to send a code."""

    phone: str = Field(min_length=1, max_length=32, description="mainland mobile number")


class CodeSent(BaseModel):
    """A code is on its way."""

    expires_in: int = Field(description="seconds for which the code holds")
    resend_after: int = Field(description="seconds after which another may be asked for")


class CodeTyped(BaseModel):
    """A code the customer typed into the page's own box."""

    phone: str = Field(min_length=1, max_length=32)
    code: str = Field(min_length=1, max_length=16)


class SignedIdentity(BaseModel):
    """A JWT of the insurer's own site."""

    token: str = Field(min_length=1, max_length=4096)


class Verified(BaseModel):
    """Who the customer is, as far as the page needs to know."""

    verified: bool
    conversation_id: str = Field(description="where it goes on; another than before when two conversations were merged")
    phone: str = Field(description="masked; empty when no phone is known")


class SandboxMessage(BaseModel):
    """A message of the sandbox provider."""

    phone: str
    text: str
    at: str


class SandboxMessages(BaseModel):
    """The latest messages of the sandbox provider, newest first."""

    messages: List[SandboxMessage]
