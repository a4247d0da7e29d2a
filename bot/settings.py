"""The settings: one typed table, read from the environment (HEYU_…) and two files, and nowhere else."""

from functools import lru_cache
from pathlib import Path
from typing import List, Optional

from pydantic import BaseSettings, Field, SecretStr

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting with its default and what it means; `docs/settings.md` lists them."""

    # addresses
    host: str = Field("127.0.0.1", description="address the gateway listens on")
    port: int = Field(8000, description="port the gateway listens on")
    public_url: Optional[str] = Field(None, description="address customers see; default http://localhost:<port>")
    rasa_port: int = Field(5005, description="port of the rasa process, on 127.0.0.1 only")
    actions_port: int = Field(5055, description="port of the action server, on 127.0.0.1 only")
    rasa_url: Optional[str] = Field(None, description="base address of rasa; default http://127.0.0.1:<rasa_port>")
    actions_url: Optional[str] = Field(None, description="webhook of the action server; default on <actions_port>")
    allowed_origins: List[str] = Field([], description="web origins that may open the chat, beside the public one")

    # stores
    var_dir: Path = Field(ROOT / "var", description="folder of what the installation makes: databases, keys, caches")
    model_dir: Path = Field(ROOT / "models", description="folder of trained Rasa models")
    database_url: Optional[str] = Field(None, description="domain database; default SQLite file var/heyu.db")
    tracker_database_url: Optional[str] = Field(
        None, description="trackers of Rasa; default SQLite file var/trackers.db"
    )
    redis_url: Optional[str] = Field(None, description="Redis, needed only with more than one gateway")

    # secrets (made by `python -m bot init` into var/secrets.env when absent)
    connector_secret: SecretStr = Field(..., description="shared by gateway and rasa")
    vault_keys: SecretStr = Field(..., description="id:base64 AES-256 keys, comma separated, the first one seals")
    lookup_key: SecretStr = Field(..., description="key of the HMACs by which sealed values and tokens are looked up")
    signing_key: SecretStr = Field(..., description="key of short-lived links")
    identity_jwt_secret: SecretStr = Field(..., description="HS256 secret shared with the insurer's own site")
    sandbox_payment_secret: SecretStr = Field(..., description="key with which the sandbox payment provider signs")

    # outside parties
    sms_provider: str = Field("sandbox", description="sandbox or http")
    sms_http_url: Optional[str] = Field(None, description="address of the SMS service when sms_provider is http")
    sms_http_key: Optional[SecretStr] = Field(None, description="key of the SMS service when sms_provider is http")
    payment_provider: str = Field("sandbox", description="name of the payment provider")
    signer: str = Field("sandbox", description="sandbox or pkcs12: who signs policies")
    signer_pkcs12: Optional[Path] = Field(None, description="PKCS#12 file of the insurer when signer is pkcs12")
    signer_passphrase: Optional[SecretStr] = Field(None, description="its passphrase")
    test_identities: bool = Field(True, description="accept identity numbers of the fictional region 99")

    # limits
    order_minutes: int = Field(30, description="minutes until an unpaid order expires")
    text_limit: int = Field(2000, description="longest customer message, in characters")
    messages_per_minute: int = Field(30, description="messages a conversation may send in a minute")
    requests_per_minute: int = Field(240, description="HTTP requests one address may make in a minute")
    turn_seconds: float = Field(30.0, description="how long the gateway waits for one turn of rasa")

    # operation
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    class Config:
        """The names of the variables."""

        env_prefix = "HEYU_"

    @property
    def public_base(self) -> str:
        """Address customers see, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def rasa_base(self) -> str:
        """Base address of rasa, without a slash at the end."""
        return (self.rasa_url or f"http://127.0.0.1:{self.rasa_port}").rstrip("/")

    @property
    def actions_webhook(self) -> str:
        """Address that rasa calls to run a custom action."""
        return self.actions_url or f"http://127.0.0.1:{self.actions_port}/webhook"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the domain database, with an asyncio driver."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var_dir / 'heyu.db'}"

    @property
    def tracker_database(self) -> str:
        """SQLAlchemy URL of Rasa's trackers, with a synchronous driver."""
        return self.tracker_database_url or f"sqlite:///{self.var_dir / 'trackers.db'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; the environment wins over .env, .env over the made secrets.

    Raises pydantic.ValidationError when a secret is missing: `python -m bot init` makes them.
    """
    return Settings(_env_file=(var_dir() / "secrets.env", ROOT / ".env"))  # type: ignore[call-arg]


def var_dir() -> Path:
    """The folder of what the installation makes, which is known before there are secrets."""
    return _VarDir(_env_file=ROOT / ".env").var_dir  # type: ignore[call-arg]


class _VarDir(BaseSettings):
    var_dir: Path = ROOT / "var"

    class Config:
        env_prefix = "HEYU_"
