"""Tables that people send and take away (表格): read as text or refused, written as text."""
