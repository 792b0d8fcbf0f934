"""One person's figures for a talk of two: what went well, the deals that fell through and why, the work of today.

``asking`` knows whose they are and where each number leads, ``counted`` counts two windows and the team, ``deals``
tells the deals one by one, ``mix`` why they fell, ``load`` what the person holds, ``hands`` what changed hands;
``page`` puts them together.
"""
