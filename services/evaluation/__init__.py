"""Evaluation (评价): what the unit thought of the service, and what came of it.

Hears: supervision (results delivered), intake (who asks, who is eligible). Says: evaluation.*.
Streams: a matter, an office per area.
"""
