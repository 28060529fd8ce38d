"""The authority as a profile for iPads and iPhones."""

from __future__ import annotations

import plistlib
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

MIMETYPE = "application/x-apple-aspen-config"

_SPACE = uuid.UUID("5d1a0a5e-43a5-5d4b-9f0b-6b3c4b8d2c11")


def profile_of(certificate: x509.Certificate, name: str, why: str) -> bytes:
    """A profile that adds the authority; `name` and `why` are what the device shows of it.

    The same authority always has the same identifiers, so that a second
    installation takes the place of the first.
    """
    print_of = certificate.fingerprint(hashes.SHA256()).hex()
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"compete.ca.{print_of[:16]}.root",
        "PayloadUUID": _identifier(print_of + "root"),
        "PayloadDisplayName": name,
        "PayloadCertificateFileName": "compete-ca.crt",
        "PayloadContent": certificate.public_bytes(Encoding.DER),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"compete.ca.{print_of[:16]}",
            "PayloadUUID": _identifier(print_of),
            "PayloadDisplayName": name,
            "PayloadDescription": why,
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [root],
        }
    )


def _identifier(text: str) -> str:
    return str(uuid.uuid5(_SPACE, text)).upper()
