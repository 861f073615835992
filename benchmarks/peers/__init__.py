"""Other products under the same load, each in an environment of its own (requirements.lock)."""
