"""Assignment (派单): who is on the roster, where a matter goes, and who is answerable for it.

Hears: intake (accepted, scope, mode), supervision (items struck off). Says: assignment.*.
Streams: a roster per area, a matter.
"""
