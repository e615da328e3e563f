"""Where tasks register, so that neither the tasks nor the app need to import each other."""

from procrastinate import Blueprint

tasks = Blueprint()
"""`@tasks.task(name=…, retry=UntilDone(…))` on a function in a `tasks` module of any installed app."""
