"""Is every item on its way, and who moves it when it is not (督办)?"""
