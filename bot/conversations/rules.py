"""Who answers: the state machine of ownership, and when a button is over; pure.

    BOT ──ask──▶ QUEUED ──offer──▶ OFFERED ──accept──▶ HUMAN ──finish──▶ WRAPUP ──dispose──▶ CLOSED
     ▲ ▲           │  ▲ ◀──decline────┘                 │ │ ▲               │                  │
     │ └──cancel───┘  └───────────agent gone────────────┘ │ └─writes again──┘                  │
     │ └───────────────────────hand back──────────────────┘                                    │
     └───────────────────────────────────────writes again (a new episode)──────────────────────┘
    An agent may take or pull from BOT, QUEUED and OFFERED straight to HUMAN.

Every change raises `epoch` by one; a change is valid only for the epoch it was decided on.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Dict, Optional, Tuple

from bot.errors import Conflict


class State(str, Enum):
    """Who answers the customer."""

    BOT = "BOT"
    QUEUED = "QUEUED"
    OFFERED = "OFFERED"
    HUMAN = "HUMAN"
    WRAPUP = "WRAPUP"
    CLOSED = "CLOSED"


class Cause(str, Enum):
    """Why ownership changes; the table below says from where to where."""

    ASK = "ask"
    MISUNDERSTOOD = "misunderstood"
    DEMANDED = "demanded"
    ASSISTANT_FAILED = "assistant_failed"
    SUPERVISOR = "supervisor"
    TAKE = "take"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    OFFER_TIMEOUT = "offer_timeout"
    CANCEL = "cancel"
    NO_AGENT = "no_agent"
    CLOSED_HOURS = "closed_hours"
    TRANSFER = "transfer"
    TRANSFER_ACCEPT = "transfer_accept"
    TRANSFER_DECLINE = "transfer_decline"
    AGENT_GONE = "agent_gone"
    NO_FIRST_REPLY = "no_first_reply"
    HAND_BACK = "hand_back"
    FINISH = "finish"
    IDLE = "idle"
    DISPOSE = "dispose"
    WRITES_AGAIN = "writes_again"
    EVENT_DUE = "event_due"
    MERGED = "merged"


_WAITING = (State.QUEUED, State.OFFERED)

TRANSITIONS: Dict[Tuple[State, Cause], State] = {
    **{(State.BOT, cause): State.QUEUED for cause in (Cause.ASK, Cause.MISUNDERSTOOD, Cause.DEMANDED)},
    **{(State.BOT, cause): State.QUEUED for cause in (Cause.ASSISTANT_FAILED, Cause.SUPERVISOR)},
    **{(state, Cause.TAKE): State.HUMAN for state in (State.BOT, State.HUMAN, *_WAITING)},
    (State.QUEUED, Cause.OFFER): State.OFFERED,
    (State.OFFERED, Cause.ACCEPT): State.HUMAN,
    (State.OFFERED, Cause.DECLINE): State.QUEUED,
    (State.OFFERED, Cause.OFFER_TIMEOUT): State.QUEUED,
    **{(state, cause): State.BOT for state in _WAITING for cause in (Cause.CANCEL, Cause.NO_AGENT, Cause.CLOSED_HOURS)},
    **{(State.HUMAN, cause): State.HUMAN for cause in (Cause.TRANSFER, Cause.TRANSFER_ACCEPT, Cause.TRANSFER_DECLINE)},
    **{(State.HUMAN, cause): State.QUEUED for cause in (Cause.AGENT_GONE, Cause.NO_FIRST_REPLY)},
    (State.HUMAN, Cause.HAND_BACK): State.BOT,
    **{(State.HUMAN, cause): State.WRAPUP for cause in (Cause.FINISH, Cause.IDLE)},
    (State.WRAPUP, Cause.DISPOSE): State.CLOSED,
    (State.WRAPUP, Cause.WRITES_AGAIN): State.HUMAN,
    (State.CLOSED, Cause.WRITES_AGAIN): State.BOT,
    (State.CLOSED, Cause.EVENT_DUE): State.BOT,
    **{(state, Cause.MERGED): State.CLOSED for state in State},
}

# after these causes the named agent is the owner (ACCEPT and TRANSFER_ACCEPT: only the one it was offered to)
GIVES_OWNER = frozenset({Cause.TAKE, Cause.OFFER, Cause.ACCEPT, Cause.TRANSFER_ACCEPT})
# a transfer may name a skill ("skill:claims") in place of an agent: whoever has it may accept
SKILL = "skill:"
KEEPS_OWNER = frozenset({State.OFFERED, State.HUMAN, State.WRAPUP})


@dataclass(frozen=True)
class Ownership:
    """Who answers, since which epoch; in OFFERED `owner` is the agent it is offered to."""

    state: State
    owner: Optional[str]
    pending_transfer: Optional[str]
    epoch: int
    episode: int


def move(now: Ownership, cause: Cause, agent: Optional[str] = None) -> Ownership:
    """Ownership after a cause; `agent` is who takes, is offered it, accepts, or is to receive it.

    Source: design, section 4. Raises Conflict("ownership_changed") when the cause does not apply to this state, and
    Conflict("not_offered_to_you") when another agent accepts.
    """
    target = TRANSITIONS.get((now.state, cause))
    if target is None:
        raise Conflict("ownership_changed")
    _check_agent(now, cause, agent)
    owner = now.owner if target in KEEPS_OWNER else None
    if cause in GIVES_OWNER:
        owner = agent
    return replace(
        now,
        state=target,
        owner=owner,
        pending_transfer=agent if cause is Cause.TRANSFER else None,
        epoch=now.epoch + 1,
        episode=now.episode + (1 if now.state is State.CLOSED and target is State.BOT else 0),
    )


def _check_agent(now: Ownership, cause: Cause, agent: Optional[str]) -> None:
    if cause is Cause.ACCEPT and agent != now.owner:
        raise Conflict("not_offered_to_you")
    if cause in (Cause.TRANSFER_ACCEPT, Cause.TRANSFER_DECLINE):
        wanted = now.pending_transfer or ""
        if agent != wanted and not wanted.startswith(SKILL):
            raise Conflict("not_offered_to_you")
    if (cause in GIVES_OWNER or cause is Cause.TRANSFER) and not agent:
        raise ValueError(f"{cause.value} needs an agent")


def survivor_is_known(known_busy: bool, anonymous_busy: bool) -> bool:
    """Which conversation goes on when a customer proves who they are in a second one: True = the one already known.

    The anonymous one goes on only when something is under way in it and nothing in the known one; what is under way in
    an anonymous conversation can be no further than the step that asks who the customer is.
    """
    return known_busy or not anonymous_busy


def step_of(active_loop: Optional[str], requested_slot: Optional[str]) -> Optional[str]:
    """The name of the step the assistant waits at; None outside a form."""
    return f"{active_loop}:{requested_slot or ''}" if active_loop else None


def pause_after(attempts: int, first: float, longest: float) -> float:
    """Seconds to wait before the next try after `attempts` failures: doubled each time, up to the longest."""
    return min(first * 2.0 ** min(attempts - 1, 30), longest)
