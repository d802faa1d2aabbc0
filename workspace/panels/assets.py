"""What the page loads besides trame's own files: our client and the theme."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent

serve = {
    "commissure_client": str(_HERE.parent / "client" / "dist"),
    "panels": str(_HERE / "static"),
}
scripts = ["commissure_client/commissure_client.umd.js"]
styles = ["panels/theme.css", "commissure_client/commissure_client.css", "panels/touch.css"]
vue_use = ["commissure_client"]
