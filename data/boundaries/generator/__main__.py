"""Write the demo place: `python -m data.boundaries.generator [--out FOLDER] [--seed NUMBER]`."""

import argparse
import sys
from pathlib import Path

from data.boundaries.generator import plan
from data.boundaries.generator.files import write_town
from data.boundaries.generator.town import make_town


def main() -> int:
    """Draw the town and write its files."""
    parser = argparse.ArgumentParser(prog="python -m data.boundaries.generator", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/boundaries/demo"))
    parser.add_argument("--seed", type=int, default=plan.SEED)
    options = parser.parse_args()
    write_town(make_town(options.seed), options.out)
    sys.stdout.write(f"Marshwick (fictional), seed {options.seed}, written to {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
