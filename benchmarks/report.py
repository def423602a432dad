"""What all benchmarks share: their command line, and the one line of JSON that each of them ends in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path


def arguments(description: str | None) -> argparse.Namespace:
    """`quick`: a run of less than a minute is wanted. `corpus`: a file of prose to use, None for what ships here."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take less than a minute, with less certain figures")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="prose to measure with, in UTF-8")
    return parser.parse_args()


def finish(figures: Mapping[str, object]) -> None:
    """Print `figures` as the benchmark's last line."""
    print(json.dumps(figures))
