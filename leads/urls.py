"""Every address of the pages, in one place."""

from django.urls import include, path

from .pages.at import lead_at
from .pages.board import board_changes, board_column, board_hints, board_page
from .pages.call import lead_call
from .pages.changes import changes_page
from .pages.consent import consent, consent_csv, consent_letter, lead_consent
from .pages.corrections import lead_correct, lead_void
from .pages.custody import agent_custody, custody, lead_custody
from .pages.density import save_density
from .pages.erase import lead_erase
from .pages.handed import handed_page
from .pages.help import help_index, help_page
from .pages.integrity import checkpoint_file, integrity, lead_proof
from .pages.lead import lead_assign, lead_contact, lead_edit, lead_flags, lead_new, lead_note, lead_page, search
from .pages.leave import departure, let_go
from .pages.me import own_settings
from .pages.move import lead_move
from .pages.packet import batch_packets, lead_packet
from .pages.reassign import reassign
from .pages.reassign_batch import reassign_batch
from .pages.sessions import own_sessions
from .pages.undo import lead_undo

urlpatterns = [
    path("", board_page, name="board"),
    path("board/changes", board_changes, name="board-changes"),
    path("board/hints/", board_hints, name="board-hints"),
    path("board/column/<str:state>/", board_column, name="board-column"),
    path("me/density/", save_density, name="density"),
    path("handed/", handed_page, name="handed"),
    path("leads/new/", lead_new, name="lead-new"),
    path("leads/<int:pk>/", lead_page, name="lead"),
    path("leads/<int:pk>/at/", lead_at, name="lead-at"),
    path("leads/<int:pk>/move/", lead_move, name="lead-move"),
    path("leads/<int:pk>/call/", lead_call, name="lead-call"),
    path("leads/<int:pk>/undo/", lead_undo, name="lead-undo"),
    path("leads/<int:pk>/void/<uuid:event>/", lead_void, name="lead-void"),
    path("leads/<int:pk>/correct/<uuid:event>/", lead_correct, name="lead-correct"),
    path("leads/<int:pk>/contact/", lead_contact, name="lead-contact"),
    path("leads/<int:pk>/assign/", lead_assign, name="lead-assign"),
    path("leads/<int:pk>/flags/", lead_flags, name="lead-flags"),
    path("leads/<int:pk>/note/", lead_note, name="lead-note"),
    path("leads/<int:pk>/erase/", lead_erase, name="lead-erase"),
    path("leads/<int:pk>/edit/", lead_edit, name="lead-edit"),
    path("reassign/", reassign, name="reassign"),
    path("reassign/<uuid:uuid>/", reassign_batch, name="reassign-batch"),
    path("reassign/<uuid:uuid>/packets/", batch_packets, name="reassign-packets"),
    path("changes/", changes_page, name="changes"),
    path("leads/<int:pk>/consent/", lead_consent, name="lead-consent"),
    path("leads/<int:pk>/consent/letter/", consent_letter, name="lead-consent-letter"),
    path("leads/<int:pk>/consent/ledger.csv", consent_csv, name="lead-consent-csv"),
    path("consent/", consent, name="consent"),
    path("leads/<int:pk>/custody/", lead_custody, name="lead-custody"),
    path("leads/<int:pk>/packet/", lead_packet, name="lead-packet"),
    path("leads/<int:pk>/proof/", lead_proof, name="lead-proof"),
    path("custody/", custody, name="custody"),
    path("custody/<int:agent>/", agent_custody, name="agent-custody"),
    path("integrity/", integrity, name="integrity"),
    path("integrity/checkpoints/<int:number>/", checkpoint_file, name="checkpoint"),
    path("people/<int:agent>/leave/", let_go, name="let-go"),
    path("people/<int:agent>/leave/<uuid:uuid>/", departure, name="departure"),
    path("search/", search, name="search"),
    path("reports/", include("leads.report_urls")),
    path("import/", include("leads.import_urls")),
    path("me/", own_settings, name="me"),
    path("me/sessions/", own_sessions, name="own-sessions"),
    path("help/", help_index, name="help"),
    path("help/<slug:name>/", help_page, name="help-page"),
]
