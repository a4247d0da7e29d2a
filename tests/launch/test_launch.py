"""What `make run` checks and makes before it starts anything."""

import socket
import stat

from bot.launch import checks, model
from bot.launch.processes import supervisor_config
from bot.launch.secrets import ensure_secrets
from bot.settings import Settings, settings


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path):
    assert ensure_secrets(tmp_path) is True
    made = (tmp_path / "secrets.env").read_text()
    assert ensure_secrets(tmp_path) is False
    assert (tmp_path / "secrets.env").read_text() == made
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_made_secrets_satisfy_the_settings(tmp_path, monkeypatch):
    ensure_secrets(tmp_path)
    for name in ("CONNECTOR_SECRET", "VAULT_KEYS", "LOOKUP_KEY", "SIGNING_KEY", "IDENTITY_JWT_SECRET"):
        monkeypatch.delenv(f"HEYU_{name}")
    made = Settings(_env_file=tmp_path / "secrets.env")
    assert made.vault_keys.get_secret_value().startswith("k1:")


def test_a_port_in_use_is_said_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        config = settings().copy(update={"port": other.getsockname()[1]})
        found = list(checks.problems(config))
    assert any(f"Port {config.port} is in use" in line and "HEYU_PORT=" in line for line in found)


def test_a_full_disk_is_said(monkeypatch):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 10 * 2**20})())
    assert any("10 MB free" in line for line in checks.problems(settings().copy(update={"port": 0})))


def test_fingerprint_changes_with_training_data_and_not_with_other_files(tmp_path):
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "greet.yml").write_text("a")
    first = model.fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("x")
    assert model.fingerprint(tmp_path) == first
    (tmp_path / "data" / "nlu" / "greet.yml").write_text("b")
    assert model.fingerprint(tmp_path) != first


def test_every_part_is_restarted_after_a_crash(tmp_path):
    text = supervisor_config(tmp_path)
    assert text.count("autorestart=true") == text.count("[program:") == 3
