"""On the road (在路上): what an agent takes along on the phone, and what is kept there until sent."""

from fastapi import APIRouter

from services.console.road import sending, showing

router = APIRouter()
router.include_router(sending.router)
router.include_router(showing.router)
