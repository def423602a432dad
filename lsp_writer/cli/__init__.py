"""The command line: the features without an editor, the demonstration, and the doctor."""
