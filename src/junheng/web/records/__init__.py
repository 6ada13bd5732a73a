"""WHO DID WHAT: the append-only audit chain, background jobs, attachments and notifications."""
