"""The streaming services, played over HTTP, for demos, rehearsals and tests.

`python -m upbeat_sandbox --port N` starts it. Spotify and Deezer answer under one prefix for each host they stand in
for, with a catalogue of invented music, a clock that can be moved, faults that can be ordered and a record of every
call. It shares nothing with `upbeat` but HTTP. README.md describes what it plays and the control API.
"""
