"""HOW IT LOOKS: the page frame, lists, charts and template tags that every room uses; knows no room."""
