"""Electronic policies: number, document, signature, delivery and verification."""
