"""Who may see and write what: accounts, sessions, rights, and the audit trail. Pure."""
