"""What does intake answer?"""
