"""Where do the bytes of documents live, and what must be true before one is believed or served?"""
