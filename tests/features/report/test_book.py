from tests.features.report.books import book


def check_chapters(expected: list[tuple[str, str, int, int]], *texts: str) -> None:
    """Label, name, and the words from which and up to which it goes."""
    found = book(*texts)
    assert [(part.label, part.name, part.start, part.end) for part in found.chapters] == expected
    assert found.words == expected[-1][-1]


def test_headings_open_chapters() -> None:
    check_chapters(
        [("1", "Chapter I", 0, 3), ("2", "chapter 2, “The Storm”", 3, 5), ("3", "chapter 3", 5, 6)],
        "# Chapter I\n\nHe sat down.\n\n# The Storm\n\nIt came.\n\n# 3\n\nNothing.\n",
    )


def test_a_heading_over_all_chapters_is_none_of_them() -> None:
    check_chapters(
        [("1", "chapter 1, “Out”", 0, 2), ("2", "chapter 2, “Back”", 2, 4)],
        "# The Ferry\n\n## Out\n\nThey went.\n\n## Back\n\nThey came.\n",
    )


def test_what_stands_under_a_lower_heading_is_a_scene() -> None:
    text = "# One\n\n## Morning\n\nHe rose.\n\n## Night\n\nHe slept.\n\n# Two\n\nHe rose.\n\n# Three\n\nAgain.\n"
    assert [part.name for part in book(text).scenes] == [
        "chapter 1, “One”, scene 1",
        "chapter 1, “One”, scene 2",
        "chapter 2, “Two”",
        "chapter 3, “Three”",
    ]


def test_what_stands_before_the_first_chapter_has_no_number() -> None:
    check_chapters(
        [
            ("", "the pages before the first chapter", 0, 2),
            ("1", "chapter 1, “Out”", 2, 4),
            ("2", "chapter 2, “In”", 4, 6),
        ],
        "For Mara.\n\n# Out\n\nThey went.\n\n# In\n\nThey came.\n",
    )


def test_a_file_without_a_heading_is_a_chapter() -> None:
    check_chapters([("1", "chapter 1, “file 1”", 0, 2), ("2", "chapter 2, “file 2”", 2, 4)], "They went.", "They came.")


def test_a_chapter_without_prose_is_left_out() -> None:
    check_chapters(
        [("1", "chapter 1, “Out”", 0, 2), ("2", "chapter 2, “Back”", 2, 4)],
        "# Out\n\nThey went.\n\n# Nothing yet\n\n# Back\n\nThey came.\n",
    )


def test_scene_breaks_part_scenes() -> None:
    found = book("They went.\n\n* * *\n\nThey came back.\n")
    assert [(part.name, part.words) for part in found.scenes] == [("scene 1", 2), ("scene 2", 3)]
    assert found.parts == found.scenes


def test_a_single_scene_is_looked_at_in_stretches() -> None:
    found = book("They went.\n\nThey came back.\n")
    assert [(part.name, part.words) for part in found.parts] == [
        ("the stretch from word 1", 2),
        ("the stretch from word 3", 3),
    ]


def test_chapters_of_the_same_title_are_told_by_their_number() -> None:
    check_chapters(
        [("1", "chapter 1, “Chapter I”", 0, 2), ("2", "chapter 2, “Chapter I”", 2, 4)],
        "# Chapter I\n\nThey went.\n",
        "# Chapter I\n\nThey came.\n",
    )
