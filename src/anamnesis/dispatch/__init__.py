"""Sends what was enqueued for people outside the screen: by SMTP, and to a webhook."""
