"""Pages without script: signing in, joining, rooms, not found."""

import base64
import html
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from workspace.panels.words import TAGS, spoken_now, t
from workspace.server.language import language_menu

_STYLE: Final = """
:root{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:#0b0e13;
color:#e8edf4;font:15px/1.5 Inter,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{width:min(440px,100%);background:#11161d;border:1px solid #263040;border-radius:14px;
padding:28px 32px}
.brand{font-weight:650;letter-spacing:.2px}
.brand i{color:#ffb020;font-style:normal}
h1{font-size:21px;line-height:1.25;margin:18px 0 8px;overflow-wrap:anywhere}
p{overflow-wrap:anywhere;margin:0 0 14px;color:#b9c4d4}
label{display:block;margin:18px 0 6px;font-weight:600}
input{width:100%;font:inherit;color:inherit;background:#0b0e13;border:1px solid #3a475a;
border-radius:10px;padding:10px 12px}
button{width:100%;margin:14px 0 6px;padding:11px;font:inherit;font-weight:650;cursor:pointer;
color:#1a1200;background:#ffb020;border:0;border-radius:10px}
button:hover{background:#ffc04d}
button.quiet,a.button{display:block;width:100%;text-align:center;padding:10px;font-weight:600;
color:#e8edf4;background:none;border:1px solid #3a475a;border-radius:10px;text-decoration:none;
margin:14px 0 6px}
button.quiet:hover,a.button:hover{background:#1a212b}
a{color:#ffb020}
ul{list-style:none;margin:16px 0;padding:0}
li a{display:block;padding:12px 14px;margin:8px 0;border:1px solid #263040;border-radius:10px;
color:#e8edf4;text-decoration:none;overflow-wrap:anywhere}
li a:hover{border-color:#ffb020}
li span{display:block;font-size:12.5px;color:#93a0b4}
.row{display:flex;gap:10px}
.row form{flex:1;display:flex}
.row button.quiet{margin:0}
:focus-visible{outline:2px solid #ffb020;outline-offset:2px}
.bad{color:#ff8f8f}
.languages{display:flex;flex-wrap:wrap;gap:4px 14px;margin:22px 0 0;padding-top:12px;
border-top:1px solid #263040;font-size:12.5px}
.languages a{color:#93a0b4;padding:4px 0;text-decoration:none}
.languages a:hover,.languages a[aria-current]{color:#e8edf4}
.languages a[aria-current]{font-weight:650}
@media (pointer:coarse){.languages a{padding:12px 6px}li a,button,input,a.button{min-height:44px}}
.small{font-size:12.5px;color:#93a0b4;margin:10px 0 0}
"""


_ICON: Final = (
    "data:image/svg+xml;base64,"
    + base64.b64encode(
        (Path(__file__).parents[1] / "panels/static/favicon.svg").read_bytes()
    ).decode()
)
"""Within the page: a page without script does not know where the server's files are."""


def plain_page(body: str, status: int = 200, *, head: str = "") -> web.Response:
    """Return a small page around `body`, whose values have been escaped by the caller.

    One that tells of a failure does not repeat the path that led to it.
    """
    languages = language_menu("/" if status >= HTTPStatus.BAD_REQUEST else "")
    text = (
        f'<!doctype html><html lang="{TAGS[spoken_now()]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="{_ICON}"><title>Commissure</title>{head}'
        f"<style>{_STYLE}</style></head><body><main>"
        f'<div class="brand">Comm<i>i</i>ssure</div>{body}{languages}</main></body></html>'
    )
    return web.Response(text=text, status=status, content_type="text/html")


def alert(sentence: str) -> str:
    """Return what went wrong, as HTML; nothing where nothing did."""
    return f'<p class="bad" role="alert">{html.escape(sentence)}</p>' if sentence else ""


def onward_page(path: str) -> web.Response:
    """Return a page that goes on to a path of ours by itself.

    A visit from another site, and every redirect in it, comes without strict cookies; what this
    page asks for comes with them.
    """
    target = html.escape(path)
    return plain_page(
        f'<h1>{t("One moment")}</h1><p><a href="{target}">{t("Go on")}</a></p>',
        head=f'<meta http-equiv="refresh" content="0;url={target}">',
    )
