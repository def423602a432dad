"""What all benchmarks share: their command line, and the one line of JSON that each of them ends in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path


def arguments(description: str | None, *, any_model: bool = False) -> argparse.Namespace:
    """`quick`: a run of less than a minute is wanted. `corpus`: a file of prose to use, None for what ships here. With
    `any_model` there are also `model`, the name of an installed one, and `device`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="take less than a minute, with less certain figures")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="prose to measure with, in UTF-8")
    if any_model:
        parser.add_argument("--model", default="default", metavar="NAME", help="an installed model")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"], help="where it is to run")
    return parser.parse_args()


def finish(figures: Mapping[str, object]) -> None:
    """Print `figures` as the benchmark's last line."""
    print(json.dumps(figures))
