"""What tests of every service lean on; nothing that runs imports it."""
