# Everything a newcomer needs: each target first sets up what it uses.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Compiled files are kept whatever the environment says: without them both workers of `check` compile every test anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check format generated test-editors vsix clean

# Run the main job: the real server on the real model, in the terminal.
demo: $(INSTALLED)
	@$(BIN)/lsp-writer demo

# All tests, the end-to-end ones on the real default model included.
test: $(INSTALLED)
	$(BIN)/python -m model_export default
	$(BIN)/python -m pytest -m "not editor"

# What every commit must pass: format, lint, types, layers, and the tests that need no model.
check: $(INSTALLED)
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo >$(VENV)/layers.txt || (cat $(VENV)/layers.txt; exit 1)
	$(BIN)/python -m pytest -m "not model and not editor and not process and not slow" --hypothesis-profile quick \
		--numprocesses 2 --quiet

# The real Neovim and the real VS Code, on the real default model.
test-editors: $(INSTALLED)
	$(BIN)/python -m model_export default
	PYTHON=$(PYTHON) tests/editors/install.sh
	$(BIN)/python -m pytest -m editor tests/editors

format: $(INSTALLED)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	[ ! -d .editors/stylua ] || .editors/bin/node tests/editors/stylua.mjs --write $$(find editors/neovim -name '*.lua')

# Files made from the definitions of settings, models and rewrites; a test fails when they are stale.
generated: $(INSTALLED)
	$(BIN)/python -m lsp_writer.settings_schema --write
	$(BIN)/python -m model_export.models_document --write
	$(BIN)/python -m lsp_writer.features.revision.document --write

# The VS Code extension, as editors/vscode/lsp-writer.vsix. It carries the server.
vsix: $(INSTALLED)
	cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error && PYTHON=$(abspath $(BIN))/python npm run --silent package

clean:
	rm -rf $(VENV) .editors editors/vscode/node_modules editors/vscode/dist editors/vscode/server editors/vscode/*.vsix

# PIP_OPTIONS goes to pip, for instance an index with PyTorch's smaller CPU-only build.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else \
	"Python 3.11, 3.12 or 3.13 is needed, and this is %d.%d. Try: make PYTHON=python3.12" % v)'
	@echo "Installing into $(VENV), the first time some gigabytes: this takes a few minutes …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet $(PIP_OPTIONS) -c constraints.txt -e '.[export,dev]'
	@touch $@
