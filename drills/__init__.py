"""Bad nights, played on this machine: real processes, a real database, the sandbox as the judge.

    .venv/bin/python -m drills                     # all of them, on both stores
    .venv/bin/python -m drills kill-9 --store sqlite --fans 2000

What counts is the sandbox's library, never our own rows. docs/reference/drills.md has the figures of a whole run.
"""
