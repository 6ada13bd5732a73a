"""The room's verbs: each has an author, is one transaction and leaves a trace."""
