"""The pagination member that lists have in the OpenAPI dialect (schemas/pagination.json)."""


def pagination(page: int, limit: int, total: int) -> dict[str, int | bool]:
    """Where a page stands among `total` entries."""
    return {"page": page, "limit": limit, "total": total, "has_more": page * limit < total}
