"""The names in a text."""

from __future__ import annotations

import pytest

from lsp_writer.prose.names import names_in


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "She gave the key to Ines on Thursday, in March.", "Ines Thursday March"),
        ("en", "Rose went out. The boy called after Rose, and Pell’s dog barked.", "Rose Pell"),
        # At the beginning of a sentence any word has a capital.
        ("en", "Rose went out. Downstairs a door shut. “Yes,” she said. “Don’t. Her coat is wet.”", ""),
        ("en", "Lidia laughed. “Tomas’s girl,” he said.", "Lidia Tomas"),
        ("en", "“Go,” said Mr. Hale. “Dr. Reed is in.” It was I. NEVER, I thought.", "Hale Reed"),
        ("en", "*Seal on the slip.* Most of it was *Ines walked* and *The Sea*. (They slept.) Then rain.", "Ines Sea"),
        ("en", "He met Anne-Marie and O’Brien; Jo, too.", "Anne-Marie O’Brien Jo"),
        ("en", "The clock struck.\nOne of them ran,\nThe other stayed.", ""),
        ("fr", "Camille regarda Élodie. L’ami d’Anne vint de Paris.", "Camille Élodie Anne Paris"),
        ("fr", "Aujourd’hui il pleut. Du pain, peut-être.", ""),
        ("fr", "« Oui », dit M. Dupont à Pierre. Peut-être. Où ?", "Dupont Pierre"),
        ("es", "Inés salió. Tomás vino con Pablo de Madrid.", "Inés Pablo Madrid"),
        ("es", "Dámelo. —Antes no —dijo la Sra. Ruiz.", "Ruiz"),
        ("de", "Greta nahm die Lampe. Der Hund bellte vor dem Leuchtturm, und Ines’ Boot lag am Steg.", "Greta Ines"),
        ("de", "„Geh“, sagte Rose. Herr Weber schwieg. Die Rose stand im Glas.", "Rose Weber"),
        ("de", "Gretas Mantel lag da. Greta lachte.", "Greta"),
        ("zh", "刘备字玄德。He met Tom.", ""),
        ("", "She met Tom.", ""),
        ("en", "", ""),
    ],
)  # fmt: skip
def test_names(language: str, text: str, names: str) -> None:
    assert names_in(text, language) == frozenset(names.split())
