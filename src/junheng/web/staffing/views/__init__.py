"""What the room shows, a module for each noun."""
