"""How the gateway says no: status 422, with codes that the SDK hands on."""


class Refusal(Exception):
    """Tried something the gateway answers with 422; nothing was changed."""

    def __init__(self, where: str, attribute: str, code: str, message: str) -> None:
        super().__init__(message)
        self.problems = [(where, attribute, code, message)]

    def also(self, where: str, attribute: str, code: str, message: str) -> "Refusal":
        """Add one more problem."""
        self.problems.append((where, attribute, code, message))
        return self

    @property
    def message(self) -> str:
        """Return all the problems in one text."""
        return "\n".join(problem[3] for problem in self.problems)

    def errors(self) -> dict:
        """Return the problems nested by object, as the SDK reads them ("transaction.credit_card")."""
        tree: dict = {"errors": []}
        for where, attribute, code, message in self.problems:
            node = tree
            for step in where.split("."):
                node = node.setdefault(step, {"errors": []})
            node["errors"].append({"attribute": attribute, "code": code, "message": message})
        return tree


def card_refusal(where: str, problems: list[tuple[str, str, str]]) -> Refusal:
    """Return the refusal of a typed card, from what rules.card_errors found."""
    refusal = Refusal(where, *problems[0])
    for problem in problems[1:]:
        refusal.also(where, *problem)
    return refusal
