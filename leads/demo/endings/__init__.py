"""How the stories end: which kinds of story fill each column of today's board, and how many of each.

A teller tells one story on a ``Storyline`` and returns how many days ago its last step was. Pure.
"""

from .early import (
    Teller,
    contacting_again,
    contacting_now,
    contacting_pool,
    contacting_stale,
    contacting_talking,
    just_in,
)
from .gone import (
    archived_after,
    archived_contacting,
    archived_new,
    archived_no_progress,
    archived_no_response,
    archived_qualified,
    archived_twice,
    trashed_by_scribe,
    trashed_contacting,
    trashed_new,
)
from .late import (
    closed,
    committed,
    in_contract,
    qualified_again,
    qualified_fell_back,
    qualified_fresh,
    qualified_from_contract,
    qualified_long,
    qualified_pool,
)
from .so_far import dormant_and_back, setback_before_contract, setback_from_contract
from .week import back_and_signed, signed_and_back, slipped_and_found, slipped_today

__all__ = ["BOARD", "ENDINGS", "Teller"]

#: Today's board without the leads told by hand (stories.py): the teller and how many of them.
ENDINGS: tuple[tuple[str, int, Teller], ...] = (
    ("NEW", 1, just_in(31)),
    ("NEW", 1, just_in(74, pool=True)),
    ("NEW", 1, just_in(147)),
    ("NEW", 1, just_in(236, pool=True)),
    ("NEW", 1, just_in(561)),
    ("NEW", 1, just_in(1290, pool=True)),
    ("NEW", 1, just_in(2715, of="darnell")),
    ("NEW", 1, just_in(4906, of="darnell")),
    ("NEW", 1, just_in(9383, pool=True)),
    ("NEW", 1, just_in(14820, of="darnell")),
    ("NEW", 1, just_in(26411, of="darnell")),
    ("NEW", 1, just_in(46804, pool=True)),
    ("NEW", 1, just_in(71117, of="darnell")),
    ("NEW", 1, just_in(154903)),
    ("CONTACTING", 13, contacting_now),
    ("CONTACTING", 21, contacting_stale),
    ("CONTACTING", 5, contacting_talking),
    ("CONTACTING", 3, contacting_again),
    ("CONTACTING", 3, contacting_pool),
    ("QUALIFIED", 17, qualified_fresh),
    ("QUALIFIED", 1, signed_and_back("paused_search")),
    ("QUALIFIED", 1, signed_and_back("offer_rejected")),
    ("QUALIFIED", 1, signed_and_back("cold_feet")),
    ("QUALIFIED", 1, slipped_today("COMMITTED")),
    ("QUALIFIED", 1, slipped_today("ARCHIVED")),
    ("QUALIFIED", 1, slipped_and_found),
    ("QUALIFIED", 7, qualified_long),
    ("QUALIFIED", 6, qualified_fell_back),
    ("QUALIFIED", 6, qualified_from_contract),
    ("QUALIFIED", 8, qualified_again),
    ("QUALIFIED", 2, qualified_pool),
    ("COMMITTED", 6, committed()),
    ("COMMITTED", 1, committed(anew=True)),
    ("COMMITTED", 2, back_and_signed),
    ("COMMITTED", 2, committed(document=False)),
    ("COMMITTED", 2, committed(stale=True)),
    ("COMMITTED", 3, committed(setbacks=(setback_before_contract,))),
    ("COMMITTED", 1, committed(setbacks=(setback_from_contract,))),
    ("COMMITTED", 1, committed(opening=dormant_and_back)),
    ("IN_CONTRACT", 10, in_contract()),
    ("IN_CONTRACT", 1, in_contract(redrawn=True)),
    ("IN_CONTRACT", 1, in_contract(stale=True)),
    ("IN_CONTRACT", 3, in_contract(setbacks=(setback_before_contract,))),
    ("IN_CONTRACT", 2, in_contract(setbacks=(setback_from_contract,))),
    ("CLOSED", 37, closed()),
    ("CLOSED", 3, closed(anew=True)),
    ("CLOSED", 2, closed(redrawn=True)),
    ("CLOSED", 11, closed(setbacks=(setback_before_contract,))),
    ("CLOSED", 7, closed(setbacks=(setback_from_contract,))),
    ("CLOSED", 2, closed(setbacks=(setback_before_contract, setback_from_contract))),
    ("CLOSED", 1, closed(setbacks=(setback_before_contract, setback_before_contract))),
    ("CLOSED", 4, closed(opening=dormant_and_back)),
    ("ARCHIVED", 42, archived_no_response),
    ("ARCHIVED", 11, archived_no_progress),
    ("ARCHIVED", 4, archived_new),
    ("ARCHIVED", 36, archived_contacting),
    ("ARCHIVED", 25, archived_qualified),
    ("ARCHIVED", 11, archived_after(setback_before_contract)),
    ("ARCHIVED", 5, archived_after(setback_from_contract)),
    ("ARCHIVED", 4, archived_twice),
    ("TRASHED", 10, trashed_by_scribe),
    ("TRASHED", 8, trashed_new),
    ("TRASHED", 12, trashed_contacting),
)  # fmt: skip

#: How the board looks at the end, the leads told by hand included.
BOARD = {
    "NEW": 15, "CONTACTING": 45, "QUALIFIED": 60, "COMMITTED": 20, "IN_CONTRACT": 18, "CLOSED": 70, "ARCHIVED": 140, "TRASHED": 32,
}  # fmt: skip
