"""What the first page looks like: it opens rooms by itself, its script finds and deletes them."""

import html
from dataclasses import dataclass
from typing import Final

from sessions.plan.records import Member, Role
from workspace.panels.words import TAGS, key, spoken_now, t
from workspace.server.access import member_path
from workspace.server.case_routes import DELETE, OPEN, UNDO
from workspace.server.cases import Case
from workspace.server.language import language_menu

STATES: Final = {
    "draft": key("Draft"),
    "in_review": key("In review"),
    "approved": key("Approved"),
    "superseded": key("Superseded"),
    "stale": key("Stale"),
}

ROLES: Final = {
    Role.OWNER: key("Owner"),
    Role.SURGEON: key("Surgeon"),
    Role.RADIOLOGIST: key("Radiologist"),
    Role.TRAINEE: key("Trainee"),
    Role.OBSERVER: key("Observer"),
    Role.PATIENT: key("Patient"),
}

MOST_SHOWN: Final = 5
"""Members of a room; the others are counted."""

_HEAD_SVG: Final = (
    '<svg viewBox="0 0 64 48" aria-hidden="true"><path d="M21 40c-7-3-11-9-11-16 0-9 8-16 18-16'
    "s18 7 18 15c0 3 1 4 3 7 1 2 0 3-2 3h-2v4c0 2-1 3-3 3h-6M22 22c4-5 12-5 16 0M24 29c3-3 8-3 11 "
    '0"/></svg>'
)
"""Stands where there is no picture yet."""

_BIN_SVG: Final = (
    '<svg viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5"/></svg>'
)

_PAGE: Final = """<!doctype html>
<html lang="{lang}" data-import-api="{base}/import/api"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="{static}panels/favicon.svg"><title>{title} · Commissure</title>
<link rel="stylesheet" href="{static}commissure_client/commissure_home.css">
<script type="module" src="{static}commissure_client/commissure_home.js"></script>
</head><body class="ch">
<a class="ch-skip" href="#cases">{skip}</a>
<header class="ci-top"><span class="ci-brand">Comm<i>i</i>ssure</span>{who}</header>
<main id="cases" tabindex="-1"><div class="ch-head"><h1>{title}</h1>{find}</div>
<p class="ci-hidden" role="status" id="shown"></p>{cases}</main>
{sending}
<footer class="ci-foot"><b>{not_diagnostic}</b>
<span>{not_simulated}</span>{languages}</footer>
<dialog id="ask" aria-labelledby="ask-title"><form method="dialog"><h2 id="ask-title"></h2>
<p>{ask}</p><div class="ci-row"><button class="ci-btn" value="keep" autofocus>{keep}</button>
<button class="ci-btn ch-bad" value="delete">{delete}</button></div></form></dialog>
<div id="toasts" role="status" aria-live="polite"></div>
<form id="act" data-delete="{base}{delete_path}" data-undo="{base}{undo_path}">{form_field}</form>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the page is for."""

    name: str
    """Of an account that is signed in."""
    base: str
    """What every path begins with."""
    static: str
    form_field: str
    may_send: bool
    """The server takes images in; whether this browser may send some, its script asks."""
    may_sign_in: bool


def home_html(cases: tuple[Case, ...], reader: Reader) -> str:
    """Return the whole page."""
    return _PAGE.format(
        lang=TAGS[spoken_now()],
        base=reader.base,
        static=reader.static,
        title=t("Your rooms"),
        skip=t("Skip to the rooms"),
        who=_who(reader),
        find=_find() if cases else "",
        cases=_list(cases, reader) if cases else _empty(reader),
        sending=_sending() if reader.may_send else "",
        not_diagnostic=t("Not for diagnostic use"),
        not_simulated=t("No tissue mechanics, bleeding or flow is simulated"),
        languages=language_menu(),
        ask=t(
            "Everybody who is in it is shown out. You can undo this for 30 seconds; after that, "
            "whoever runs the server can bring the room back until it is purged."
        ),
        keep=t("Keep it"),
        delete=t("Delete"),
        delete_path=DELETE,
        undo_path=UNDO,
        form_field=reader.form_field,
    )


def _who(reader: Reader) -> str:
    if reader.may_sign_in:
        return f'<a class="ci-btn ch-out" href="{reader.base}/sign-in">{t("Sign in")}</a>'
    if not reader.name:
        return ""
    name = t("Signed in as {name}").format(name=f"<b>{html.escape(reader.name)}</b>")
    return (
        f'<span class="ch-me">{name}</span><form class="ch-out" method="post">{reader.form_field}'
        f'<button class="ci-btn" formaction="{reader.base}/sign-out">{t("Sign out")}</button>'
        f'<button class="ci-btn" formaction="{reader.base}/sign-out/everywhere">'
        f"{t('Sign out everywhere')}</button></form>"
    )


def _find() -> str:
    return (
        f'<div class="ch-find" hidden><label class="ci-hidden" for="search">{t("Search")}</label>'
        f'<input id="search" type="search" placeholder="{t("Search")}" autocomplete="off" '
        'aria-keyshortcuts="/">'
        f'<label for="sort">{t("Sort by")}</label><select id="sort">'
        f'<option value="opened">{t("Last opened")}</option>'
        f'<option value="changed">{t("Last changed")}</option>'
        f'<option value="title">{t("Title")}</option></select></div>'
    )


def _list(cases: tuple[Case, ...], reader: Reader) -> str:
    rows = "".join(_card(case, reader) for case in cases)
    none = t("No room matches. Search for a title, a modality, a date or a member.")
    return f'<ul class="ch-cases">{rows}</ul><p class="ch-none" id="none" hidden>{none}</p>'


def _empty(reader: Reader) -> str:
    text = (
        t("Drop a CT or MR study on this page to make the first one, or open an invitation link.")
        if not reader.name
        else t("Open an invitation link while you are signed in, and its room stands here.")
    )
    return f'<div class="ch-empty">{_HEAD_SVG}<h2>{t("No rooms yet")}</h2><p>{text}</p></div>'


def _card(case: Case, reader: Reader) -> str:
    title = html.escape(case.title)
    facts = " · ".join(html.escape(it) for it in (case.modality, case.acquired_on) if it)
    words = [case.title, case.modality, case.acquired_on, t(STATES[case.state])]
    search = " ".join([*words, *(it.name for it in case.colleagues)]).lower()
    inside = (
        f'<span class="ch-thumb">{_HEAD_SVG}{_picture(case, reader)}</span>'
        f'<span class="ch-title">{title}</span>'
        f'<span class="ch-facts">{facts or t("No images yet")}</span>'
    )
    return (
        f'<li class="ch-case" data-room="{case.room_id}" data-title="{title}" '
        f'data-opened="{case.opened_at}" data-changed="{case.changed_at}" '
        f'data-search="{html.escape(search)}">{_way_in(case, reader, inside)}'
        f'<div class="ch-row"><span class="ch-state {case.state}">{t(STATES[case.state])}</span>'
        f"{_as_whom(case)}</div>"
        f'<div class="ch-row">{_colleagues(case.colleagues)}{_when(case)}{_bin(case, title)}</div>'
        "</li>"
    )


def _way_in(case: Case, reader: Reader, inside: str) -> str:
    """Return what opens the room: a link for a member; whoever runs the server becomes one."""
    if case.member is not None:
        path = reader.base + member_path(case.room_id, case.member.member_id)
        return f'<a class="ch-open" href="{path}">{inside}</a>'
    return (
        f'<form method="post" action="{reader.base}{OPEN}">{reader.form_field}'
        f'<button class="ch-open" name="room" value="{case.room_id}">{inside}</button></form>'
    )


def _picture(case: Case, reader: Reader) -> str:
    if case.member is None:
        return ""
    path = reader.base + member_path(case.room_id, case.member.member_id)
    return f'<img src="{path}thumbnail.jpg" alt="" loading="lazy" width="320" height="200">'


def _as_whom(case: Case) -> str:
    if case.member is None:
        return f'<span class="ci-mu">{t("Not joined yet")}</span>'
    return f'<span class="ci-mu">{t(ROLES[case.member.role])}</span>'


def _colleagues(members: tuple[Member, ...]) -> str:
    shown = "".join(
        f'<i class="ch-av" style="background:{it.colour}" title="{html.escape(it.name)}">'
        f"{html.escape(_initials(it.name))}</i>"
        for it in members[:MOST_SHOWN]
    )
    more = len(members) - MOST_SHOWN
    rest = f'<i class="ch-av ch-more">+{more}</i>' if more > 0 else ""
    names = html.escape(", ".join(it.name for it in members))
    label = t("Members: {names}").format(names=names)
    return f'<span class="ch-avs" role="img" aria-label="{label}">{shown}{rest}</span>'


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper() or "?"


def _when(case: Case) -> str:
    if case.opened_at:
        words = t("Opened {date}").format(date=case.opened_at[:10])
    elif case.changed_at:
        words = t("Changed {date}").format(date=case.changed_at[:10])
    else:
        words = t("New")
    return f'<span class="ch-when">{words}</span>'


def _bin(case: Case, title: str) -> str:
    if not case.may_be_deleted:
        return ""
    label = t("Delete {title}").format(title=title)
    asked = t("Delete “{title}”?").format(title=title)
    return (
        f'<button class="ch-bin" type="button" data-ask="{asked}" hidden '
        f'aria-label="{label}" title="{label}">{_BIN_SVG}</button>'
    )


def _sending() -> str:
    hint = t("To bring in images, open an import link. Whoever runs this server gives them out.")
    return (
        f'<aside class="ch-send" aria-label="{t("Bring in images")}"><div id="import" hidden></div>'
        f'<p class="ci-mu" id="no-import" hidden>{hint}</p></aside>'
    )
