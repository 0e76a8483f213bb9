"""How is each peer driven, one process and one JSON line a measurement?"""
