"""Reading PDF dictionaries whose entries may be missing or indirect."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic


def entry(dictionary: object, key: str) -> Any:
    """The dereferenced value of `key`, or None when it is absent, null, or no dictionary holds it.

    `dict.get` of the library gives the bare reference, which is never what a reader wants.
    """
    if not isinstance(dictionary, generic.DictionaryObject) or key not in dictionary:
        return None
    try:
        return dictionary[key]
    except KeyError:
        # A reference to null counts as absent, here as for every reader.
        return None


def entries(dictionary: object, key: str) -> list[Any]:
    """The items of an array entry as written (references stay references); empty when absent."""
    value = entry(dictionary, key)
    return list(value) if isinstance(value, generic.ArrayObject) else []
