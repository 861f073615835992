"""What is signed, and how anyone verifies it without us (pure; no clock, no disk, no network)."""
