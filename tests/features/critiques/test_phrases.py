import pytest

from lsp_writer.features.critiques.phrases import phrases


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("(very) old as HIS hills", "Old as the moor’s hills.", ["Old as the moor’s hills"]),
        ("(very) old as HIS hills", "It was very old as\nhis hills.", ["very old as\nhis hills"]),
        ("old as (the) hills", "old as hills, old as the hills", ["old as hills", "old as the hills"]),
        ("dance* with HIM", "Danced with Ruth, dancing with her.", ["Danced with Ruth", "dancing with her"]),
        (
            "stop* there",
            "He stopped there, stops there, was stopping there.",
            ["stopped there", "stops there", "stopping there"],
        ),
        ("duck's back", "The duck’s back, the duck's back.", ["duck’s back", "duck's back"]),
        ("full of ^THINGS", "It was full of wet coats, and full of tar.", ["full of"]),
        ("HE laugh* loud", "The bell laughed loud, and stop.", []),
    ],
)
def test_forms_of_a_phrase(line: str, text: str, found: list[str]) -> None:
    assert [match[0] for match in phrases([line]).found_in(text)] == found
