"""MANY COUNTIES: a province or a sample of the country planned county by county, on one machine or on a cluster.

Here live what goes to a worker and comes back, the folder that a run fills and resumes from, Dask, and the tables and
the map of all counties. A county is planned by :mod:`junheng.planning`; no rule and no solver belongs here. Dask is the
extra ``cluster`` and is imported only where it is used.
"""
