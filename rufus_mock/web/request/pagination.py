"""The pagination member that lists have in the OpenAPI dialect (schemas/pagination.json)."""


def pagination(page: int, limit: int, total: int, has_more: bool | None = None) -> dict[str, int | bool]:
    """Where a page stands among `total` entries. has_more: whether pages follow, if not every page before is full."""
    if has_more is None:
        has_more = page * limit < total
    return {"page": page, "limit": limit, "total": total, "has_more": has_more}
