"""The command line: `python -m model_export`."""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # Until a command is there to say so in one line, Ctrl+C ends it without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import typer

from model_export.commands import app as installed_models
from model_export.making import app as making

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(making)
app.add_typer(installed_models)


@app.callback()
def _about() -> None:
    """Make the model folders that lsp-writer runs."""


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app(prog_name="python -m model_export")
