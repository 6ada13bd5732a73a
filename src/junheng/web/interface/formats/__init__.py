"""How a day and a time are written on every page, in every language: as in files, so that a reader finds them again."""

DAY = "Y-m-d"
MINUTE = "Y-m-d H:i"
