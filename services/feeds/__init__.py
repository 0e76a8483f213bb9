"""Feeds 订阅: what other agencies receive, each its own stream, its own view, its own door.

It decides nothing about matters. It hears every service, and gives each agency what its
agreement in `agencies.yaml` names, and nothing else.
"""
