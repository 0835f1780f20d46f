"""`flask …`: what the person who runs the portal types."""
