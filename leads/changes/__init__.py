"""What changed on the board between two instants: the weekly meeting's page.

``window`` reads the two instants, ``asked`` the rest of the query string, ``presets`` are the windows that people ask
for; ``tally`` counts and picks, ``lines`` puts what was picked into words.
"""
