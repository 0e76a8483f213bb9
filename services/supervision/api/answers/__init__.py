"""What does supervision answer?"""
