"""`GET /mail`: the letters, for people; each as a mailbox would show it."""

from html import escape
from string import Template

from upbeat_sandbox.call import Reply, as_html, as_text
from upbeat_sandbox.consent import STYLE, template
from upbeat_sandbox.mail.letters import Letter, PostOffice

_MAIL: Template = template("mail.html")
_MOST = 200


def answer(office: PostOffice, path: str) -> Reply:
    """The list at `/mail`, one letter at `/mail/<number>`."""
    number = path.removeprefix("/mail").strip("/")
    if not number:
        return _page(
            "Mail", "Every letter the sandbox's mail server has taken, the newest first.", _list(office)
        )
    letter = next((one for one in office.letters if str(one.number) == number), None)
    return as_text("There is no such letter.", 404) if letter is None else _shown(letter)


def _list(office: PostOffice) -> str:
    rows = "".join(
        f'<li><a href="/mail/{one.number}">{escape(str(one.read["Subject"] or "(no subject)"))}</a>'
        f"<span>{escape(one.to)} · {one.at:%H:%M:%S}</span></li>"
        for one in office.letters[-_MOST:][::-1]
    )
    return f'<ol class="tracks">{rows}</ol>' if rows else '<p class="empty">No letter yet.</p>'


def _shown(letter: Letter) -> Reply:
    html = letter.text("html")
    if html:
        # Its links open in the whole window; nothing in it runs.
        frame = escape(f'<base target="_top">{html}', quote=True)
        body = f'<iframe class="letter" sandbox="allow-top-navigation-by-user-activation" srcdoc="{frame}"></iframe>'
    else:
        body = f"<pre>{escape(letter.text())}</pre>"
    return _page(str(letter.read["Subject"] or ""), f"To {letter.to}, {letter.at:%H:%M:%S}", body)


def _page(title: str, line: str, body: str) -> Reply:
    return as_html(_MAIL.substitute(style=STYLE, title=escape(title), line=escape(line), body=body))
