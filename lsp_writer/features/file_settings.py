"""The writer's settings as they are for one manuscript: its own front matter comes first."""

from __future__ import annotations

import msgspec

from lsp_writer.prose.front_matter import Switches
from lsp_writer.settings import Settings


def settings_for(settings: Settings, switches: Switches) -> Settings:
    """`settings` with what `switches` say in place of the writer's general word."""
    replace = msgspec.structs.replace
    if switches.ghost_text is not None:
        settings = replace(settings, ghost_text=replace(settings.ghost_text, mode=switches.ghost_text))
    if switches.menu is not None:
        settings = replace(settings, menu=replace(settings.menu, enabled=switches.menu))
    return settings
