"""Assignment (派单): who is on the roster, where a matter goes, and who is answerable for it.

Hears: intake (requested, accepted, scope, mode, project), supervision (items struck off).
Says: assignment.*.
Streams: a roster per area, a matter.
"""
