"""How much worse the default model is than the weights it was made of, on a text.

The measure is perplexity in stretches of 512 tokens, read as the server reads (several tokens at a time) and as it
writes (one at a time).

The source is read by transformers in 32-bit floats, so this needs what an export needs.
"""

from __future__ import annotations

import sys

from rich.console import Console
from tokenizers import Tokenizer

from benchmarks.corpus import prose
from benchmarks.report import arguments, finish
from lsp_writer.folders import cache_folder
from lsp_writer.inference.manifest import default_model_folder, load_manifest
from lsp_writer.inference.onnx_model import OnnxModel
from model_export import verify
from model_export.loaded import load
from model_export.progress import Steps
from model_export.wheel import locate_default

_TOKENS, _QUICK = 8192, 1024


def main() -> None:
    given = arguments(__doc__)
    folder = default_model_folder()
    manifest = load_manifest(folder)
    token_ids = Tokenizer.from_file(str(folder / manifest.tokenizer)).encode(prose(given.corpus)).ids
    stretches = verify.windows(token_ids[: _QUICK if given.quick else _TOKENS])
    with Steps(Console(file=sys.stderr)) as steps:
        source = load(locate_default(cache_folder()).fetch(steps))
        model = OnnxModel(folder, manifest.graph)
        total = sum(map(len, stretches))
        with steps.step("Measuring the source", total) as advance:
            reference = verify.reference_answers(source.logits, stretches, advance)
        with steps.step("Measuring the model, several tokens at a time", total) as advance:
            prefill = verify.served_answers(model, stretches, verify.PREFILL_CHUNK, advance)
        with steps.step("Measuring the model, one token at a time", total) as advance:
            decode = verify.served_answers(model, stretches, 1, advance)
    for name, answers in (("several tokens at a time", prefill), ("one at a time", decode)):
        print(
            f"{name}: perplexity {answers.perplexity:.2f} ({answers.perplexity / reference.perplexity - 1:+.2%}), the "
            f"same first choice on {answers.agreement(reference):.1%}"
        )
    finish(
        {
            "tokens": len(reference.top_ids),
            "reference_perplexity": round(reference.perplexity, 3),
            "prefill_perplexity": round(prefill.perplexity, 3),
            "decode_perplexity": round(decode.perplexity, 3),
            "prefill_agreement": round(prefill.agreement(reference), 4),
            "decode_agreement": round(decode.agreement(reference), 4),
        }
    )


if __name__ == "__main__":
    main()
