"""The rehearsal itself, in a process that knows nothing of the real installation. `troupe` starts it.

In: one line of JSON, {"script", "server"}; then the pipe stays open, and its end ends the rehearsal. Out: lines of
JSON, {"told", "at"} while it goes on, {"result"} or {"problem"} in the end.
"""

import json
import os
import signal
import sys
import threading
from datetime import datetime


def main() -> int:
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "upbeat.settings"
    from upbeat.commands.demonstration.stage import Stage, StageError
    from upbeat.commands.rehearsal.house import NAME, database, port
    from upbeat.commands.rehearsal.script import Script

    signal.signal(signal.SIGTERM, _end)
    script = Script.from_json(order["script"])
    try:
        with database(order["server"]) as url, Stage(port=port(), name=NAME, database=url) as stage:
            from upbeat.commands.demonstration.props import django_ready

            django_ready()
            from upbeat.commands.rehearsal.performance import perform

            _say(result=perform(script, stage, _tell))
    except StageError as problem:
        _say(problem=str(problem))
        return 2
    return 0


def _tell(line: str, at: datetime | None = None) -> None:
    _say(told=line, at=at.isoformat() if at is not None else "")


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def _end(*_: object) -> None:
    raise SystemExit(143)


def _end_with_parent() -> None:
    """The other end of the pipe is gone: so is whoever wanted this."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
