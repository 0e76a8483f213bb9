"""What does archive answer?"""
