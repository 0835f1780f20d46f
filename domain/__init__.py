"""The rules of the house: plain functions over the models. No Flask, no HTML, no gateway SDK."""
