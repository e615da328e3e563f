"""`upbeat rehearse`: a campaign's release day in the sandbox, with synthetic fans, in a throw-away store.

`reading` makes a `Script` of the real campaign and is the last to see the real installation. `troupe` starts
`python -m upbeat.commands.rehearsal` with nothing in its environment but where Python is; that process sets the stage
(`house`, `seeding`), lets the night pass (`night`, `clocks`, `bad_luck`), compares (`truth`) and counts (`figures`).
What it tells comes back line by line, and `telling` shows it.
"""
