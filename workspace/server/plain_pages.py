"""Pages without script: joining, not signed in, not found."""

from typing import Final

from aiohttp import web

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
p{margin:0 0 14px;color:#b9c4d4}
label{display:block;margin:18px 0 6px;font-weight:600}
input{width:100%;font:inherit;color:inherit;background:#0b0e13;border:1px solid #3a475a;
border-radius:10px;padding:10px 12px}
button{width:100%;margin:14px 0 6px;padding:11px;font:inherit;font-weight:650;cursor:pointer;
color:#1a1200;background:#ffb020;border:0;border-radius:10px}
button:hover{background:#ffc04d}
:focus-visible{outline:2px solid #ffb020;outline-offset:2px}
.bad{color:#ff8f8f}
.small{font-size:12.5px;color:#93a0b4;margin:10px 0 0}
"""


def plain_page(body: str, status: int = 200) -> web.Response:
    """Return a small page around `body`, whose values have been escaped by the caller."""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="/static/panels/favicon.svg"><title>Commissure</title>'
        f"<style>{_STYLE}</style></head><body><main>"
        f'<div class="brand">Comm<i>i</i>ssure</div>{body}</main></body></html>'
    )
    return web.Response(text=text, status=status, content_type="text/html")
