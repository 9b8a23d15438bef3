"""All benchmarks, one after the other, in about five minutes: ``python -m benchmarks``."""

from __future__ import annotations

import argparse

from benchmarks import evaluation, machine, server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true", help="install and measure no peers")
    arguments = parser.parse_args()
    print(machine.describe(), end="\n\n", flush=True)
    evaluation.run()
    print(flush=True)
    server.run(with_peers=not arguments.no_peers)


if __name__ == "__main__":
    main()
