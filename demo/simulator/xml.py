"""The XML dialect of the gateway: read what its SDK writes, write what its SDK reads."""

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def now() -> str:
    """Return the present instant as the gateway writes it, to the second, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(body: bytes) -> dict:
    """Return the document as a dictionary, its root element's name as the only key. Raise ValueError when malformed."""
    if not body.strip():
        return {}
    text = body.decode()  # whatever encoding it declares: what follows must not be written around in UTF-16
    if "<!" in text:  # no document types, so no entities to expand
        raise ValueError("only plain elements are read")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    return {_underscored(root.tag): _value(root)}


def write(root: str, value: object) -> str:
    """Return the value as a document under the named root element."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element(root, value)


def element(name: str, value: object) -> str:
    """Return one element; types are marked as the SDK expects them."""
    tag = name.replace("_", "-")
    kind, content = _marked(value)
    return f"<{tag}{kind}>{content}</{tag}>"


def _marked(value: object) -> tuple[str, str]:
    if value is None:
        return ' nil="true"', ""
    if isinstance(value, bool):
        return ' type="boolean"', str(value).lower()
    if isinstance(value, int):
        return ' type="integer"', str(value)
    if isinstance(value, dict):
        return "", "".join(_children(key, child) for key, child in value.items())
    if isinstance(value, list):
        return ' type="array"', "".join(element("item", child) for child in value)
    if isinstance(value, date):
        return ' type="date"', value.isoformat()
    text = str(value)
    return (' type="datetime"' if INSTANT.fullmatch(text) else ""), escape(text)


def _children(key: str, value: object) -> str:
    # A tuple is a plain repetition of one element, without a list around it.
    if isinstance(value, tuple):
        return "".join(element(key, child) for child in value)
    return element(key, value)


def _value(node: ElementTree.Element) -> object:
    if node.get("type") == "array":
        return [_value(child) for child in node]
    if len(node):
        return {_underscored(child.tag): _value(child) for child in node}
    text = node.text or ""
    if node.get("type") == "boolean":
        return text == "true"
    if node.get("type") == "integer":
        return int(text)
    return text


def _underscored(tag: str) -> str:
    return tag.replace("-", "_")
