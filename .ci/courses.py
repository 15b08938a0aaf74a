#!/usr/bin/env python3
"""Takes what course systems get of our problems through other people's readers, as far as they are here: QTI 2.1 through
a converter to QTI 3 and back (PyPI's citolab-qti-convert), and QTI 3 through a player in a browser (npm's
@citolab/qti-components), where the key's numbers have to earn everything and others nothing.

    .ci/courses.py target/debug/solve [problems/q3.spec …]
"""

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from lxml import etree

solve = pathlib.Path(sys.argv[1]).resolve()
specs = [pathlib.Path(name).resolve() for name in sys.argv[2:]] or sorted(pathlib.Path("problems").resolve().rglob("*.spec"))
specs = [spec for spec in specs if "errors" not in spec.parts and "variants" not in spec.parts]
PLAYER = "@citolab/qti-components@7.27.4"
# Each reply has an item of its own on the page.
PAGE = """<!doctype html><meta charset="utf-8"><script>%s</script>
%s<pre id="played"></pre><script>
const items = %s;
const later = time => new Promise(done => setTimeout(done, time));
(async () => {
  const came = new Map();
  document.addEventListener("qti-assessment-item-connected", event => {
    const container = event.composedPath().find(one => one.localName === "item-container");
    if (container) came.set(container.id, event.detail);
  });
  await customElements.whenDefined("item-container");
  items.forEach(({xml}, place) => { document.getElementById("item" + place).itemXML = xml });
  for (let left = 1000; left && came.size < items.length; left--) await later(10);
  await later(100);
  const scores = items.map(({reply}, place) => {
    try {
      const item = came.get("item" + place);
      for (const [id, value] of Object.entries(reply)) item.updateResponseVariable(id, value);
      item.processResponse();
      return Number((item._context ?? item.context).variables.find(one => one.identifier === "SCORE").value);
    } catch (error) { return String(error) }
  });
  document.getElementById("played").textContent = JSON.stringify(scores);
})();
</script>"""
# Items of one page.
PAGEFUL = 80


def run(*command, cwd=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))[:400]}\n{done.stdout}{done.stderr}")
    return done.stdout


def declared(path):
    """What a key replies to an item, and how many points there are; an essay has no reply."""
    tree = etree.parse(str(path))
    local = lambda tag: f"//*[local-name()='{tag}' or local-name()='qti-{tag}']"
    replies = {}
    for declaration in tree.xpath(local("responseDeclaration") + " | " + local("response-declaration")):
        value = declaration.xpath(".//*[local-name()='value' or local-name()='qti-value']")
        if value:
            replies[declaration.get("identifier")] = (value[0].text, declaration.get("baseType") or declaration.get("base-type"))
    most = tree.xpath(f"{local('outcomeDeclaration')}[@identifier='MAXSCORE'] | {local('outcome-declaration')}[@identifier='MAXSCORE']")
    return replies, float(most[0].xpath("string(.)").strip())


def items_of(folder):
    return {path.stem: path for path in sorted(folder.rglob("*.xml")) if path.name != "imsmanifest.xml"}


def converted(folder):
    """To QTI 3 and back: no item is lost, and no reply."""
    run(solve, "-q", "export", "qti", *specs, "-o", folder / "two")
    for direction, ours, theirs in [("upgrade", "two", "three"), ("downgrade", "three", "back")]:
        run(pathlib.Path(sys.executable).with_name("qti-convert"), direction, folder / ours, folder / theirs)
    two, three, back = (items_of(folder / name) for name in ["two", "three", "back"])
    assert len(two) == len(specs), (len(two), len(specs))
    for name, path in two.items():
        mine = declared(path)
        for other in [three, back]:
            assert declared(other[name]) == mine, (name, mine, declared(other[name]))
    print(f"qti-convert: {len(two)} items of QTI 2.1 are QTI 3, and the same again as QTI 2.1")
    return three


def played(folder, three):
    browser = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if not browser or not shutil.which("npm"):
        print("not tried: a player of QTI 3, for which there have to be npm and Chromium")
        return
    fetched = subprocess.run(["npm", "install", "--no-audit", "--no-fund", PLAYER], cwd=folder, capture_output=True, timeout=300)
    if fetched.returncode:
        print("not tried: npm does not give the player of QTI 3 here")
        return
    script = (folder / "node_modules/@citolab/qti-components/cdn/index.global.js").read_text(encoding="utf-8")
    script = script.replace("</script", "<\\/script")
    items, expected = [], []
    for name, path in three.items():
        replies, most = declared(path)
        if replies:
            right = {id: value for id, (value, _) in replies.items()}
            wrong = {
                id: str(float(value) * 3 + 4711) if kind == "float" else "not" if value == "holds" else "holds"
                for id, (value, kind) in replies.items()
            }
            text = re.sub(r"^<\?xml.*?\?>\s*", "", path.read_text(encoding="utf-8"))
            items += [{"xml": text, "reply": reply} for reply in [right, wrong]]
            # This player rounds after each sum, to a thousandth.
            slack = 0.0006 * len(replies)
            expected += [(name, most, slack), (name, 0, 0)]
    page, scores = folder / "player.html", []
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    for start in range(0, len(items), PAGEFUL):
        some = items[start : start + PAGEFUL]
        places = "".join(f'<qti-item><item-container id="item{place}"></item-container></qti-item>' for place in range(len(some)))
        page.write_text(PAGE % (script, places, json.dumps(some).replace("</", "<\\/")), encoding="utf-8")
        told = run(*command, "--virtual-time-budget=60000", "--dump-dom", page.as_uri())
        found = re.search(r'<pre id="played">(\[.*?\])</pre>', told, re.S)
        assert found, "the player told nothing"
        scores += json.loads(html.unescape(found[1]))
    close = lambda own, most, slack: isinstance(own, (int, float)) and abs(own - most) <= slack + 1e-9
    faults = [(*one, own) for one, own in zip(expected, scores) if not close(own, *one[1:])]
    assert not faults, f"{len(faults)} of {len(expected)}: {faults[:5]}"
    print(f"a player of QTI 3: {len(items) // 2} items give all points to the key's replies and none to wrong ones")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    played(folder, converted(folder))
