"""The only way in: makes an entry durable and ordered, and knows nothing of medicine."""
