"""The stores' promises kept in memory, for tests, simulations and demonstrations."""
