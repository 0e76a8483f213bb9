"""What do a server's last words mean for the person who must act."""

from services.onebox.child import Child

DISK_FULL = "磁盘已满：请腾出空间后再启动 · The disk is full: free some space and start again."
NOT_OURS = (
    "文件属于另一用户：请以其所有者启动 · "
    "The files belong to another user: start as the user who owns them."
)
SHORT = "内存不足：请关掉一些程序或加内存 · Memory is short: close something or give the machine more."
REMEDIES = {
    "No space left on device": DISK_FULL,
    "no space left on device": DISK_FULL,
    "Permission denied": NOT_OURS,
    "permission denied": NOT_OURS,
    "Cannot allocate memory": SHORT,
    "could not map anonymous shared memory": SHORT,
}
PORT_TAKEN = ("Address already in use", "address already in use")
STILL_HELD = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


def last_words(child: Child, what: str, lines: int = 12) -> str:
    """A sentence, the remedy where one is known, and the server's own last lines."""
    said = child.said()
    remedy = next((cure for sign, cure in REMEDIES.items() if sign in said), "")
    ending = f"exit code {child.exit_code}" if child.exit_code is not None else "no answer"
    tail = "\n".join(f"  | {line}" for line in said.strip().splitlines()[-lines:])
    return f"{what} ({ending}). {remedy or f'Its log is {child.log}.'}\n{tail}".rstrip()


def port_was_taken(said: str) -> bool:
    return any(sign in said for sign in PORT_TAKEN)


def still_held(said: str) -> bool:
    """After kill -9 the old backends hold the data for a moment: a later start succeeds."""
    return any(sign in said for sign in STILL_HELD)
