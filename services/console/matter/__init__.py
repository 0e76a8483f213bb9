"""The matter page (办件页): facts, parties, items, materials, problems, file, and what can be done."""

from services.console.matter.showing import router as router
