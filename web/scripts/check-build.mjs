// Fails unless the committed files of bot/static are exactly what the sources build.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const committed = join(web, "../bot/static");
const fresh = mkdtempSync(join(tmpdir(), "heyu-static-"));

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

try {
  const vite = join(web, "node_modules/vite/bin/vite.js");
  const env = { ...process.env, HEYU_STATIC: fresh };
  const built = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: web,
    env,
    stdio: "inherit",
  });
  if (built.status !== 0) process.exit(1);
  const names = [...new Set([...files(fresh), ...(existsSync(committed) ? files(committed) : [])])];
  const same = (name) =>
    existsSync(join(fresh, name)) &&
    existsSync(join(committed, name)) &&
    readFileSync(join(fresh, name)).equals(readFileSync(join(committed, name)));
  const different = names.filter((name) => !same(name));
  if (different.length > 0) {
    console.error(`bot/static is not what web/ builds; run "npm run build": ${different.join(", ")}`);
    process.exitCode = 1;
  } else {
    console.log(`bot/static is what web/ builds: ${names.length} files`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
