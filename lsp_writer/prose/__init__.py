"""Text only: spans, lines, Markdown, sentences, dialogue, the passage. Knows neither models nor LSP."""
