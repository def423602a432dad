"""The writer's settings as they are for one manuscript: its own front matter comes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import msgspec

from lsp_writer.prose.front_matter import Switches
from lsp_writer.settings import CritiqueName, CritiqueSettings, Settings

_CRITIQUES: dict[str, CritiqueName] = {name: name for name in get_args(CritiqueName)}


def settings_for(settings: Settings, switches: Switches) -> Settings:
    """`settings` with what `switches` say in place of the writer's general word."""
    replace = msgspec.structs.replace
    if switches.ghost_text is not None:
        settings = replace(settings, ghost_text=replace(settings.ghost_text, mode=switches.ghost_text))
    if switches.menu is not None:
        settings = replace(settings, menu=replace(settings.menu, enabled=switches.menu))
    return replace(settings, critique=critique_for(settings.critique, switches))


def critique_for(settings: CritiqueSettings, switches: Switches) -> CritiqueSettings:
    """`settings` as they are for one manuscript."""
    off, also = _kinds(switches.critique_off), _kinds(switches.critique_also)
    return msgspec.structs.replace(
        settings,
        enabled=settings.enabled if switches.critique is None else switches.critique,
        disabled=(*(kind for kind in settings.disabled if kind not in also), *off),
        also=(*settings.also, *also),
    )


def _kinds(names: Iterable[str]) -> tuple[CritiqueName, ...]:
    """Those of `names` that are kinds: the others are slips of the pen, and front matter is often half typed."""
    return tuple(_CRITIQUES[name] for name in names if name in _CRITIQUES)
