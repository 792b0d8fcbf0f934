"""Every address of the pages, in one place."""

from django.urls import path

from .pages.at import lead_at
from .pages.board import board_changes, board_column, board_page
from .pages.call import lead_call
from .pages.density import save_density
from .pages.help import help_index, help_page
from .pages.lead import lead_assign, lead_contact, lead_edit, lead_flags, lead_new, lead_note, lead_page, search
from .pages.me import own_settings
from .pages.move import lead_move
from .pages.undo import lead_undo

urlpatterns = [
    path("", board_page, name="board"),
    path("board/changes", board_changes, name="board-changes"),
    path("board/column/<str:state>/", board_column, name="board-column"),
    path("me/density/", save_density, name="density"),
    path("leads/new/", lead_new, name="lead-new"),
    path("leads/<int:pk>/", lead_page, name="lead"),
    path("leads/<int:pk>/at/", lead_at, name="lead-at"),
    path("leads/<int:pk>/move/", lead_move, name="lead-move"),
    path("leads/<int:pk>/call/", lead_call, name="lead-call"),
    path("leads/<int:pk>/undo/", lead_undo, name="lead-undo"),
    path("leads/<int:pk>/contact/", lead_contact, name="lead-contact"),
    path("leads/<int:pk>/assign/", lead_assign, name="lead-assign"),
    path("leads/<int:pk>/flags/", lead_flags, name="lead-flags"),
    path("leads/<int:pk>/note/", lead_note, name="lead-note"),
    path("leads/<int:pk>/edit/", lead_edit, name="lead-edit"),
    path("search/", search, name="search"),
    path("me/", own_settings, name="me"),
    path("help/", help_index, name="help"),
    path("help/<slug:name>/", help_page, name="help-page"),
]
