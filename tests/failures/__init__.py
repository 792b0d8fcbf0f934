"""What breaks in earnest, broken on purpose: processes killed, a database gone, a full disk, a wrong clock, bad rows.

    python -m tests.failures --long [--engine postgresql] [--only killed,crashed] [--out docs/reliability.json]

Each module but the helpers (``place``, ``cluster``, ``office``, ``writer``, ``people``, …) is one failure; its short
version is a test in ``test_*.py``. Everything happens on databases of our own in a temporary folder, everything
that is killed is a process that was started here, and nothing listens but on the loopback or a socket in that folder.
"""
