#!/usr/bin/env bash
# Makes .venv from requirements.lock with Python 3.10; does nothing when it is already so.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
NEEDED_MB=5000
wanted=$(sha256sum requirements.lock .python-version | sha256sum | cut -d' ' -f1)
[ -f .venv/.lock ] && [ "$(cat .venv/.lock)" = "$wanted" ] && exit 0

fail() { printf '\n%s\n' "$*" >&2; exit 1; }
step() { printf '%s … ' "$1"; started=$SECONDS; }
done_step() { printf '%s s\n' "$((SECONDS - started))"; }

free_mb=$(df -Pm . | awk 'NR==2 {print $4}')
if [ ! -d .venv ] && [ "$free_mb" -lt "$NEEDED_MB" ]; then
  fail "Not enough disk space: the environment needs about $NEEDED_MB MB, $free_mb MB are free."
fi

find_uv() {
  if command -v uv >/dev/null; then command -v uv; return; fi
  [ -x .uv/bin/uv ] && { echo .uv/bin/uv; return; }
  for python in python3 python; do
    command -v "$python" >/dev/null || continue
    "$python" -m venv .uv >/dev/null 2>&1 && .uv/bin/pip install -q --disable-pip-version-check "uv==$UV_VERSION" >&2 &&
      { echo .uv/bin/uv; return; }
  done
  return 1
}

step "Looking for uv (installs the Python packages)"
uv=$(find_uv) || fail "Neither uv nor a Python 3 with the venv module was found. Install one of them: 'apt install python3-venv', or uv from your package manager."
done_step

step "Python $(cat .python-version)"
"$uv" venv -q --clear --python "$(cat .python-version)" .venv ||
  fail "Python $(cat .python-version) was not found and could not be fetched. Install it (pyenv, your package manager, or 'uv python install 3.10') and try again."
done_step

step "Python packages (about 3 GB on disk)"
"$uv" pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock ||
  fail "The Python packages could not be installed; the lines above say why (network, disk space, or a package index that lacks a file)."
done_step
echo "$wanted" > .venv/.lock
