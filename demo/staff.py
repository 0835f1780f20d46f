"""The city's people in the demonstration, and the six digits that each is asked for: `python -m demo.staff`."""

import time

import pyotp

PEOPLE = {"comptoir": "counter", "finances": "finance", "programmation": "programming", "administration": "admin"}
PASSWORD = "huard tranquille 27"  # noqa: S105
SECRET = "DEMONSTRATIONSEULEMENTPASAILLEUR"  # noqa: S105  # of everybody's phone; the portal takes it of no other database
STEP_SECONDS = 30


def main() -> None:
    """Print the digits that are good now; each account takes them once."""
    left = STEP_SECONDS - int(time.time()) % STEP_SECONDS  # noqa: TID251
    print(f"{pyotp.TOTP(SECRET).now()}  (change dans {left} s, sert une fois par compte)")


if __name__ == "__main__":
    main()
