"""The proof bundle: a folder that carries a plan, its problem and a certificate, and the steps that verify it.

Standard library only, and nothing of the solver: a bundle can be verified on a machine without the product (see
:func:`write_verifier`), and what the solver claims counts for nothing unless the certificate proves it.
"""

from junheng.planning.proof.bound import bound_of
from junheng.planning.proof.bundle import Bundle, publish_bundle, write_bundle
from junheng.planning.proof.certificate import CertificateError
from junheng.planning.proof.outcome import Finding, Step, Verification
from junheng.planning.proof.pseudonyms import KeyRow, pseudonym
from junheng.planning.proof.receipts import Receipt, check_receipt, receipts
from junheng.planning.proof.standalone import write_verifier
from junheng.planning.proof.verification import verify_bundle

__all__ = [
    "Bundle",
    "CertificateError",
    "Finding",
    "KeyRow",
    "Receipt",
    "Step",
    "Verification",
    "bound_of",
    "check_receipt",
    "pseudonym",
    "publish_bundle",
    "receipts",
    "verify_bundle",
    "write_bundle",
    "write_verifier",
]
