"""The secrets of an installation: made once, readable by its owner only."""

import base64
import secrets
from pathlib import Path
from typing import Dict

FILE = "secrets.env"


def ensure_secrets(var_dir: Path) -> bool:
    """Write var/secrets.env with fresh random secrets unless it exists; returns whether it was made."""
    path = var_dir / FILE
    if path.exists():
        return False
    var_dir.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"HEYU_{name}={value}\n" for name, value in _fresh().items())
    path.touch(mode=0o600)
    path.write_text("# Made once. Keep a copy: without vault_keys personal data cannot be read again.\n" + lines)
    return True


def _fresh() -> Dict[str, str]:
    names = ("CONNECTOR_SECRET", "LOOKUP_KEY", "SIGNING_KEY", "IDENTITY_JWT_SECRET", "SANDBOX_PAYMENT_SECRET")
    made = {name: secrets.token_urlsafe(32) for name in names}
    made["VAULT_KEYS"] = "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    return made
