"""Leads whose story is told by hand: the ones worth opening. Days count back from the end.

``Dana Ortiz`` is the timeline of the README.
"""

from collections.abc import Callable

from ..office import Calendar
from ..storyline import Storyline
from .bens_three import arjun, kayla, luis
from .odd_turns import gary, helen, naomi, tomasz
from .still_open import amara, kenji, kenji_again, lupe, olga, ruth_again, stefan, teresa
from .told_to_the_end import dana, marcus, ruth, wei

Story = Callable[[Storyline, Calendar], None]

STORIES: tuple[tuple[str, str, str, str, str, Story], ...] = (
    ("dana", "Dana", "Ortiz", "3-bed in Alameda, pre-approved to $940k", "QUALIFIED", dana),
    ("marcus", "Marcus", "Bell", "2-bed with a porch, San Leandro, $700k", "ARCHIVED", marcus),
    ("wei", "Wei", "Zhang", "4-bed in Fremont, one bedroom downstairs, $1.62M", "CLOSED", wei),
    ("ruth", "Ruth", "Feldman", "2-bed with a view, Oakland, up to $1.05M", "CLOSED", ruth),
    ("naomi", "Naomi", "Rosenthal", "Duplex in Richmond Annex, lives in one half", "CLOSED", naomi),
    ("gary", "Gary", "Whitcomb", "Wanted the value of the house next door", "ARCHIVED", gary),
    ("tomasz", "Tomasz", "Kowalczyk", "3-bed in El Cerrito, dark bedrooms, $1.04M", "IN_CONTRACT", tomasz),
    ("helen", "Eleni", "Papadakis", "One level near BART, cash to $760k", "QUALIFIED", helen),
    ("amara", "Amara", "Nwosu", "2-bed in Dimond or Laurel, first purchase, $655k", "QUALIFIED", amara),
    ("stefan", "Stefan", "Lindgren", "3-bed in Castro Valley, $880k, has a spreadsheet", "COMMITTED", stefan),
    ("teresa", "Teresa", "Fonseca", "3-bed in Pinole with a good roof, $745k", "COMMITTED", teresa),
    ("kenji", "Kenji", "Watanabe", "3-bed in Fremont, room for two cellos, $1.3M", "QUALIFIED", kenji),
    ("kenji-again", "Kenji", "Watanabe", "Asked about 300 Starling Way", "TRASHED", kenji_again),
    ("ruth-again", "R.", "Feldman", "Bus lines on Piedmont Avenue", "TRASHED", ruth_again),
    ("olga", "Olga", "Petrenko", "2-bed in Maxwell Park, kitchen for a deck oven, $610k", "QUALIFIED", olga),
    ("lupe", "Guadalupe", "Villanueva", "2-bed in Estudillo Estates", "NEW", lupe),
    ("luis", "Luis", "Carrillo", "3-bed in Hayward with his brother, two vans", "QUALIFIED", luis),
    ("kayla", "Kayla", "Mayfield", "3-bed with a view in San Leandro", "QUALIFIED", kayla),
    ("arjun", "Arjun", "Kulkarni", "1-bed condo near Grand Lake, $520k", "QUALIFIED", arjun),
)
