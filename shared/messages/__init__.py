"""The one room from which messages leave (对外消息): each effect of each event goes out once."""
