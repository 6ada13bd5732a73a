"""WHO MOVES: a county's rotation year, from the notice to the archive.

A :class:`~junheng.web.rotation.models.RotationYear` runs through dated phases that open and close by themselves
(:mod:`~junheng.web.rotation.cycle`). The rules are those of its policy pack, which is kept with the year as it was; the
facts are those of a snapshot. Verdicts, plans and checks come from the library, none are made here.
"""
