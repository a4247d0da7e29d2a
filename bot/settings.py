"""The settings: one typed table, read from the environment (HEYU_…) and two files, and nowhere else."""

from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Optional

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
    model: Optional[Path] = Field(None, description="model that rasa serves; default the one of the present data")
    database_url: Optional[str] = Field(None, description="domain database; default SQLite file var/heyu.db")
    tracker_database_url: Optional[str] = Field(
        None, description="trackers of Rasa; default SQLite file var/trackers.db"
    )
    tracker_schema: str = Field("rasa", description="PostgreSQL schema of the trackers; made when it is missing")
    endpoints_file: Path = Field(ROOT / "endpoints.yml", description="Rasa's endpoints; endpoints.production.yml there")
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
    alipay_app_id: Optional[str] = Field(None, description="application id when payment_provider is alipay")
    alipay_private_key: Optional[Path] = Field(None, description="PEM file of our own RSA key for Alipay")
    alipay_public_key: Optional[Path] = Field(None, description="PEM file of Alipay's RSA public key")
    alipay_gateway: str = Field("https://openapi.alipay.com/gateway.do", description="address of Alipay's gateway")
    signer: str = Field("sandbox", description="sandbox or pkcs12: who signs policies")
    signer_pkcs12: Optional[Path] = Field(None, description="PKCS#12 file of the insurer when signer is pkcs12")
    signer_passphrase: Optional[SecretStr] = Field(None, description="its passphrase")
    font_dir: Optional[Path] = Field(None, description="cache of the policies' fonts; default var/fonts")
    test_identities: bool = Field(True, description="accept identity numbers of the fictional region 99")

    # limits
    order_minutes: int = Field(30, description="minutes until an unpaid order expires")
    application_days: int = Field(30, description="days until an unfinished application expires")
    reading_seconds: int = Field(3, description="seconds a document must stay open before it can be confirmed")
    text_limit: int = Field(2000, description="longest customer message, in characters")
    messages_per_minute: int = Field(30, description="messages a conversation may send in a minute")
    requests_per_minute: int = Field(240, description="HTTP requests one address may make in a minute")
    turn_seconds: float = Field(30.0, description="how long the gateway waits for one turn of rasa")
    action_seconds: float = Field(10.0, description="how long rasa waits for one call of a custom action")
    reconcile_minutes: int = Field(5, description="minutes between two rounds of the reconciliation of payments")
    body_limit: int = Field(65536, description="largest HTTP body and Socket.IO packet, in bytes")
    sessions_per_hour: int = Field(60, description="conversations one address may open in an hour")
    codes_per_hour: int = Field(5, description="verification codes one phone number may be sent in an hour")
    proxies: int = Field(0, description="trusted proxies in front that append to X-Forwarded-For")

    # conversations
    resume_days: int = Field(90, description="days after which a browser can no longer resume its conversation")
    replay_limit: int = Field(200, description="most messages that are replayed when a browser comes back")
    inbox_workers: int = Field(16, description="conversations one gateway has dealt with at the same time")
    inbox_poll_seconds: float = Field(1.0, description="how often a gateway looks for rows that another one left")
    lease_seconds: float = Field(10.0, description="how long a row or job stays with a gateway that has gone silent")
    retry_first_seconds: float = Field(1.0, description="pause before the first retry of a turn; each next is twice it")
    retry_longest_seconds: float = Field(30.0, description="longest pause between two retries of a turn")
    slow_seconds: float = Field(6.0, description="after how long without an answer the customer is told it is slow")
    turn_faults: int = Field(5, description="failures of one message, rasa being healthy, after which it is given up")
    vault_slots: Dict[str, str] = Field(
        {"contact_name": "name", "caller_name": "name", "complainant_name": "name", "address": "address"},
        description="slots whose answers are sealed in the vault, each with its kind: name or address",
    )

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
    def fonts(self) -> Path:
        """Folder of the fonts that policies are set in."""
        return self.font_dir or self.var_dir / "fonts"

    @property
    def own_base(self) -> str:
        """Address at which a process on this machine reaches the gateway."""
        return f"http://127.0.0.1:{self.port}"

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
