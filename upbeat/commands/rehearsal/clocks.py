"""The clocks of the rehearsal: the installation's, the services', and what of the engine lives by the wall's."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from upbeat import clock
from upbeat.commands.rehearsal.control import Control
from upbeat.web import sandbox_clock

_LIMITER = "UPDATE delivery_limiter SET paused_until = paused_until - %s, tat = tat - %s"


class Clocks:
    """Moves them all together, so that everybody agrees on how much time has passed."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.skipped = timedelta()
        """How much time has been jumped over since `set_to`."""

    @staticmethod
    def now() -> datetime:
        return clock.now()

    def set_to(self, moment: datetime) -> None:
        clock.move(moment - clock.now())
        self._control.move_to(clock.now())

    def jump(self, by: timedelta) -> None:
        """Let so much time pass at once. The services' clock goes first: nobody is to ask them before their time."""
        if by <= timedelta():
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LIMITER, [by.total_seconds(), by.total_seconds()])
        sandbox_clock.move(by)
        self.skipped += by

    def jump_to(self, moment: datetime) -> None:
        self.jump(moment - clock.now())
