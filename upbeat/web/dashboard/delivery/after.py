"""After the night: why some could not, what was done, and what reading back has shown."""

from dataclasses import dataclass

from upbeat.campaigns.models import Release
from upbeat.campaigns.setup import KINDS
from upbeat.core.channels import is_channel
from upbeat.core.hosts import label_of
from upbeat.core.sample import statement
from upbeat.web.dashboard import words
from upbeat.web.dashboard.delivery import night_words
from upbeat.web.dashboard.delivery.night import Night, labels


@dataclass(frozen=True, slots=True)
class Verified:
    """What was read back, what it showed, and what that says of everybody."""

    read: str
    showed: str
    proves: str


def done(night: Night) -> list[tuple[str, str]]:
    """What was done, and how often."""
    every, kind = night.found.all, KINDS.get(night.campaign.release.kind, "Release")
    follows = [name for name in night.services if night.found.services[name].follows.delivered]
    reminded = sum(night.found.services[name].fans.delivered for name in night.services if is_channel(name))
    made = [(f"{kind}s put in libraries", every.fans.delivered - reminded)] if night.savers else []
    if reminded:
        made.append(("Reminders sent", reminded))
    if every.playlists.total:
        made.append(("Playlists added to", every.playlists.delivered))
    made += [
        (f"Follows on {label_of(name)}", night.found.services[name].follows.delivered) for name in follows
    ]
    return [(what, words.in_figures(number)) for what, number in made]


def verified(night: Night) -> Verified | None:
    """None until something has been read back."""
    read = {name: one for name in night.services if (one := night.batches.get(name)) and one.sample_read}
    if not read:
        return None
    number = sum(one.sample_read for one in read.values())
    good = sum(one.sample_good for one in read.values())
    ended = [one.sampled_at for one in read.values() if one.sampled_at]
    until = f" by {night_words.clock(night, max(ended))}" if ended else ""
    libraries = f"{words.in_figures(number)} {'library' if number == 1 else 'libraries'}"
    were = "was" if number == 1 else "were"
    kind = "release" if night.campaign.release.kind == Release.EP else night.campaign.release.kind
    holds = "holds" if good == 1 else "hold"
    return Verified(
        f"{libraries} on {labels(list(read))} {were} read back{until}.",
        f"{words.in_figures(good)} of {words.in_figures(number)} {holds} the {kind}.",
        _proves(night),
    )


def canary(night: Night) -> tuple[str, str] | None:
    """`Canary passed at 00:00:09.` and what that means; None while one is still out."""
    passed = {name: one for name in night.savers if (one := night.batches.get(name)) and one.canary_passed_at}
    if not passed or any(name not in passed for name in night.savers if _serves(night, name)):
        return None
    at = max(one.canary_passed_at for one in passed.values() if one.canary_passed_at)
    read, good = (sum(getattr(one, f"canary_{of}") for one in passed.values()) for of in ("read", "good"))
    if not read:
        return f"Canary passed at {night_words.clock(night, at)}.", "The first fans on each service have it."
    told = "all hold the right release" if good == read else f"{good} hold the right release"
    number = words.fans(read)
    were = "was" if read == 1 else "were"
    return (
        f"Canary passed at {night_words.clock(night, at)}.",
        f"The first {number} {were} read back: {told}.",
    )


def _serves(night: Night, service: str) -> bool:
    return bool(night.found.services[service].fans.total)


def _proves(night: Night) -> str:
    """By service: what the sample says of all, at 95 % confidence."""
    told = []
    for name in night.services:
        one = night.batches.get(name)
        if one is None or not one.sample_read:
            continue
        share = statement(night.found.services[name].fans.delivered, one.sample_read, one.sample_good)
        told.append(f"at least {int(1000 * share) / 10:.1f} % of those served on {label_of(name)} have it")
    return f"That proves, with 95 % confidence: {', '.join(told)}." if told else ""
