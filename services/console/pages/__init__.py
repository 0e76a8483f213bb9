"""The pages, one module for each desk; `routers` is the list of them."""

from importlib import import_module

from fastapi import APIRouter

from services.console.settings import ConsoleSettings

PAGES = (
    "signin",
    "start",
    "then",
    "live",
    "probes",
    "doing",
    "clerk",
    "papers",
    "agent",
    "unit",
    "rating",
    "supervisor",
    "checks",
    "chief",
    "department",
    "admin",
    "agencies",
    "packs",
    "public",
    "complaint",
    "approval",
    "stores",
    "publications",
    "week",
)


def routers(settings: ConsoleSettings) -> list[APIRouter]:
    """Every page; the development sign-in only where it may be."""
    found: list[APIRouter] = []
    for name in PAGES:
        module = import_module(f"services.console.pages.{name}")
        found.append(module.router)
    if settings.development_issuer:
        module = import_module("services.console.pages.signin")
        found.append(module.development)
    return found
