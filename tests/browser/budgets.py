"""How much may travel. Bytes are those on the wire, headers included, as Chromium counts them."""

FIRST_PAGE_BYTES = 14_600  # one round trip of a new connection: 10 segments of 1,460
FIRST_PAGE_REQUESTS = 2
LATER_PAGE_BYTES = 6_000
FRAGMENT_BYTES = 2_500
SIGN_IN_TO_RECEIPT_BYTES, SIGN_IN_TO_RECEIPT_REQUESTS = 40_000, 12  # an empty cache, card fields left out
CARD_TO_CREDENTIALS_BYTES = 30_000  # the proof of work included
