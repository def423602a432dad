"""How much of the text before the caret the model reads: what this device can read again while the writer waits."""

from __future__ import annotations

from lsp_writer.generation import TextModel
from lsp_writer.prose.passage import Window

#: For a processor as quick as most.
USUAL = Window()
# A graphics card reads a page in the time that a processor takes for a paragraph.
_FAR = Window(most=4800, least=2400)
_NEAR = Window(most=800, least=400)

# In tokens a second. A window of the usual size is read in two seconds at the first, and a near one in one: that is the
# longest that ghost text may be late where the writer comes to a new place. Between the two nothing changes.
_SLOW, _QUICK = 200, 300


def window_for(model: TextModel, now: Window) -> Window:
    """The window for `model` on its device, at the speed at which it has been reading; `now` is the one in use."""
    capabilities, speed = model.status.capabilities, model.work.reading_speed
    if capabilities is not None and capabilities.device == "cuda":
        return _FAR
    if 0 < speed < _SLOW:
        return _NEAR
    return USUAL if speed > _QUICK else now
