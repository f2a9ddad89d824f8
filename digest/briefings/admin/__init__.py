"""The desk of the paper."""

from digest.briefings.admin.briefing import BriefingAdmin

__all__ = ["BriefingAdmin"]
