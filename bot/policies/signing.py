"""Signs policy documents and checks signatures: a Signer with a sandbox certificate, or the insurer's PKCS#12 file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, async_sign_pdf
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from bot.policies import pki
from bot.settings import settings

FIELD = "InsurerSignature"


class Integrity(str, Enum):
    """What the signature of a PDF says."""

    INTACT = "intact"
    NOT_A_PDF = "not_a_pdf"
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True)
class Stamp:
    """What a signature says of itself, in words for people."""

    reason: str
    location: str


class Signer(Protocol):
    """Who signs policies for the insurer."""

    sandbox: bool
    """Whether the signature is only a demonstration, which every page then says."""

    async def sign(self, pdf: bytes, stamp: Stamp) -> bytes:
        """The PDF with a certifying signature: no later change is permitted. Raises SigningError."""

    def trust_roots(self) -> Sequence[Certificate]:
        """The certificates that the signer's own chain ends in."""


class _KeySigner:
    """Signs with a key held in memory."""

    sandbox = False

    def __init__(self, key: SimpleSigner) -> None:
        self._key = key

    async def sign(self, pdf: bytes, stamp: Stamp) -> bytes:
        """See Signer."""
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=stamp.reason,
            location=stamp.location,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        signed = await async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=self._key)
        return bytes(signed.getvalue())

    def trust_roots(self) -> Sequence[Certificate]:
        """Self-signed certificates of the chain; the signing certificate itself when there is none."""
        chain = list(self._key.cert_registry)
        roots = [certificate for certificate in chain if certificate.self_signed in ("yes", "maybe")]
        return roots or [self._key.signing_cert]


class SandboxSigner(_KeySigner):
    """Signs with a certificate of our own making, marked as a sandbox; made under var/pki on first use."""

    sandbox = True

    def __init__(self, folder: Path) -> None:
        paths = pki.sandbox_files(folder)
        key = SimpleSigner.load(str(paths.key), str(paths.certificate), ca_chain_files=[str(paths.root)])
        if key is None:
            raise SigningError(f"unreadable signing key in {folder}")
        super().__init__(key)


class Pkcs12Signer(_KeySigner):
    """Signs with the insurer's certificate and key from a PKCS#12 file."""

    def __init__(self, file: Path, passphrase: str) -> None:
        key = SimpleSigner.load_pkcs12(str(file), passphrase=passphrase.encode())
        if key is None:
            raise SigningError(f"unreadable PKCS#12 file {file}, or a wrong passphrase")
        super().__init__(key)


@lru_cache(maxsize=4)
def _signer(kind: str, folder: Path, pkcs12: Path | None, passphrase: str) -> Signer:
    if kind == "sandbox":
        return SandboxSigner(folder)
    if kind == "pkcs12" and pkcs12 is not None:
        return Pkcs12Signer(pkcs12, passphrase)
    raise ValueError(f"unknown signer {kind!r}, or HEYU_SIGNER_PKCS12 is missing")


def signer() -> Signer:
    """The signer that the settings name. Raises ValueError for an unknown one, SigningError for unreadable keys."""
    chosen = settings()
    passphrase = chosen.signer_passphrase.get_secret_value() if chosen.signer_passphrase else ""
    return _signer(chosen.signer, chosen.var_dir / "pki", chosen.signer_pkcs12, passphrase)


async def check(pdf: bytes, roots: Sequence[Certificate]) -> Integrity:
    """What the signature of any PDF says; in a thread, because a stranger's file may be costly to read."""
    return await asyncio.to_thread(lambda: asyncio.run(_check(pdf, roots)))


async def _check(pdf: bytes, roots: Sequence[Certificate]) -> Integrity:
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        if not signatures:
            return Integrity.UNSIGNED
        context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
        status = await async_validate_pdf_signature(signatures[0], signer_validation_context=context)
    except SignatureValidationError:
        return Integrity.ALTERED
    except UnacceptableSignerError:
        return Integrity.UNTRUSTED
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError):
        # A damaged file fails anywhere in the reader.
        return Integrity.NOT_A_PDF
    whole = len(signatures) == 1 and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid and whole):
        return Integrity.ALTERED
    return Integrity.INTACT if status.trusted else Integrity.UNTRUSTED
