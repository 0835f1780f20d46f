"""Random secrets that people read aloud or copy from paper."""

import secrets

READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else on the phone


def readable_secret(length: int) -> str:
    """Return so many random letters and digits that can be read aloud: 4.9 bits each."""
    return "".join(secrets.choice(READABLE) for _ in range(length))
