"""In which zone are legal days counted?"""

from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
"""Legal days are counted here; instants are UTC."""
