"""The command line: reads files, calls the library, writes files. No rule of the field lives here."""
