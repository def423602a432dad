"""`lsp-writer report`: a folder in, a page out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import check_refused, run


@pytest.fixture
def novel(tmp_path: Path) -> Path:
    folder = tmp_path / "novel"
    folder.mkdir()
    for number in (1, 2, 10):
        text = f"# Night {number}\n\n“Where is he?” asked Mara. Nobody knew. Then Mara wept.\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path / "empty"))


@pytest.mark.slow
def test_a_folder_gets_its_report(novel: Path) -> None:
    status, output, _ = run("report", novel, "--no-model")
    assert (status, output) == (0, f"{novel / 'report.html'}\n")
    page = (novel / "report.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">novel</h1>' in page
    assert page.index("chapter 2, “Night 2”") < page.index("chapter 3, “Night 10”")
    assert run("report", novel, "--no-model")[0] == 0, "the next one takes its place"


@pytest.mark.slow
def test_a_file_gets_its_report_where_the_writer_wants_it(novel: Path, tmp_path: Path) -> None:
    status, output, _ = run("report", novel / "1.md", "--no-model", "--out", tmp_path / "there.html")
    assert (status, output) == (0, f"{tmp_path / 'there.html'}\n")
    assert not (novel / "report.html").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("no_model")
def test_without_a_model_the_rest_is_made(novel: Path) -> None:
    (novel / "3.md").write_text("The boat lay at the wall, and nobody was aboard. " * 150, encoding="utf-8")
    assert run("report", novel)[0] == 0
    assert "There was no language model to ask" in (novel / "report.html").read_text(encoding="utf-8")


def test_there_is_no_prose(tmp_path: Path) -> None:
    check_refused("no file that ends in", "report", tmp_path)
    check_refused("no file or folder", "report", tmp_path / "nowhere")
    (tmp_path / "empty.md").write_text("# Chapter 1\n", encoding="utf-8")
    check_refused("no prose", "report", tmp_path, "--no-model")


@pytest.mark.slow
def test_a_file_that_is_not_utf_8_is_named(novel: Path) -> None:
    """“notes.txt is not UTF-8 text”, and no report on the other chapters."""
    (novel / "<notes>.txt").write_bytes("Café".encode("latin-1"))
    status, output, error = run("report", novel, "--no-model")
    assert (status, output) == (0, f"{novel / 'report.html'}\n")
    assert f"Left out: {novel / '<notes>.txt'} is not UTF-8 text." in error
    page = (novel / "report.html").read_text(encoding="utf-8")
    assert "Left out, because it cannot be read as UTF-8 text: &lt;notes&gt;.txt" in page
    assert "3 chapters" in page


@pytest.mark.slow
def test_a_manuscript_is_not_written_over(novel: Path) -> None:
    check_refused("is no report", "report", novel, "--no-model", "--out", novel / "2.md")
    assert (novel / "2.md").read_text(encoding="utf-8").startswith("# Night 2")


def test_the_library_for_plots_is_not_there(novel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lsp_writer.features.report.charts.find_spec", lambda _: None)
    check_refused("pip install 'lsp-writer[report]'", "report", novel)
