"""Templates whose sentences without values are written once, when a template is compiled, and addresses remembered.

French is the source and the only language: a page of thirty sentences asked for each of them at each request.
"""

from collections.abc import Callable

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class Folding(Environment):
    """Flask's environment, which folds sentences."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Fold().visit(super()._parse(source, name, filename))
        return tree


class _Fold(NodeTransformer):
    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802  # jinja2 names it so
        self.generic_visit(node)
        is_sentence = isinstance(node.node, nodes.Name) and node.node.name == "_"
        if not is_sentence or node.kwargs or node.dyn_kwargs or not isinstance(node.args[0], nodes.Const):
            return node
        return nodes.Const(Markup(node.args[0].value % {}), lineno=node.lineno)  # noqa: S704  # ours, as gettext gives it


def remembering(url_for: Callable[..., str]) -> Callable[..., str]:
    """Make of a url_for one that remembers the addresses that need no value."""
    known: dict[str, str] = {}

    def address(endpoint: str, **values: str | int | None) -> str:
        if values or endpoint.startswith("."):
            return url_for(endpoint, **values)
        if endpoint not in known:
            known[endpoint] = url_for(endpoint)
        return known[endpoint]

    return address
