"""Pictures where people look rather than read (图)."""

from services.console.pictures.showing import router as router
