"""How does a form become a paper like the one a county office uses: filled, printed, checkable?"""
