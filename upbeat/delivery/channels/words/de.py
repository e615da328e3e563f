"""Die Worte der Briefe auf Deutsch. Gleiche Schlüssel wie in `en`."""

WEEKDAYS: tuple[str, ...] = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS: tuple[str, ...] = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
WHEN = "{weekday}, {day}. {month}, {time} Uhr ({place})"
KINDS = {"album": "Das Album", "ep": "Die EP", "single": "Die Single"}

WORDS = {
    "confirm_subject": "Bestätige deine Erinnerung: {title}",
    "confirm_head": "Eine Nachricht, sobald es da ist",
    "confirm_text": "Jemand hat uns gebeten, diese Adresse an {title} von {artist} zu erinnern: ab {when}.",
    "confirm_do": "Warst du das, dann bestätige es. Wir schicken eine Nachricht, wenn es da ist, und löschen danach "
    "die Adresse.",
    "confirm_button": "Erinnern",
    "confirm_not_you": "Warst du es nicht, dann tu nichts: Es kommt nichts, und die Adresse wird nach {days} Tagen "
    "gelöscht. Oder sag es uns gleich: {stop}",
    "again_subject": "{service} fragt dich noch einmal: {title}",
    "again_head": "{service} fragt dich noch einmal",
    "again_text": "Du hast {title} von {artist} vorgemerkt: ab {when}. Deine Erlaubnis dafür auf {service} ist "
    "abgelaufen oder läuft bis dahin ab.",
    "again_text_out": "{title} von {artist} ist da. Du hast es vorgemerkt, und deine Erlaubnis dafür auf {service} ist "
    "abgelaufen.",
    "again_do": "Erlaube es noch einmal, dann geht es weiter, wie du es gewählt hast. Sonst ist nichts zu tun.",
    "again_button": "Noch einmal erlauben",
    "again_why": "In diesem Brief geht es um deine Vormerkung; er kommt nur einmal. Willst du sie nicht mehr, dann tu "
    "nichts.",
    "out_subject": "Jetzt da: {title} von {artist}",
    "out_head": "{title} ist da",
    "out_text": "{kind} von {artist} ist erschienen. Du wolltest, dass wir dir Bescheid geben.",
    "open_on": "Auf {service} öffnen",
    "open_page": "Anhören",
    "all_services": "Auf allen anderen Diensten: {page}",
    "out_why": "Du hast diese eine Nachricht bestellt und bestätigt. Deine Adresse haben wir jetzt gelöscht; sonst "
    "kommt nichts.",
    "out_receipt": "Dein Beleg: {receipt}",
}
