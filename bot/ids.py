"""Identifiers: ULIDs as text, sortable by the time they were made."""

from ulid import ULID

ID_LENGTH = 26


def new_id() -> str:
    """A new ULID: 26 characters, opaque to everyone but unique and time-ordered."""
    return str(ULID())
