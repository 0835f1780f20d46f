"""What Node's tools say of the pages: `make validate` and `make lighthouse`. Not part of the tests: they need Node."""
