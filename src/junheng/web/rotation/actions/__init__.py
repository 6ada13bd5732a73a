"""What is done in the room: each verb one transaction with its trail."""
