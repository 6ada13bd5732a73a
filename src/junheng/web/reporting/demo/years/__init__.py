"""The rotation years of the demo's county: one is over, one in service, one in planning, each played on its days."""

from junheng.web.reporting.demo.years.timetable import Days, play_years

__all__ = ["Days", "play_years"]
