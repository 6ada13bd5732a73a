"""WHAT IT ADDS UP TO: overview, balance and structure charts, the school map."""
