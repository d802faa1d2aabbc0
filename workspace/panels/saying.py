"""Sentences with values in them, for templates: words of one language, values of the state."""

import json
import re
from collections.abc import Mapping
from typing import Final

_VALUE: Final = re.compile(r"\{(\w+)\}")
"""Where a value goes into a sentence."""


def telling(text: str, **values: str) -> str:
    """Return the expression of a sentence, for an attribute.

    Parameters
    ----------
    text : str
        In the language that is laid out, with ``{name}`` where a value goes.
    **values : str
        Name -> expression.

    Examples
    --------
    >>> telling("Hide {name}", name="row.name")
    "'Hide ' + (row.name)"
    """
    parts = _VALUE.split(text)
    words, names = parts[::2], parts[1::2]
    found = [_quoted(words[0])] if words[0] else []
    for name, after in zip(names, words[1:], strict=True):
        found.append("(" + values[name] + ")")
        if after:
            found.append(_quoted(after))
    return " + ".join(found if words[0] else ["''", *found])


def shown(text: str, **values: str) -> str:
    """Return a sentence as the text of an element.

    Examples
    --------
    >>> shown("Resolved by {name}", name="row.resolved_by")
    'Resolved by {{ row.resolved_by }}'
    """
    return _VALUE.sub(lambda found: "{{ " + values[found[1]] + " }}", text)


def word_for(words: Mapping[str, str], value: str) -> str:
    """Return the expression of the word for a value, or of the value where there is none.

    Examples
    --------
    >>> word_for({"A": "Twin A"}, "row.owner")
    "(({'A': 'Twin A'})[row.owner] ?? row.owner)"
    """
    table = ", ".join(_quoted(key) + ": " + _quoted(word) for key, word in words.items())
    return "(({" + table + "})[" + value + "] ?? " + value + ")"


def _quoted(text: str) -> str:
    """Return a text as JavaScript writes it, fit for an attribute in double quotes."""
    inner = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', "\\u0022")
    return "'" + inner.replace("'", "\\u0027") + "'"
