"""Writes docs/hot-queries.md: how both engines answer every hot query, in an office of so many leads.

    python bench/plans.py [--leads 100000] [--keep FOLDER] [--sqlite URL --postgresql URL]

Fills a database of each engine with `bench/filling.py`, or finds those in ``--keep``; with the last two options these
filled ones are asked, and nothing is changed in them but the session of who asks.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import databases, figures
from bench.databases import ENGINES, ROOT

PAGE = ROOT / "docs" / "hot-queries.md"
HEAD = """# How the hot queries are answered

Every statement about leads and their log that the hot paths send, overheard from the product's own functions and
pages, and how each engine answers it in an office of {size}.
Made by `python bench/plans.py`; make it anew after a change of a query or an index. `tests/test_hot_queries.py` fails
when one of them reads the log as a whole. Statements are shortened: "…" stands for columns and values.

On PostgreSQL an index stands behind `using`, on SQLite behind `USING INDEX`. The indexes and what each is for:
`lifecycle/models/log.py`, `leads/models/lead.py`. A table of leads or people is rightly read without an index where
the question is about all of it. The plan of an INSERT on SQLite names the table once more: for what RETURNING says.
"""


def tell() -> dict[str, Any]:
    """What this process's database answers."""
    from bench import hot_queries as hot
    from leads.models import Lead
    from lifecycle.models import LeadEvent

    told = [
        {
            "what": one.what, "why": one.why,
            "plans": [(hot.shortened(p.sql), p.lines, p.scans) for p in hot.plans(one)],
        }
        for one in hot.hot_queries()
    ]  # fmt: skip
    return {"size": f"{Lead.objects.count():,} leads and {LeadEvent.objects.count():,} facts", "told": told}


def write(answers: dict[str, dict[str, Any]]) -> str:
    """The page. In: what ``tell`` said, by engine."""
    first = next(iter(answers.values()))
    parts = [HEAD.format(size=first["size"])]
    for n, one in enumerate(first["told"]):
        parts.append(f"## {one['what']}\n\n{one['why'][0].upper()}{one['why'][1:]}.\n")
        for engine, answer in answers.items():
            parts += [f"### {one['what']}: {ENGINES[engine]}\n", *map(_plan, answer["told"][n]["plans"])]
    return "\n".join(parts)


def _plan(plan: tuple[str, list[str], bool]) -> str:
    sql, lines, scans = plan
    warning = "**Reads the whole log.**\n\n" if scans else ""
    return f"```sql\n{sql}\n```\n\n{warning}```\n" + "\n".join(line.rstrip()[:160] for line in lines) + "\n```\n"


def main() -> None:
    parser = figures.parser(__doc__)
    parser.add_argument("--leads", type=int, default=figures.LARGEST_FILL)
    parser.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    for engine in ENGINES:
        parser.add_argument(f"--{engine}", help="address of a filled database")
    options = parser.parse_args()
    options.database = None
    answers = {}
    with databases.shelf(options) as shelf:
        for engine in ENGINES:
            address = getattr(options, engine) or shelf.office(engine, 600 if options.quick else options.leads)
            answers[engine] = databases.inside(address, "plans", "tell")
    page = write(answers)
    if options.quick:
        print(page)
    else:
        PAGE.write_text(page)


if __name__ == "__main__":
    main()
