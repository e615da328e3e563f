"""What is wrong with a form or a way back, in the page's language: what the pages' own words do not say."""

_SENTENCES = {
    "en": {
        "name_missing": "Give the playlist a name.",
        "name_long": "Use 100 letters at the most.",
        "playlist_missing": "Choose one of your playlists.",
        "playlist_gone": "This playlist is not there any more. Choose another one.",
        "email_wrong": "This is not an e-mail address. It looks like you@example.com.",
        "asked_often": "Too many reminders were asked for from here. Try again in an hour.",
        "astray": "This permission was not asked for in this browser, or long ago. Nothing was changed.",
        "astray_page": "Nothing was changed: this permission was not asked for in this browser. "
        "Go back to the page and try again.",
    },
    "de": {
        "name_missing": "Gib der Playlist einen Namen.",
        "name_long": "Höchstens 100 Zeichen.",
        "playlist_missing": "Wähle eine deiner Playlists.",
        "playlist_gone": "Diese Playlist gibt es nicht mehr. Wähle eine andere.",
        "email_wrong": "Das ist keine E-Mail-Adresse. Sie sieht so aus: du@example.com.",
        "asked_often": "Von hier aus wurden zu viele Erinnerungen bestellt. Versuch es in einer Stunde noch einmal.",
        "astray": "Diese Erlaubnis wurde nicht in diesem Browser erbeten, oder vor langer Zeit. "
        "Es wurde nichts geändert.",
        "astray_page": "Es wurde nichts geändert: Diese Erlaubnis wurde nicht in diesem Browser erbeten. "
        "Geh zurück zur Seite und versuch es noch einmal.",
    },
}


def mistake(language: str, key: str) -> str:
    """The sentence; English where a language has none. No key, no sentence."""
    return _SENTENCES.get(language, _SENTENCES["en"])[key] if key else ""
