"""The film room (片场): the history of a matter to be looked at, stepped through and proved."""

from fastapi import APIRouter

from services.console.film import auditing, showing

router = APIRouter()
router.include_router(showing.router)
router.include_router(auditing.router)
