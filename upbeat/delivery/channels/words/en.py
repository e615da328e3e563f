"""The letters' words in English."""

WEEKDAYS: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: tuple[str, ...] = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WHEN = "{weekday} {day} {month} at {time} ({place})"
KINDS = {"album": "album", "ep": "EP", "single": "single"}

WORDS = {
    "confirm_subject": "Confirm your reminder: {title}",
    "confirm_head": "One message, the minute it’s out",
    "confirm_text": "Somebody asked us to remind this address of {title} by {artist}, out {when}.",
    "confirm_do": "If that was you, confirm it. We send one message when it is out, then delete the address.",
    "confirm_button": "Remind me",
    "confirm_not_you": "If it was not you, do nothing: nothing is sent, and the address is deleted in {days} days. "
    "Or tell us at once: {stop}",
    "again_subject": "{service} asks you again: {title}",
    "again_head": "{service} asks you again",
    "again_text": "You pre-saved {title} by {artist}, out {when}. The permission you gave for it on {service} has "
    "ended, or will have by then.",
    "again_text_out": "{title} by {artist} is out. You pre-saved it, and the permission you gave for it on {service} "
    "has ended.",
    "again_do": "Allow it once more, and it goes on as you chose. There is nothing else to do.",
    "again_button": "Allow once more",
    "again_why": "This letter is about your pre-save and comes once. If you would rather leave it, do nothing.",
    "out_subject": "Out now: {title} by {artist}",
    "out_head": "{title} is out",
    "out_text": "The {kind} by {artist} is out. You asked us to tell you.",
    "open_on": "Open on {service}",
    "open_page": "Listen",
    "all_services": "On every other service: {page}",
    "out_why": "You asked for this one message and confirmed it. We have now deleted your address; nothing else comes.",
    "out_receipt": "Your receipt: {receipt}",
}
