"""Result tables: what was measured, decided, planned and compared, ready for workbook, CSV, JSON or a screen."""
