"""The ways a reminder goes: each is the `service` of a pre-save, a delivery and a queue, as a streaming service is."""

EMAIL, PUSH = "email", "push"
CHANNELS = {EMAIL: "E-mail", PUSH: "Notification"}
"""Their names, as people write them."""

SAVE, REMIND = "save", "remind"
MAIN = (SAVE, REMIND)
"""The main actions. A fan has one of them for each pre-save, and the headline counts fans by it (PRODUCT §4)."""


def is_channel(service: str) -> bool:
    """Whether this is a way a reminder goes, and no streaming service."""
    return service in CHANNELS


def main_action(service: str) -> str:
    """What a fan's pre-save is first of all about: on a streaming service the save, on a channel the reminder."""
    return REMIND if service in CHANNELS else SAVE
