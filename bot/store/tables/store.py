"""Tables of the store itself: the vault, its reveals, and the results of use cases done once."""

from sqlalchemy import Column, LargeBinary, String

from bot.store.base import Base, Id, Json, UtcDateTime


class VaultValue(Base):
    """A personal value, encrypted; everything else knows only its token."""

    __tablename__ = "vault_values"

    token = Column(String(64), primary_key=True)
    kind = Column(String(20), nullable=False)
    owner = Column(Id, nullable=False, index=True)
    digest = Column(String(64), nullable=False, index=True)
    key_id = Column(String(20), nullable=False)
    ciphertext = Column(LargeBinary, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class VaultReveal(Base):
    """One look at a sealed value: who, what for, when."""

    __tablename__ = "vault_reveals"

    id = Column(Id, primary_key=True)
    token = Column(String(64), nullable=False, index=True)
    purpose = Column(String(60), nullable=False)
    actor = Column(String(60), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class OnceResult(Base):
    """The first result of a use case that a message asked for; a repeat returns it."""

    __tablename__ = "once_results"

    message_id = Column(String(64), primary_key=True)
    use_case = Column(String(60), primary_key=True)
    result = Column(Json, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
