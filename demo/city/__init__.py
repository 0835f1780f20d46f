"""The invented city: its people, cards and invoices, with dates relative to today."""
