"""The office at whose doors people stand: everybody of it, and one of each thing that an address can name."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from django.utils.http import int_to_base36
from fido2 import webauthn
from fido2.cose import ES256
from fido2.utils import websafe_encode

from leads.imports.receiving import receive
from leads.imports.tasks import work
from leads.models import Departure, Import, ImportedRow, Lead, Phase, SavedMapping, Trace, User, What
from leads.models.imports import Outcome
from leads.pages.reassign_batch import work_on
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import Batch, Checkpoint, LeadEvent, OfficeSettings, ReasonCode
from lifecycle.service import bulk
from lifecycle.service.bulk import Wish
from lifecycle.states import State
from tests.doors.door import Door, session_of
from tests.factories import LeadFactory, UserFactory, ada, advance, ana, ben, bruna, newest, otto
from tests.import_drafts import draft

_FILE = b"Lead ID,Name,Email,Stage\n1,Dana Whitfield,dana@example.com,New\n2,Jo Park,jo@example.com,New\n"


def sue() -> User:
    """The superuser."""
    return UserFactory.create(
        username="sue", display_name="Sue Sanders", role="admin", is_superuser=True, email="sue@office.example"
    )


@dataclass
class Office:
    """People by the names in docs/permissions.md, their sessions, and what is theirs. ``own``: a lead of each.

    ``unproven`` are sessions in which nobody has said for long who it is; ``passkey`` is Ben's, ``leaving`` is Leo.
    """

    people: dict[str, User]
    sessions: dict[str, str]
    unproven: dict[str, str]
    held: Lead
    pool: Lead
    own: dict[str, Lead]
    batch: Batch
    draft: Import
    thrown_away: Import
    done: Import
    row: ImportedRow
    mapping: SavedMapping
    task: Any
    settings: OfficeSettings
    passkey: Authenticator
    leaving: Departure
    trace: Trace
    checkpoint: int
    reset: tuple[str, str] = field(default=("", ""))

    def fact(self, lead: Lead, kind: Kind | None = None) -> UUID:
        """The uuid of the newest fact of a lead, or of its newest of this kind."""
        uuid: UUID = newest(lead, kind).uuid
        return uuid


def open_office() -> Office:
    """Builds all of it."""
    gone = otto()
    User.objects.filter(pk=gone.pk).update(is_active=True)
    gone.refresh_from_db()
    people = {
        "nobody": User(),
        "Otto": gone,
        "Ana": ana(),
        "Ben": ben(),
        "Bruna": bruna(),
        "Ada": ada(),
        "Sue": sue(),
    }
    sessions = {name: session_of(person) if person.pk else "" for name, person in people.items()}
    unproven = {name: session_of(person, proven=False) if person.pk else "" for name, person in people.items()}
    # His session outlives his account: that is the case.
    User.objects.filter(pk=gone.pk).update(is_active=False)
    held = worked("Hetty Held", people["Ana"])
    pool = worked("Polly Pool", None)
    own = {name: LeadFactory.create(agent=people[name], name=f"Own of {name}") for name in ("Ana", "Ben", "Bruna")}
    office = Office(
        people=people,
        sessions=sessions,
        unproven=unproven,
        held=held,
        pool=pool,
        own=own,
        batch=_handed_over(people["Ana"], LeadFactory.create(agent=people["Ana"], name="Hal Handed"), people["Ben"]),
        draft=_prepared(people["Bruna"], sessions["Bruna"]),
        # Its file does not come back when its row does.
        thrown_away=draft(actor=people["Bruna"]),
        settings=OfficeSettings.objects.get_or_create(pk=OfficeSettings.ONLY)[0],
        task=work.enqueue(str(uuid4())),
        mapping=SavedMapping.objects.create(name="Zoho", actor=people["Bruna"], saved_at=timezone.now()),
        passkey=_passkey(people["Ben"]),
        leaving=_leaving(people["Bruna"]),
        trace=Trace.objects.create(
            at=timezone.now(), who=people["Bruna"], who_name="Bruna Barros", what=What.PACKET.value, page="lead-packet"
        ),
        checkpoint=_checkpoint(),
        **_imported(people["Bruna"], own["Ben"]),
    )
    office.reset = (int_to_base36(people["Ana"].pk), default_token_generator.make_token(people["Ana"]))
    return office


def worked(name: str, agent: User | None) -> Lead:
    """A lead in Qualified that was assigned once, with a flag, whose last move its holder (or Bruna) just made."""
    lead: Lead = LeadFactory.create(name=name, begun=timezone.now() - timedelta(days=3))
    by = agent or bruna()
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE.value}
    service.assign_lead(**common, to_agent=by, reason="workload_balance")
    if agent is None:
        service.assign_lead(**common, to_agent=None, reason="returned_to_pool")
    service.set_flag(**common, flag="unsubscribed", reason="unsubscribe_link")
    advance(lead, State.CONTACTING, actor=by)
    advance(lead, State.QUALIFIED, actor=by)
    return lead


def _prepared(actor: User, session: str) -> Import:
    """An import all of whose steps are answered, with the guesses where that is enough."""
    made = receive(ContentFile(_FILE, name="leads.csv"), actor=actor, now=timezone.now(), source="zoho")
    Door(session).ask("POST", f"/import/{made.pk}/file/", {"source": "zoho", "step": "guess"})
    made.refresh_from_db()
    return made


def _handed_over(actor: User, lead: Lead, to: User) -> Batch:
    begun = bulk.begin(uuid=uuid4(), actor=actor, wishes=[Wish(lead.pk, lead.version, to.pk)], reason="pto_or_leave")
    return work_on(begun, actor)


def _leaving(actor: User) -> Departure:
    """Leo goes and holds nothing; his account is still to be closed."""
    leo = UserFactory.create(username="leo", display_name="Leo Lund")
    said = {"person": leo, "actor": actor, "actor_name": actor.display_name, "takers": [None]}
    return Departure.objects.create(began_at=timezone.now(), **said)


def _passkey(user: User) -> Authenticator:
    """One of this person, who also has codes for when it is lost and has looked at them."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = webauthn.AttestedCredentialData.create(webauthn.Aaguid.NONE, b"a passkey of his", key)
    flags = webauthn.AuthenticatorData.FLAG.UP | webauthn.AuthenticatorData.FLAG.AT
    made = webauthn.AttestationObject.create("none", webauthn.AuthenticatorData.create(b"r" * 32, flags, 0, held), {})
    asked = webauthn.CollectedClientData.create("webauthn.create", b"c" * 16, "http://testserver")
    pk = websafe_encode(held.credential_id)
    said = {"clientDataJSON": asked.b64, "attestationObject": websafe_encode(made)}
    credential = {"id": pk, "rawId": pk, "type": "public-key", "response": said, "clientExtensionResults": {}}
    RecoveryCodes.activate(user).mark_as_viewed()
    found: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Ben's phone", "credential": credential}
    )
    return found


def _checkpoint() -> int:
    call_command("checkpoint", stdout=StringIO())
    return Checkpoint.objects.latest("number").number


def _imported(actor: User, lead: Lead) -> dict[str, Any]:
    done = draft(actor=actor, phase=Phase.DONE, source="zoho", rows=1, rows_done=1, counts={"refused": 1})
    row = ImportedRow.objects.create(
        of=done, line=2, outcome=Outcome.REFUSED, lead=None, sentence="No name.", cells=["", "x@example.com"]
    )
    ImportedRow.objects.create(of=done, line=3, outcome=Outcome.KNOWN, lead=lead)
    return {"done": done, "row": row}


def a_reason() -> ReasonCode:
    return ReasonCode.objects.get(code="cold_feet")


def a_fact(office: Office) -> LeadEvent:
    return newest(office.own["Ben"])
