"""``python -m junheng.planning.proof BUNDLE [--root HEX] [--policy HEX] [--public] [--lang en]``"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from junheng.planning.proof.verification import verify_bundle


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle and say what was found; 0 when it is accepted, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="verify", description="核验公示包 / verify a proof bundle")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--root", help="公布的默克尔根 / the Merkle root as published")
    parser.add_argument("--policy", help="事先公布的政策摘要 / SHA-256 of the policy pack as committed")
    parser.add_argument("--public", action="store_true", help="公开版 / the public bundle, personal files withheld")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args(arguments)
    result = verify_bundle(
        options.bundle, expected_root=options.root, expected_policy=options.policy, public=options.public
    )
    sys.stdout.write("\n".join(result.lines(options.lang)) + "\n")
    return 0 if result.accepted else 1


if __name__ == "__main__":
    sys.exit(main())
