"""What the model does once an answer is out: it finishes the sentence, and goes on to what will be asked next."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

from lsp_writer.features.calibration import Calibration
from lsp_writer.features.desk import Desk
from lsp_writer.features.drafting import prompt, request, typed_at_end
from lsp_writer.features.stretch import Stretch
from lsp_writer.generation import JobKey, Kind, ModelState, Prefill
from lsp_writer.prose.passage import Passage, Window, passage_after_step
from lsp_writer.settings import Settings


async def finish(
    desk: Desk, stretch: Stretch, settings: Settings, calibration: Calibration, grown: Callable[[str, int], None]
) -> None:
    """Let the model say the rest of `stretch`; `grown` is told the document's uri and version if more of it can be
    shown than was."""
    if stretch.ended is not None:
        return
    seen = stretch.shown
    await desk.rest_of(stretch, settings).until(lambda: False)
    if stretch.judge(calibration) and len(stretch.shown) > len(seen):
        grown(desk.uri, desk.version)


async def foresee(desk: Desk, stretch: Stretch, settings: Settings, calibration: Calibration) -> None:
    """Have an answer ready for when all that is shown of `stretch` has been taken."""
    before = stretch.before + stretch.shown
    if stretch.ended is None or stretch.after[:1].isalnum() or desk.begun_at(before, stretch.after):
        return
    following = Stretch(before, stretch.after)
    wanted = request(
        before,
        stretch.after,
        words=settings.menu.max_items,
        max_new_tokens=settings.ghost_text.max_tokens,
        first_word=following.least_sure(calibration),
    )
    dictation = desk.start(Kind.IDLE, wanted, [following])
    await dictation.until(lambda: not following.judge(calibration) and bool(following.silence))
    dictation.release()
    if following.judge(calibration) or following.silence:
        desk.remember(following)


async def read_ahead(desk: Desk, passage: Passage, window: Window) -> None:
    """Have the model read the beginning that the passage will have after its next step, so that no key pays for it."""
    stepped = passage_after_step(passage, window)
    if stepped is None or desk.model.status.state != ModelState.READY:
        return
    reading = Prefill(prompt=prompt(stepped.text, typed_at_end(stepped.text)))
    async with aclosing(desk.model.stream(JobKey(desk.uri, Kind.IDLE), reading)) as events:
        async for _ in events:
            pass
