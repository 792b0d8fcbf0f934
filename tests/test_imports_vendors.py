"""Real exports of other vendors come in by the command, every row right; what is expected is read from them anew."""

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from leads.models import Lead
from lifecycle.models import LeadEvent
from lifecycle.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)

KOLKATA = ZoneInfo("Asia/Kolkata")
ZOHO_STAGES = {
    "Not Contacted": "NEW",
    "Attempted to Contact": "CONTACTING",
    "Contacted": "CONTACTING",
    "Contact in Future": "ARCHIVED",
    "Pre Qualified": "QUALIFIED",
    "Junk Lead": "TRASHED",
    "Lost Lead": "ARCHIVED",
}
POTENTIAL_STAGES = {
    "Prospect": "CONTACTING",
    "Qualification": "QUALIFIED",
    "Needs Analysis": "QUALIFIED",
    "Initial Offer": "COMMITTED",
    "Proposal/Price Quote": "COMMITTED",
    "Negotiation/Review": "IN_CONTRACT",
    "Closed Won": "CLOSED",
    "Closed Lost": "ARCHIVED",
}
MAVEN_STAGES = {"Prospecting": "NEW", "Engaging": "CONTACTING", "Won": "CLOSED", "Lost": "ARCHIVED"}
Row = dict[str, str]


def bring_in(path: Path, tmp_path: Path, columns: Row, statuses: Row, formats: list[str], **more: Any) -> Row:
    """Runs ``import_leads`` with this mapping; out: its summary."""
    mapping = {"columns": columns, "statuses": statuses, "dates": {"formats": formats, "zone": "Asia/Kolkata"}, **more}
    where = tmp_path / "mapping.json"
    where.write_text(json.dumps({"duplicates": "both", **mapping}))
    out = io.StringIO()
    call_command("import_leads", path, mapping=where, source="Vendor", stdout=out, stderr=io.StringIO(), verbosity=0)
    return {name: value for name, _, value in (line.partition(": ") for line in out.getvalue().splitlines())}


def here() -> dict[str, tuple[str, str]]:
    """Stage and agent of every lead by its key."""
    rows = Lead.objects.values_list("external_key", "status", "agent__display_name")
    return {key: (status, agent or "") for key, status, agent in rows}


def begun() -> dict[str, datetime]:
    return dict(LeadEvent.objects.filter(kind="lead_created").values_list("lead__external_key", "occurred_at"))


def zoho_moment(cell: str) -> datetime:
    return datetime.strptime(cell, "%d %b, %Y %H:%M:%S").replace(tzinfo=KOLKATA).astimezone(UTC)


def sound() -> None:
    *_, verdict = verify()
    assert (verdict.problems, verdict.unknown) == ([], [])


def read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "columns", "stages", "stage", "owner", "key"),
    [
        (
            "zoho_Leads.csv",
            {
                "LEADID": "key",
                "Last Name": "last_name",
                "Company": "company",
                "Lead Owner": "owner",
                "Email": "email",
                "Mobile": "phone",
                "Lead Source": "lead_source",
                "Lead Status": "status",
                "Created Time": "created",
            },
            ZOHO_STAGES,
            "Lead Status",
            "Lead Owner",
            "LEADID",
        ),
        (
            "zoho_Potentials.csv",
            {
                "Potential Name": "name",
                "Potential Owner": "owner",
                "Created Time": "created",
                "Amount": "headline",
                "Stage": "status",
                "LEADID": "key",
            },
            POTENTIAL_STAGES,
            "Stage",
            "Potential Owner",
            "LEADID",
        ),
    ],
)
def test_each_row_of_a_zoho_export_is_a_lead_as_the_file_says(
    test_data: Path, tmp_path: Path, name: str, columns: Row, stages: Row, stage: str, owner: str, key: str
) -> None:
    path = test_data / "legacy" / name
    rows = read(path)
    # An empty status is a word of its own, and the office has said what it means.
    summary = bring_in(path, tmp_path, columns, stages, ["dd mon, yyyy hh:mm:ss"], no_status="NEW")
    assert (summary["leads"], summary["refused"]) == (str(len(rows)), "0")
    assert here() == {row[key]: (stages.get(row[stage], "NEW"), row[owner]) for row in rows}
    assert begun() == {row[key]: zoho_moment(row["Created Time"]) for row in rows}
    if name == "zoho_Potentials.csv":
        assert Lead.objects.get(external_key=rows[0][key]).headline == rows[0]["Amount"] == "$22,700.00"
    sound()


def test_maven_rows_without_any_date_enter_when_they_are_imported(
    test_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All 500 of them, and as many with dates: each deal that is over has one for its end."""
    whole = read(test_data / "legacy" / "maven_sales_pipeline.csv")
    dateless = [row for row in whole if not row["engage_date"]]
    rows = [*dateless, *[row for row in whole if row["engage_date"]][:500]]
    assert len(dateless) == 500
    path = tmp_path / "maven.csv"
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(whole[0]))
        writer.writeheader()
        writer.writerows(rows)
    columns = {
        "opportunity_id": "key",
        "sales_agent": "owner",
        "product": "headline",
        "account": "company",
        "deal_stage": "status",
        "engage_date": "created",
        "close_date": "entered",
    }
    before = datetime.now(UTC)
    summary = bring_in(path, tmp_path, columns, MAVEN_STAGES, ["yyyy-mm-dd"])
    assert (summary["leads"], summary["refused"]) == ("1000", "0")
    assert here() == {row["opportunity_id"]: (MAVEN_STAGES[row["deal_stage"]], row["sales_agent"]) for row in rows}
    first = begun()
    for row in dateless:
        assert before <= first[row["opportunity_id"]] <= datetime.now(UTC)
    closed = LeadEvent.objects.filter(kind="history_imported", to_status="CLOSED")
    days = {
        key: at.astimezone(KOLKATA).date().isoformat()
        for key, at in closed.values_list("lead__external_key", "occurred_at")
    }
    assert days == {row["opportunity_id"]: row["close_date"] for row in rows if row["deal_stage"] == "Won"}
    assert Counter(LeadEvent.objects.filter(backfilled=False).values_list("kind", flat=True)) == {}
    sound()
