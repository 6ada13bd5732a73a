"""What the room asks for."""
