"""Who serves in a place: the roster as one table, and the posts the pack wants filled (队伍)."""

from services.onebox.demo.scene import Scene
from services.onebox.people import Person

COLUMNS = ("姓名", "单位", "岗位角色", "人员代号")


async def gather(scene: Scene) -> None:
    """The roster comes in as a table, sole posts are filled, and what is vacant is told."""
    await scene.heading("队伍", "the roster as one table, posts filled")
    keeper = scene.able("keep_roster") or scene.must("office")
    people = [person for person in scene.demo.people if _serves(scene, person)]
    table = "\n".join([",".join(COLUMNS), *(_row(scene, one) for one in people)])
    taken = await scene.walk.send_table(
        "admin", "assignment", f"/roster-imports?area={scene.area}", table.encode()
    )
    await scene.tell("admin", f"导入花名册 roster imported：{taken['rows']} 人")
    for slot, person in _sole_posts(scene):
        post = {"area": scene.area, "slot": slot, "person": scene.walk.id(person)}
        await scene.walk.make(keeper, "assignment", "/posts", post)
        await scene.tell(keeper, f"任岗 post filled：{scene.walk.people[person].post}")
    found = await scene.walk.read(keeper, "assignment", "/teams", area=scene.area)
    vacant = sum(place["missing"] for team in found["teams"] for place in team["places"])
    teams = len(found["teams"])
    await scene.tell(keeper, f"队伍 {teams} 支，空缺 {vacant} 个 teams, places still vacant")


def _serves(scene: Scene, person: Person) -> bool:
    """Staff in a post of the pack; administrators, archives and units stand on no roster."""
    posts = {role.canonical for role in scene.pack.roles}
    bodies = {body.id for body in scene.pack.bodies}
    return bool(bodies & set(person.bodies[:1])) and bool(posts & set(person.roles))


def _row(scene: Scene, person: Person) -> str:
    body = scene.pack.body(person.bodies[0]).id
    return ",".join((person.zh, body, "、".join(person.roles), person.id))


def _sole_posts(scene: Scene) -> list[tuple[str, str]]:
    """The slots with one holder for the place or for a body, and whom we have for them."""
    return [
        (slot.id, person)
        for slot in scene.pack.team.slots
        if slot.max == 1 and slot.per in ("place", "body")
        for person in scene.holders(slot.role)
        if not slot.bodies or set(slot.bodies) & set(scene.walk.people[person].bodies)
    ]
