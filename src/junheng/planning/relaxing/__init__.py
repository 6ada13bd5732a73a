"""What to do when no plan keeps every rule: which rules conflict, how far each must give, which single changes help.

Only questions about an infeasible problem live here. They are answered on one elastic programme that is kept warm
(:mod:`loosening <junheng.planning.relaxing.loosening>`); the sentences are in :mod:`junheng.planning.explaining`.
"""

from junheng.planning.relaxing.changes import Change, ChangeError, apply_changes, read_changes
from junheng.planning.relaxing.diagnose import Alone, Diagnosis, diagnose
from junheng.planning.relaxing.remedies import Remedy, remedies_of, try_changes
from junheng.planning.relaxing.settings import Threshold

__all__ = [
    "Alone",
    "Change",
    "ChangeError",
    "Diagnosis",
    "Remedy",
    "Threshold",
    "apply_changes",
    "diagnose",
    "read_changes",
    "remedies_of",
    "try_changes",
]
