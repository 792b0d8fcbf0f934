"""docs/permissions.md as data: people read it, and the test holds the product against the very same lines."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
PEOPLE = ("nobody", "Otto", "Ana", "Ben", "Bruna", "Ada", "Sue")
#: Under a heading: what a POST is answered with where no row of the address says so.
_ELSEWHERE = re.compile(r"A POST to an address without a POST row: `([\w ]+)`\.")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an address as the resolver has it, what is asked of it, and the answer to everybody."""

    line: int
    part: str
    address: str
    asked: str
    answers: dict[str, str]

    @property
    def method(self) -> str:
        return self.asked.split()[0]

    def __str__(self) -> str:
        return f"docs/permissions.md:{self.line} `{self.address}` {self.asked}"


def read(page: Path = PAGE) -> list[Row]:
    """The rows of all tables; for every address the POST rows that a line under the heading stands for are added."""
    rows: list[Row] = []
    part = address = ""
    elsewhere: dict[str, str] = {}
    for number, text in enumerate(page.read_text().splitlines(), start=1):
        if text.startswith("#"):
            part = text.lstrip("# ").strip()
        elif found := _ELSEWHERE.search(text):
            elsewhere[part] = found[1]
        elif text.startswith("| ") and not text.startswith(("| Address", "| Word")):
            cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
            if len(cells) != 2 + len(PEOPLE):
                continue
            address = cells[0].strip("`") if cells[0] else address
            rows.append(Row(number, part, address, cells[1], dict(zip(PEOPLE, cells[2:], strict=True))))
    return [*rows, *_implied(rows, elsewhere)]


def wants_proof(page: Path = PAGE) -> set[tuple[str, str]]:
    """Address and asked of everything for which people have to say once more who they are: the table of two columns."""
    found: set[tuple[str, str]] = set()
    address = ""
    for text in page.read_text().partition("## What asks once more")[2].partition("\n## ")[0].splitlines():
        if text.startswith("| ") and not text.startswith("| Address"):
            first, asked = (cell.strip() for cell in text.strip().strip("|").split("|"))
            address = first.strip("`") or address
            found.add((address, asked))
    return found


def _implied(rows: list[Row], elsewhere: dict[str, str]) -> list[Row]:
    posted = {(row.part, row.address) for row in rows if row.method == "POST"}
    found = []
    for row in rows:
        key = (row.part, row.address)
        if row.method == "GET" and key not in posted and row.part in elsewhere:
            posted.add(key)
            word = elsewhere[row.part]
            # Whoever is not let in to look is not let in to change either.
            answers = {who: said if said == "login" or word == "as GET" else word for who, said in row.answers.items()}
            found.append(Row(row.line, row.part, row.address, "POST", answers))
    return found
