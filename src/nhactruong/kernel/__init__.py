"""Pure Python under everything: words, errors, time, text. Imports no framework."""
