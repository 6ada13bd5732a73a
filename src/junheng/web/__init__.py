"""The bureau online: a Django application over the library, one settings file, a room for each part of the work."""
