"""Intake (受理): what comes in by any door, whether it is served, how, and with which papers.

Hears: assignment (who may see and act), supervision (a decided item yields a material), archive
(a closed file ends the commission).
Says: `contracts.intake`.
Streams: project; project code; matter; number series (area, year); place (packs, publicity);
consultation (a visitor without a matter); contact (one visitor's first contact); hotline order;
booking; outreach (a project and a rule); story; feed (one batch of another register).
"""
