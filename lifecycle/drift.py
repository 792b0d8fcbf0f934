"""The cached columns of many leads in one statement: the set-based twin of the fold, for rebuilding them.

To fold a million leads one after the other takes minutes; this reads the log along one index instead. It does not tell
everything: a lead whose story was rewritten (a void, a corrected reason), or that carries a kind which this release
does not know or data of a shape that no release writes, is marked ``hard`` and left to the fold. Of all the others a
test holds every column equal to the fold on random streams.
"""

from collections.abc import Sequence

from django.db import connection

from .events import CONSENT, DEMOTIONS, RULES_VERSION, TWO_WAY, Kind
from .flags import Flag
from .fold import CACHED, GUARDED
from .history.statement import Statement
from .models import LeadEvent
from .states import Provenance

#: The cached columns as the table of leads names them.
COLUMNS = tuple("agent_id" if n == "agent" else n for n in (*GUARDED, *CACHED))


def folded(leads: Sequence[int] | range) -> Statement:
    """``WITH … folded``: of each of these leads its id, ``hard`` (0 or 1), and what every cached column should be.

    In: ids, or a range that holds them.
    """
    lead = LeadEvent._meta.get_field("lead").related_model._meta.db_table
    log = LeadEvent._meta.db_table
    made = Statement()
    made.add("WITH seen AS MATERIALIZED (SELECT event.lead_id,")
    made.add(", ".join(f"{sql} AS {name}" for name, sql in _SEEN.items()))
    made.add(f", max(CASE WHEN {_easy()} THEN 0 ELSE 1 END) AS hard FROM {log} AS event WHERE")
    _among(made, "event.lead_id", leads)
    made.add("GROUP BY event.lead_id), aimed AS (SELECT seen.*,")
    made.add(f"{_TELLER.format(log=log)} AS teller FROM seen), folded AS MATERIALIZED (SELECT lead.id,")
    made.add(f"CASE WHEN aimed.hard = 0 AND COALESCE(teller, 1) > 0 AND {_plain()} THEN 0 ELSE 1 END AS hard,")
    made.add(", ".join(f"{sql.format(log=log)} AS {name}" for name, sql in _columns().items()))
    made.add(f"FROM {lead} AS lead LEFT JOIN aimed ON aimed.lead_id = lead.id")
    for name in ("head", "tracked", "born", "moved", "begun", "held"):
        made.add(_looked_up(log, name, f"aimed.{name}_v"))
    made.add(_looked_up(log, "told", "aimed.teller") + " WHERE")
    _among(made, "lead.id", leads)
    made.add(")")
    return made


def differ(column: str) -> str:
    """Whether a column of ``folded`` and of ``lead`` differ, where nothing equals nothing."""
    distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return f"folded.{column} {distinct} lead.{column}"


def _looked_up(log: str, name: str, version: str) -> str:
    """One fact of each lead beside it, found by the index: PostgreSQL would rather read the whole log each time."""
    if connection.vendor == "postgresql":
        one = f"SELECT * FROM {log} AS event WHERE event.lead_id = lead.id AND event.version = {version} LIMIT 1"
        return f"LEFT JOIN LATERAL ({one}) AS {name} ON TRUE"
    return f"LEFT JOIN {log} AS {name} ON {name}.lead_id = lead.id AND {name}.version = {version}"


def _among(made: Statement, column: str, leads: Sequence[int] | range) -> None:
    if isinstance(leads, range):
        made.add(f"{column} >= %s AND {column} < %s", leads.start, leads.stop)
    elif connection.vendor == "postgresql":
        made.add(f"{column} = ANY(%s)", list(leads))
    else:
        made.add(f"{column} IN ({', '.join(['%s'] * len(leads))})", *leads)


def _one_of(*words: str) -> str:
    return "('" + "', '".join(words) + "')"


# --- what one reading of the log finds of every lead ----------------------------------------------------------------

_MOVES = "event.to_status <> ''"
_BACK_OR_AGAIN = _one_of(*sorted(k.value for k in DEMOTIONS), Kind.LEAD_RE_ENGAGED.value)
_TELLS = f"{_MOVES} AND (event.kind IN {_BACK_OR_AGAIN} OR event.to_status IN ('QUALIFIED', 'NEW'))"
_CONFIRMED = "event.kind = 'motivation_confirmed' AND event.to_status = 'QUALIFIED'"
_TRACKED = f"{_MOVES} OR event.kind IN {_one_of('agent_assigned', *sorted(k.value for k in CONSENT))}"
_CONTACT = "event.kind = 'contact_logged' AND event.to_status = ''"
_SIGNED = f"event.kind = 'buyer_agreement_signed' AND {_MOVES}"
#: Attempts are counted from here on.
_RESTARTS = (
    "event.to_status = 'NEW' OR (event.to_status = 'CONTACTING' AND event.kind NOT IN ('contact_attempted',"
    " 'move_voided'))"
)
_DIRECTION, _OUTCOME, _DOCUMENT = (f"event.data ->> '{key}'" for key in ("direction", "outcome", "document"))
_BY_US = f"{_CONTACT} AND event.actor_id IS NOT NULL AND COALESCE({_DIRECTION}, '') <> 'inbound'"
_REPLY = f"{_CONTACT} AND ({_DIRECTION} = 'inbound' OR {_OUTCOME} IN {_one_of(*sorted(TWO_WAY))})"


def _newest(which: str) -> str:
    return f"max(event.version) FILTER (WHERE {which})"


#: Named ``…_v`` is the version of the newest (``born_v``: the first) fact of a sort.
_SEEN = {
    "head_v": "max(event.version)",
    "tracked_v": _newest(_TRACKED),
    "born_v": f"min(event.version) FILTER (WHERE {_MOVES})",
    "moved_v": _newest(_MOVES),
    "told_v": _newest(_TELLS),
    "prior_v": _newest(f"{_TELLS} AND NOT ({_CONFIRMED})"),
    "confirmed_v": _newest(_CONFIRMED),
    "again_v": _newest(f"event.kind = 'lead_re_engaged' AND {_MOVES}"),
    "begun_v": _newest("event.to_status = 'NEW'"),
    "restarted_v": _newest(_RESTARTS),
    "held_v": _newest("event.kind = 'agent_assigned' AND event.to_status = ''"),
    "flagged_v": _newest("event.flag <> '' AND event.to_status = ''"),
    "warmed_v": _newest("event.kind = 'temperature_changed' AND event.to_status = ''"),
    "late_v": _newest("event.kind = 'sla_breached' AND event.to_status = ''"),
    "erased_at": "max(event.occurred_at) FILTER (WHERE event.kind = 'personal_data_erased' AND event.to_status = '')",
    "missed_v": _newest(f"{_SIGNED} AND CAST({_DOCUMENT} AS text) = '0'"),
    "found_v": _newest(
        f"({_MOVES} AND event.kind <> 'buyer_agreement_signed' AND event.to_status NOT IN ('COMMITTED', 'IN_CONTRACT'))"
        f" OR ({_SIGNED} AND COALESCE(CAST({_DOCUMENT} AS text), '') <> '0')"
        f" OR (event.kind = 'note_added' AND event.to_status = '' AND CAST({_DOCUMENT} AS text) <> '0')"
    ),
    "qualified": "count(*) FILTER (WHERE event.to_status = 'QUALIFIED')",
    "contact_at": f"max(event.occurred_at) FILTER (WHERE {_CONTACT})",
    "reply_at": f"max(event.occurred_at) FILTER (WHERE {_REPLY})",
    "tried_v": f"min(event.version) FILTER (WHERE {_BY_US})",
    "tried_at": f"min(event.occurred_at) FILTER (WHERE {_BY_US})",
    "tries": f"count(*) FILTER (WHERE {_BY_US})",
}
#: Whichever fact tells how the lead came. One that qualifies by the very next move after it was re-engaged stays
#: re-engaged, so there the move before tells; 0 where it qualified later, which is for the fold to say.
_TELLER = (
    "CASE WHEN seen.told_v = seen.confirmed_v AND seen.prior_v = seen.again_v THEN"
    " CASE WHEN (SELECT min(event.version) FROM {log} AS event WHERE event.lead_id = seen.lead_id"
    " AND event.version > seen.prior_v AND event.to_status <> '') = seen.told_v THEN seen.prior_v ELSE 0 END"
    " ELSE seen.told_v END"
)


# --- what is left to the fold ---------------------------------------------------------------------------------------


def _easy() -> str:
    """Whether a fact is told here: known, rewrites nothing, its data of the usual shape."""
    kinds = (k.value for k in Kind if k not in (Kind.MOVE_VOIDED, Kind.REASON_CORRECTED))
    usual = f"{_shape('event', 'document')} IS NULL OR {_is_number('event', 'document')}"
    return (
        f"event.kind IN {_one_of(*kinds)}"
        " AND (event.kind <> 'lead_re_engaged' OR event.to_status IN ('', 'CONTACTING'))"
        f" AND CASE WHEN event.kind IN ('buyer_agreement_signed', 'note_added') THEN {usual} ELSE TRUE END"
    )


def _plain() -> str:
    """Whether the facts that begin a lead and its clock say so in the usual shape."""
    word = "string" if connection.vendor == "postgresql" else "text"
    inquiry, minutes = _shape("born", "inquiry"), _shape("begun", "sla_minutes")
    warm = f"COALESCE({_shape('event', 'to')}, '{word}') = '{word}'"
    warmed = f"(SELECT {warm} FROM {LeadEvent._meta.db_table} AS event WHERE {_AT.format('warmed_v')})"
    return (
        f"COALESCE({inquiry}, '{word}') = '{word}' AND ({minutes} IS NULL OR {_is_number('begun', 'sla_minutes')})"
        f" AND (aimed.warmed_v IS NULL OR {warmed})"
    )


def _shape(fact: str, key: str) -> str:
    """The type of what a fact's data say under a key; NULL where they say nothing."""
    if connection.vendor == "postgresql":
        return f"jsonb_typeof({fact}.data -> '{key}')"
    return f"json_type({fact}.data, '$.{key}')"


def _is_number(fact: str, key: str) -> str:
    """Whether it is a whole number from 0 to 9,999,999, written without ado."""
    if connection.vendor == "postgresql":
        text = f"{fact}.data ->> '{key}'"
        return f"({_shape(fact, key)} = 'number' AND {text} ~ '^[0-9]+$' AND length({text}) < 8)"
    return f"({_shape(fact, key)} = 'integer' AND {fact}.data ->> '{key}' BETWEEN 0 AND 9999999)"


# --- the columns ----------------------------------------------------------------------------------------------------

_AT = "event.lead_id = lead.id AND event.version = aimed.{}"
_SINCE = "SELECT {what} FROM {{log}} AS event WHERE event.lead_id = lead.id AND event.version > {since} AND {by_us}"


def _columns() -> dict[str, str]:
    """Each cached column in the words of ``lifecycle.fold``; ``{log}`` stands for the table."""
    begun = "COALESCE(aimed.begun_v, 0)"
    in_time = "(begun.occurred_at IS NULL OR {}.occurred_at >= begun.occurred_at)"
    tries = _SINCE.format(what="count(*)", since="aimed.restarted_v", by_us=_BY_US)
    first = _SINCE.format(what="min(event.occurred_at)", since=begun, by_us=_BY_US) + f" AND {in_time.format('event')}"
    all_count = f"aimed.tried_v > {begun} AND (begun.occurred_at IS NULL OR aimed.tried_at >= begun.occurred_at)"
    warm = f"SELECT event.data ->> 'to' FROM {{log}} AS event WHERE {_AT.format('warmed_v')}"
    says = f"told.kind = '{Kind.DEAL_COLLAPSED}' THEN '{Provenance.FELL_BACK_COMMITTED}' WHEN"
    says += f" told.kind = '{Kind.CONTRACT_VOIDED}' THEN '{Provenance.FELL_BACK_CONTRACT}' WHEN"
    says += f" told.kind = '{Kind.LEAD_RE_ENGAGED}' THEN '{Provenance.RE_ENGAGED}' WHEN"
    says += f" told.kind = '{Kind.MOTIVATION_CONFIRMED}' THEN '{Provenance.FRESH}' ELSE '{Provenance.IMPORTED}' END"
    is_told = "told.to_status IS NULL OR told.to_status = 'NEW' THEN"
    return {
        "status": "COALESCE(moved.to_status, '')",
        "version": "aimed.head_v",
        "head_hash": "head.hash",
        "agent_id": "held.to_agent_id",
        **{flag.value: _flag(flag.value) for flag in Flag},
        "created_at": "born.occurred_at",
        "inquiry_source": "COALESCE(born.data ->> 'inquiry', '')",
        "inquired_at": "begun.occurred_at",
        "first_contact_due_at": _due(),
        "first_contact_at": f"CASE WHEN aimed.tried_v IS NULL OR ({all_count}) THEN aimed.tried_at ELSE ({first}) END",
        "sla_breached": f"COALESCE(aimed.late_v > {begun}, FALSE)",
        "stage_entered_at": "moved.occurred_at",
        "provenance": f"CASE WHEN {is_told} '' WHEN {says}",
        "provenance_reason": f"CASE WHEN {is_told} '' ELSE told.reason END",
        "provenance_at": f"CASE WHEN {is_told} NULL ELSE told.occurred_at END",
        "times_qualified": "aimed.qualified",
        "temperature": f"CASE WHEN aimed.warmed_v IS NULL THEN '' ELSE COALESCE(({warm}), '') END",
        "last_contact_at": "aimed.contact_at",
        "last_reply_at": "aimed.reply_at",
        "attempts": "CASE WHEN aimed.tried_v IS NULL OR aimed.restarted_v IS NULL OR aimed.tried_v > aimed.restarted_v"
        f" THEN aimed.tries ELSE ({tries}) END",
        "document_missing": "COALESCE(aimed.missed_v > COALESCE(aimed.found_v, 0), FALSE)",
        "last_occurred_at": "tracked.occurred_at",
        "last_recorded_at": "head.recorded_at",
        "erased_at": "aimed.erased_at",
        "rules_version": str(RULES_VERSION),
    }


def _flag(flag: str) -> str:
    """Whether the newest fact about a flag set it. Flags are rare: only leads that have any are looked at."""
    newest = (
        "SELECT event.kind = 'flag_set' FROM {log} AS event WHERE event.lead_id = lead.id AND NOT (event.flag = '')"
        f" AND event.flag = '{flag}' AND event.kind IN ('flag_set', 'flag_cleared') AND event.to_status = ''"
        " ORDER BY event.version DESC LIMIT 1"
    )
    return f"CASE WHEN aimed.flagged_v IS NULL THEN FALSE ELSE COALESCE(({newest}), FALSE) END"


def _due() -> str:
    """When the first contact is due: so many minutes after the clock began, to the microsecond; 0 is no clock."""
    number, minutes = _is_number("begun", "sla_minutes"), "(begun.data ->> 'sla_minutes')"
    if connection.vendor == "postgresql":
        due = f"begun.occurred_at + NULLIF(CAST({minutes} AS integer), 0) * interval '1 minute'"
    else:
        # SQLite reckons in thousandths at best: whole minutes are added, and the fraction stays as it is written.
        second = "substr(begun.occurred_at, 1, 19)"
        whole = f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {second}, '+' || NULLIF({minutes}, 0) || ' minutes')"
        due = f"{whole} || substr(begun.occurred_at, 20)"
    return f"CASE WHEN {number} THEN {due} END"
