"""A stand-in for Braintree: it answers the same calls and moves no money."""
