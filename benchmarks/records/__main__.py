"""What becomes of agencies' records, measured: `python -m benchmarks.records COMMAND`. See benchmarks/README.md."""

import argparse
from pathlib import Path

from benchmarks.records.districts import districts
from store.home import home


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    told = commands.add_parser("districts", help="seeded districts through the whole chain, beside the truth")
    told.add_argument("--count", type=int, default=20)
    told.add_argument("--first", type=int, default=1, help="the first seed")
    told.add_argument("--results", type=Path, help="where a file for each district goes")
    chosen = parser.parse_args()
    results = chosen.results or home() / "benchmarks" / "records"
    districts(chosen.count, chosen.first, results)


if __name__ == "__main__":
    main()
