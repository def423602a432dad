"""What is no run of bare speeches, for every rule that looks for one."""

from __future__ import annotations

from collections.abc import Sequence


def told(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def not_bare(speeches: Sequence[str]) -> list[str]:
    """Manuscripts in which `speeches`, which are just enough for a finding, are none."""
    half = len(speeches) // 2
    return [
        told(*speeches[:-1]),
        # Something is done, and another scene begins.
        told(*speeches[:half], "“Yes.” He put the lamp on the sill.", *speeches[half:]),
        told(*speeches[:half], "The lamp went out.", *speeches[half:]),
        told(*speeches[:half], "***", *speeches[half:]),
        # A long speech holds the floor.
        told(*speeches[:half], "“" + "It was a long way from there to the sea. " * 6 + "”", *speeches[half:]),
        # One questions the other.
        told(*("“And what did you see?”", "“I saw a different thing then.”") * half),
        # A play, a chat log, a letter, a poem that is quoted.
        told(*(f"MARTEN. {speech[1:-1]}" for speech in speeches)),
        told(*(f"<{name}> {speech[1:-1]}" for speech in speeches for name in ("ann", "bo"))),
        told(*(speech.replace("”", "") for speech in speeches[:-1]), speeches[-1]),
        told(*(f"“‘{speech[1:-1]}’”" for speech in speeches)),
        # A dash does not tell the tag from the speech.
        told(*(f"— {speech[1:-1]}" for speech in speeches)),
    ]
