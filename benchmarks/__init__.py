"""How fast a save is made durable and read back, beside what the machine itself allows."""
