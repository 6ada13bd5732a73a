"""The names under which Django looks for formats of this language."""

from junheng.web.interface.formats import DAY, MINUTE

DATE_FORMAT = SHORT_DATE_FORMAT = DAY
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = MINUTE
