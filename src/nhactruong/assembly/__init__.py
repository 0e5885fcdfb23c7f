"""Composition root: the only place that knows every app and plugs them together."""
