"""What people do in the room, each verb one transaction with its trace."""
