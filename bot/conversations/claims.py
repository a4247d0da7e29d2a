"""One inbox row in a gateway's hands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, List, Optional


@dataclass(frozen=True)
class Claim:
    """One row in this gateway's hands, with what the assistant needs to know of it."""

    row_id: str
    lease: str
    conversation_id: str
    epoch: int
    kind: str
    message_id: str
    source_id: Optional[str]
    text: Optional[str]
    intent: Optional[str]
    entities: Dict[str, Any]
    events_before: List[Dict[str, Any]]
    created_at: datetime
