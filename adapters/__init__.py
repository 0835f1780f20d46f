"""One file per neighbour outside: the card gateway, mail, documents, tables."""
