"""The services (服务): each is one noun, decides alone, and never imports another."""
