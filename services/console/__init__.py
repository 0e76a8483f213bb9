"""The console: the desks of the people who work, and the film room of those who look after them."""
