"""The credentials of somebody's record as one signed file: those that hold now, and no new fact."""

from __future__ import annotations

import json
import uuid

from compete.domain.credentials.profiles import Issuer
from compete.domain.credentials.records import CredentialRecord, credential_record
from compete.domain.values.messages import msg
from compete.models import Certificate, utc_now
from compete.services.certificates.credentials import (
    in_both_forms,
    may_have_credential,
    signed_credential,
)
from compete.services.certificates.issuer_keys import (
    issuer_address,
    issuer_did,
    key_in_use,
    newest_key,
    private_key,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.workers.record import Record


def has_record_credential(record: Record) -> bool:
    """True if the record can be had as one credential: the site can sign, and something holds."""
    return bool(_papers(record))


def record_credential(record: Record) -> bytes:
    """The record as one signed credential, made anew each time and kept nowhere.

    Raises `Refused` (CONFLICT) where nothing in it holds, or the site cannot sign.
    """
    papers = _papers(record)
    did, address = issuer_did(), issuer_address()
    if not papers or did is None:
        raise Refused(msg("没有能放进去的电子证书"))
    documents = [json.loads(signed_credential(paper).document) for paper in papers]
    key = newest_key()
    if key is None:
        with unit_of_work():
            key = key_in_use()
    now = utc_now().replace(microsecond=0)
    unsigned = credential_record(
        CredentialRecord(
            id=f"urn:uuid:{uuid.uuid4()}",
            subject=f"urn:uuid:{uuid.uuid4()}",
            issuer=Issuer(did, address or did, address),
            name="技能档案",
            at=now,
            credentials=documents,
        )
    )
    return in_both_forms(unsigned, did, key.name, private_key(key), now).document.encode()


def _papers(record: Record) -> list[Certificate]:
    """The certificates of the lines that have a credential, the oldest first."""
    own = (line.certificate for line in reversed(record.lines))
    return [paper for paper in own if paper is not None and may_have_credential(paper)]
