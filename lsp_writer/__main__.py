"""`lsp-writer`, and `python -m lsp_writer`: serve an editor, or one of the commands."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Without arguments, as editors call it, nothing is imported that serving does not need."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--stdio"]
    if not arguments:
        from lsp_writer.composition import installed_models, make_model
        from lsp_writer.serve import serve

        sys.exit(serve(make_model, {}, list_models=installed_models))
    from lsp_writer.cli.app import app

    app(arguments, prog_name="lsp-writer")


if __name__ == "__main__":
    main()
