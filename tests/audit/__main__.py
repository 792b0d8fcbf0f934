"""`python -m tests.audit`: every check, what it read and what it found. Exit code 0 when nothing was found."""

import sys

from tests.audit import bandit, code, pages
from tests.audit.checking import carry_out


def main() -> int:
    """Carries them out and prints a line for each."""
    reports = [carry_out(check) for check in (*code.CHECKS, *pages.CHECKS)]
    reports.append(bandit.carry_out())
    for report in reports:
        print(f"{report.name}: {report.files} files, {len(report.wrong) or 'nothing'} found")
        for sentence in report.wrong:
            print(f"  {sentence}")
    return 1 if any(report.wrong for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
