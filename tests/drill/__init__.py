"""`make drill`: from a bare Debian to a served portal by the guide's words, then what a town may live through."""
