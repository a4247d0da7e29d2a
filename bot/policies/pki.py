"""Makes the sandbox's own certificate authority and signing certificate, clearly marked as such."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot import clock

ROOT_YEARS, SIGNER_YEARS = 30, 20
KEY_BITS = 2048


@dataclass(frozen=True)
class Files:
    """PEM files: root certificate, signing certificate and its key."""

    root: Path
    certificate: Path
    key: Path


def sandbox_files(folder: Path) -> Files:
    """The sandbox's PEM files in a folder, made when they are missing; the root's key is thrown away.

    Several gateways must share the folder, or use a PKCS#12 file: each makes a root of its own otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / "sandbox-root.pem", folder / "sandbox-signer.pem", folder / "sandbox-signer.key.pem")
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not files.key.exists():
            _make(files)
    return files


def _make(files: Files) -> None:
    root_key, signer_key = (rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS) for _ in range(2))
    root_name = _name("禾屿沙箱根证书（仅供演示）")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, ROOT_YEARS, authority=True)
    signer_name = _name("禾屿沙箱签章（仅供演示）")
    certificate = _certificate(signer_name, root_name, signer_key.public_key(), root_key, SIGNER_YEARS, authority=False)
    files.root.write_bytes(root.public_bytes(Encoding.PEM))
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = signer_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(files.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secret)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Heyu Sandbox 沙箱"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey,
    issuer_key: rsa.RSAPrivateKey,
    years: int,
    *,
    authority: bool,
) -> x509.Certificate:
    now = clock.now()
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usage,
            ),
            critical=True,
        )
    )
    return builder.sign(issuer_key, hashes.SHA256())
