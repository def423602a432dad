"""What is known of a manuscript while it is being read."""

from __future__ import annotations

import msgspec

from lsp_writer.features.critiques.finding import Finding

#: What an editor shows, in code points to either side of the place where the writer is.
SHOWN = 3_000


class Known(msgspec.Struct, frozen=True):
    """What has been found so far. Spans are offsets into the manuscript."""

    #: By the quick rules over single paragraphs.
    quick: tuple[Finding, ...] = ()
    #: By the rules that take long, and by those that compare paragraphs.
    others: tuple[Finding, ...] = ()
    #: Nothing is left to be read.
    complete: bool = False
