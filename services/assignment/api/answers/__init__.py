"""What does assignment answer?"""
