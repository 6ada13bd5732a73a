"""The proof bundle: a folder that carries a plan, its problem and a certificate, and the steps that verify it.

Standard library only, and nothing of the solver: a bundle can be verified on a machine without the product (see
:func:`write_verifier`), and what the solver claims counts for nothing unless the certificate proves it.
"""

from junheng.planning.proof.bound import bound_of
from junheng.planning.proof.bundle import Bundle, write_bundle
from junheng.planning.proof.certificate import CertificateError
from junheng.planning.proof.commitment import Commitment, Run, digest_of, read_commitment, read_runs, runs_file
from junheng.planning.proof.interchange import MalformedFileError
from junheng.planning.proof.outcome import Finding, Step, Verification
from junheng.planning.proof.pseudonyms import KeyRow, pseudonym
from junheng.planning.proof.publishing import publish_bundle
from junheng.planning.proof.receipts import Receipt, read_receipt, receipt_faults, receipt_of, receipts_of
from junheng.planning.proof.standalone import write_verifier
from junheng.planning.proof.verification import verify_bundle

__all__ = [
    "Bundle",
    "CertificateError",
    "Commitment",
    "Finding",
    "KeyRow",
    "MalformedFileError",
    "Receipt",
    "Run",
    "Step",
    "Verification",
    "bound_of",
    "digest_of",
    "pseudonym",
    "publish_bundle",
    "read_commitment",
    "read_receipt",
    "read_runs",
    "receipt_faults",
    "receipt_of",
    "receipts_of",
    "runs_file",
    "verify_bundle",
    "write_bundle",
    "write_verifier",
]
