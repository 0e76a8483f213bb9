"""How fast is the event store beside its peers, measured in one run on one machine?"""
