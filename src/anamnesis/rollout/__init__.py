"""Optional behaviour: who gets it, how far it goes, and the evidence that stops it."""
