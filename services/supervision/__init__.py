"""Supervision (督办): plans, the course of items, clocks, urging, problems, results, returns.

Hears: intake (scope fixed or amended, material sets completed). Says: `contracts.supervision`.
Streams: a matter's, under the matter's own id; one office stream per area.
"""
