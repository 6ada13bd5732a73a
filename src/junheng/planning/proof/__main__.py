"""``python -m junheng.planning.proof BUNDLE [--root HEX] …`` or ``--receipt FILE --root HEX``"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from junheng.planning.proof.interchange import MalformedFileError
from junheng.planning.proof.receipts import read_receipt, receipt_faults
from junheng.planning.proof.verification import verify_bundle


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle or a receipt and say what was found; 0 when it is accepted, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="verify", description="核验公示包或回执 / verify a proof bundle or a receipt")
    parser.add_argument("bundle", type=Path, nargs="?")
    parser.add_argument("--receipt", type=Path, help="本人的回执 / a teacher's receipt")
    parser.add_argument("--root", help="公布的默克尔根 / the Merkle root as published")
    parser.add_argument("--commitment", help="截止前公布的承诺摘要 / SHA-256 of the commitment as published")
    parser.add_argument("--policy", help="事先公布的政策摘要 / SHA-256 of the policy pack as committed")
    parser.add_argument("--public", action="store_true", help="公开版 / the public bundle, personal files withheld")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args(arguments)
    if (options.bundle is None) == (options.receipt is None):
        parser.error("公示包与回执，给出其中一个 / give a bundle or a receipt")
    if options.receipt is not None:
        if options.root is None:
            parser.error("核验回执要有公布的默克尔根 / a receipt is verified against --root, the root as published")
        return _receipt(options.receipt, options.root)
    result = verify_bundle(
        options.bundle,
        expected_root=options.root,
        expected_policy=options.policy,
        expected_commitment=options.commitment,
        public=options.public,
    )
    sys.stdout.write("\n".join(result.lines(options.lang)) + "\n")
    return 0 if result.accepted else 1


def _receipt(path: Path, root: str) -> int:
    try:
        receipt = read_receipt(path.read_bytes(), path.name)
    except (OSError, MalformedFileError) as fault:
        sys.stdout.write(f"{fault}\n")
        return 1
    faults = receipt_faults(receipt, root)
    for file, row in receipt.rows().items() if not faults else ():
        sys.stdout.write(f"{file}: {row if row is not None else '没有本人 / not in it'}\n")
    sys.stdout.write("\n".join(faults or ["通过 / ok"]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
