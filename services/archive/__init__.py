"""What is on the file of a matter, in which order, and may it be closed (归档)?

Hears: intake, assignment, supervision, evaluation.
Says: FileOpened, EntryFiled, DocumentFiled, FileChecked, FileClosed, FileHandedOver.
Streams: one file per matter (its id is the matter's), and one per store for what has no matter.
"""
