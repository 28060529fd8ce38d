"""Who stands behind an entrant."""


def people_of(entrant):
    """The members with their roles and groups, or the one person as a main member."""
    members = entrant.get("members") or []
    if not members:
        return [{**entrant, "member": None, "role": "main"}]
    return [
        {
            **member,
            "member": member["code"],
            "role": member.get("role") or ("assistant" if place else "main"),
            "group": member.get("group") or entrant.get("group") or "worker",
        }
        for place, member in enumerate(members)
    ]


def birth_of(entrant):
    """The birth by which ages are compared."""
    mains = [person for person in people_of(entrant) if person["role"] == "main"]
    return mains[0].get("birth") if mains else None
