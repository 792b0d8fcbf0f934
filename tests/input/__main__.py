"""`python -m tests.input --requests 20000 --engine postgresql --seed 1`: every form and address, spoiled so often.

`--only N` repeats number N of that seed alone; `--scripts` opens every page in a browser instead, with a script in
every text (tests/browser/test_scripts_in_text.py). Exit code 0 when nothing went wrong.
"""

import argparse
import os
import sys

import pytest

QUIET = ("-q", "-p", "no:cacheprovider", "--show-capture=no")


def main() -> int:
    """Runs the test of tests/test_bad_requests.py with so many requests."""
    read = argparse.ArgumentParser(prog="python -m tests.input", description=__doc__)
    read.add_argument("--requests", type=int, default=20_000)
    read.add_argument("--engine", choices=("sqlite", "postgresql"), default=os.environ.get("TEST_ENGINE", "sqlite"))
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--first", type=int, default=0, help="the number to begin with")
    read.add_argument("--only", type=int, help="repeat the request of this number alone")
    read.add_argument("--scripts", action="store_true", help="scripts in text instead, in a browser, on every page")
    read.add_argument("--pages", type=int, default=1_500, help="with --scripts: so many pages of each kind at most")
    said = read.parse_args()
    numbers = (said.only, 1) if said.only is not None else (said.first, said.requests)
    os.environ["TEST_ENGINE"] = said.engine
    if said.scripts:
        os.environ["HINDSIGHT_SCRIPT_PAGES"] = str(said.pages)
        return int(pytest.main([*QUIET, "tests/browser/test_scripts_in_text.py"]))
    os.environ["HINDSIGHT_BAD_REQUESTS"] = f"{said.seed},{numbers[0]},{numbers[1]}"
    name = "tests/test_bad_requests.py::test_no_bad_request_breaks_or_leaves_anything"
    return int(pytest.main([*QUIET, "-s", name]))


if __name__ == "__main__":
    sys.exit(main())
