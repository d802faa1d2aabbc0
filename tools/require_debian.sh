#!/usr/bin/env bash
# Install the Debian packages that a set-up step needs, or say which ones are missing.
# Usage: require_debian.sh python|browser
set -euo pipefail

missing=()
case "${1:-}" in
  python)
    python="${PYTHON:-python3}"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
    ;;
  browser)
    command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
    # the node inside playwright's wheel is linked against it
    compgen -G '/usr/lib/*/libatomic.so.1*' >/dev/null || missing+=(libatomic1)
    ;;
  *)
    echo "usage: require_debian.sh python|browser" >&2
    exit 2
    ;;
esac
[ "${#missing[@]}" -gt 0 ] || exit 0

run=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run=(sudo)
  else
    echo "commissure: Debian packages are missing and this user may not install them." >&2
    echo "commissure: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi
if ! command -v apt-get >/dev/null; then
  echo "commissure: this is no Debian system; install by its own means: ${missing[*]}" >&2
  exit 1
fi
echo "Installing Debian packages: ${missing[*]} ..." >&2
"${run[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
