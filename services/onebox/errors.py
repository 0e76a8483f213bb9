"""What can go wrong with the embedded platform, said in a sentence with the remedy."""


class PlatformError(Exception):
    """The embedded platform cannot run; the message says why and what to do."""


class ServerMissing(PlatformError):
    """No usable PostgreSQL or NATS server was found on this machine."""


class HomeInUse(PlatformError):
    """Another Onefile already runs on the same home directory."""


class ForeignData(PlatformError):
    """The data directory belongs to another server version or lost its password."""


class ServerFailed(PlatformError):
    """A server did not start or did not answer; its own last words are in the message."""
