"""What does a witness answer (C2SP tlog-witness): may this checkpoint follow the one it knows?"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.tlog.checkpoint import Checkpoint, read_checkpoint, read_submission
from shared.tlog.merkle import ProofInvalid, check_consistency, suite_of
from shared.tlog.note import NoteInvalid, Signer, Verifier, believed, line


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` as the protocol gives it; `accepted` must be kept before the body is sent.

    `evidence` says that a log's own signature stands under something inconsistent: keep it.
    """

    status: int
    body: str
    accepted: Checkpoint | None = None
    evidence: bool = False


def answered(
    source: str,
    known: Sequence[Verifier],
    kept: Checkpoint | None,
    signers: Sequence[Signer],
    now: int,
) -> Answer:
    """The answer to a submission by a log of the keys `known`, whose last checkpoint is `kept`.

    The caller gives `kept` of the same origin, and swaps it for `accepted` in one step.
    """
    try:
        submission = read_submission(source)
        checkpoint = read_checkpoint(submission.note)
    except NoteInvalid as error:
        return Answer(400, f"{error}\n")
    keys = [one for one in known if one.name == checkpoint.origin]
    if not keys:
        return Answer(404, "this witness does not follow that log\n")
    try:
        believed(submission.note, keys)
    except NoteInvalid as error:
        return Answer(403, f"{error}\n")
    if submission.old > checkpoint.size:
        return Answer(400, "the old size is larger than the checkpoint\n")
    kept = kept or Checkpoint(checkpoint.origin, 0, suite_of(checkpoint.origin).empty)
    if submission.old != kept.size:
        return Answer(409, f"{kept.size}\n")
    try:
        _follows(kept, checkpoint, submission.proof)
    except ProofInvalid as error:
        return Answer(422, f"{error}\n", evidence=True)
    lines = "".join(str(line(submission.note.text, signer, now)) for signer in signers)
    return Answer(200, lines, accepted=checkpoint)


def _follows(kept: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    suite = suite_of(new.origin)
    if new.size == 0 and new.root != suite.empty:
        raise ProofInvalid("an empty tree has another root")
    check_consistency(kept.size, new.size, kept.root, new.root, proof, suite)
