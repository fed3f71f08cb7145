"""What becomes of agencies' records, measured: `python -m benchmarks.records COMMAND`. See benchmarks/README.md."""

import argparse
from pathlib import Path

from benchmarks.records import districts, even, replay, scale
from store.home import home

SIZES = [20_000, 50_000, 100_000]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    told = commands.add_parser("districts", help="seeded districts through the whole chain, beside the truth")
    told.add_argument("--count", type=int, default=20)
    told.add_argument("--first", type=int, default=1, help="the first seed")
    told.add_argument("--results", type=Path, help="where a file for each district goes")
    told = commands.add_parser("even", help="one true rate everywhere: how often a hotspot is observed")
    told.add_argument("--count", type=int, default=200)
    told = commands.add_parser(
        "scale", help="20,000 to 100,000 persons and five agencies, from files to a run"
    )
    told.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    told.add_argument("--without-gate", action="store_true", help="end with what is known of areas")
    told = commands.add_parser("scale-one", help="one size, in this process (what scale starts)")
    told.add_argument("people", type=int)
    told.add_argument("folder", type=Path)
    told.add_argument("--without-gate", action="store_true")
    told = commands.add_parser("replay", help="a bake beside its Splink and scikit-learn calls alone")
    told.add_argument("--times", type=int, default=3)
    run(parser.parse_args())


def run(chosen: argparse.Namespace) -> None:
    """Do what was asked for."""
    if chosen.command == "districts":
        results = chosen.results or home() / "benchmarks" / "records"
        districts.districts(chosen.count, chosen.first, results)
    elif chosen.command == "even":
        even.even(chosen.count)
    elif chosen.command == "scale":
        scale.scale(chosen.sizes, gate=not chosen.without_gate)
    elif chosen.command == "scale-one":
        scale.one(chosen.people, chosen.folder, gate=not chosen.without_gate)
    else:
        replay.replay(chosen.times)


if __name__ == "__main__":
    main()
