"""What may an agency receive, and in which form: decided by data alone."""
